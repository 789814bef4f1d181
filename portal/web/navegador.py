"""Which browser on which system asks, in words that its person recognises and that tell little else."""

from collections.abc import Sequence

from flask import request

# In this order: many say that they are another one too.
_NAVEGADORES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SISTEMAS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def navegador_en_palabras() -> str:
    """`Firefox en Windows`; what nobody knows is said as such. Versions and everything else that a browser tells are left."""
    dicho = request.user_agent.string
    return f"{_primero(dicho, _NAVEGADORES, 'Otro navegador')} en {_primero(dicho, _SISTEMAS, 'otro sistema')}"


def _primero(dicho: str, senas: Sequence[tuple[str, str]], omision: str) -> str:
    return next((nombre for sena, nombre in senas if sena in dicho), omision)
