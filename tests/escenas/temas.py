"""How a browser asks for each theme: by its device's preference, and by the cookie that the portal keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

TEMAS: dict[str, dict[str, Any]] = {
    "claro": {"color_scheme": "light", "contrast": "no-preference"},
    "oscuro": {"color_scheme": "dark", "contrast": "no-preference"},
    "contraste": {"color_scheme": "dark", "contrast": "more"},
}
COOKIE = "apariencia"


@contextmanager
def vestido(navegador: Browser, tema: str, ancho: int = 1280, *, javascript: bool = True) -> Iterator[Page]:
    """A page of a browser of its own that sees the portal in a theme."""
    contexto = navegador.new_context(
        viewport={"width": ancho, "height": 800},
        reduced_motion="reduce",
        locale="es-CO",
        java_script_enabled=javascript,
        **TEMAS[tema],
    )
    # The step of the letter's size goes after the dot.
    contexto.add_cookies([{"name": COOKIE, "value": f"{tema}.0", "url": "http://127.0.0.1"}])
    try:
        yield contexto.new_page()
    finally:
        contexto.close()
