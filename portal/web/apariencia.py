"""How a person sees the portal: theme and size of letter, in a cookie the server reads so that the first paint is right."""

import hashlib
from dataclasses import dataclass

from flask import Flask, Response, g, request, url_for

from portal.web.departamento import departamento_actual
from portal.web.temas import TEMAS, hoja

COOKIE = "apariencia"
# Steps of the letter and how they are called; portal.css says how large each is.
LETRAS = {-1: "Pequeña", 0: "Normal", 1: "Mediana", 2: "Grande", 3: "Muy grande", 4: "El doble"}
LETRA_MINIMA, LETRA_MAXIMA = min(LETRAS), max(LETRAS)
_UN_ANO = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Apariencia:
    """`tema` is empty when the device decides; `letra` counts steps of size around the usual one."""

    tema: str = ""
    letra: int = 0

    def con(self, *, tema: str | None, letra: str | None) -> "Apariencia":
        """This one with what was asked; whatever nobody offers changes nothing."""
        return Apariencia(
            tema=tema if tema in ("", *TEMAS) and tema is not None else self.tema,
            letra=_letra(letra) if letra else self.letra,
        )


def apariencia_actual() -> Apariencia:
    """What the visitor chose, read once a request."""
    if "apariencia" not in g:
        tema, _, letra = request.cookies.get(COOKIE, "").partition(".")
        g.apariencia = Apariencia().con(tema=tema, letra=letra)
    elegida: Apariencia = g.apariencia
    return elegida


def recordar(respuesta: Response, elegida: Apariencia) -> None:
    """Keep the choice for a year, on this device."""
    respuesta.set_cookie(
        COOKIE,
        f"{elegida.tema}.{elegida.letra}",
        max_age=_UN_ANO,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure,
    )


def _letra(texto: str) -> int:
    try:
        return min(max(int(texto[:3]), LETRA_MINIMA), LETRA_MAXIMA)
    except ValueError:
        return 0


def hoja_de_colores() -> str:
    """The sheet of this installation's department."""
    return hoja(departamento_actual().tema)


def init_app(app: Flask) -> None:
    """Give every template what was chosen, and the address of the colours with a hash of their content."""
    with app.app_context():
        huella = hashlib.sha256(hoja_de_colores().encode()).hexdigest()[:12]
    app.jinja_env.globals.update(
        apariencia=apariencia_actual,
        letra_limites=(LETRA_MINIMA, LETRA_MAXIMA),
        hoja_de_colores=lambda: url_for("apariencia.colores", v=huella),
    )
