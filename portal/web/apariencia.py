"""How a person sees the portal: theme and size of letter, in a cookie the server reads so that the first paint is right."""

import hashlib
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request, url_for

from portal.web.destino import pagina_propia
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


def volver() -> str:
    """The page that is being seen, to come back to: with its filters, or where its form begins."""
    return pagina_propia(request.full_path.rstrip("?") if request.method == "GET" else request.path)


def _letra(texto: str) -> int:
    try:
        return min(max(int(texto[:3]), LETRA_MINIMA), LETRA_MAXIMA)
    except ValueError:
        return 0


@dataclass(frozen=True)
class HojaDeColores:
    """The sheet of this installation's department and the hash of its content."""

    texto: str
    huella: str


def hoja_de_colores() -> HojaDeColores:
    """The one that was made when the portal started."""
    hecha: HojaDeColores = current_app.extensions["colores"]
    return hecha


def init_app(app: Flask) -> None:
    """Give every template what was chosen, and the address of the colours with a hash of their content."""
    texto = hoja(app.extensions["departamento"].tema)
    app.extensions["colores"] = HojaDeColores(texto, hashlib.sha256(texto.encode()).hexdigest()[:12])
    app.jinja_env.globals.update(
        apariencia=apariencia_actual,
        volver=volver,
        letra_limites=(LETRA_MINIMA, LETRA_MAXIMA),
        direccion_de_colores=lambda: url_for("apariencia.colores", v=hoja_de_colores().huella),
    )
