"""Answers travel compressed when the browser can and nobody else can learn anything from their size.

Pages are compressed as they leave; files of `static` are compressed once, as hard as possible, and kept in memory. What is
downloaded (PDF, XLSX, ZIP, CSV) or streamed passes untouched.
"""

import gzip
import re
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

# In order of preference.
CODIFICACIONES = ("br", "gzip")
# Types worth it; a font or a picture is compressed already, or nobody on the web reads it.
COMPRIMIBLES = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/manifest+json"})
# Below this the headers weigh more than what is saved.
MINIMO = 256
# What only the people who write the files need: comments, margins, and the blanks of a sheet that separate nothing.
_SOBRA = {
    ".css": re.compile(r"/\*.*?\*/|(?<=[{};:,\n])\s+|\s+(?=[{}])", re.DOTALL),
    ".js": re.compile(r"^\s*(//.*)?\n|^[ \t]+", re.MULTILINE),
}
AJENOS = "vendor"


def init_app(app: Flask) -> None:
    """Compress every page on its way out."""
    app.after_request(_comprimir_pagina)


def negociada() -> str | None:
    """The coding that the browser likes best, or None to answer as it is (RFC 9110, 12.5.3).

    Who accepts nothing that exists gets the answer as it is: a page is of more use than a refusal.
    """
    return _mejor(request.headers.get("Accept-Encoding", ""))


# A few browsers say it in a few ways.
@lru_cache(maxsize=256)
def _mejor(dicho: str) -> str | None:
    acepta = parse_accept_header(dicho)
    como_es = acepta.quality("identity")
    # `max` keeps the first of equals, so Brotli wins a tie; what is refused (`;q=0`) or not named has quality 0.
    mejor = max(CODIFICACIONES, key=acepta.quality)
    return mejor if acepta.quality(mejor) > 0 and acepta.quality(mejor) >= como_es else None


def comprimir(cuerpo: bytes, codificacion: str, *, una_vez: bool = False) -> bytes:
    """`cuerpo` in that coding; slowly and well when it is done `una_vez`. The same bytes always give the same bytes."""
    if codificacion == "br":
        return bytes(brotli.compress(cuerpo, mode=brotli.MODE_TEXT, quality=11 if una_vez else 5))
    return gzip.compress(cuerpo, 9 if una_vez else 6, mtime=0)


@lru_cache(maxsize=8)
def _para_siempre(cuerpo: bytes, codificacion: str) -> bytes:
    return comprimir(cuerpo, codificacion, una_vez=True)


def copia(ruta: Path, codificacion: str) -> bytes:
    """A file of `static` in that coding, made once and again only when the file changes."""
    return _copia(ruta, ruta.stat().st_mtime_ns, codificacion)


@lru_cache(maxsize=64)
def _copia(ruta: Path, _cambio: int, codificacion: str) -> bytes:
    texto = ruta.read_text(encoding="utf-8")
    propio = AJENOS not in ruta.parts
    return comprimir((sin_adornos(texto, ruta.suffix) if propio else texto).encode(), codificacion, una_vez=True)


def sin_adornos(texto: str, tipo: str) -> str:
    """A style sheet or script of ours without its comments and margins; those of others stay as published."""
    return _SOBRA[tipo].sub("", texto) if tipo in _SOBRA else texto


def _comprimir_pagina(respuesta: Response) -> Response:
    if respuesta.mimetype not in COMPRIMIBLES or request.endpoint == "static":
        return respuesta
    # As text: as a set, the header is read and written anew each time.
    varia = respuesta.headers.get("Vary")
    respuesta.headers["Vary"] = f"{varia}, Accept-Encoding" if varia else "Accept-Encoding"
    codificacion = negociada()
    if codificacion is None or not _cabe_comprimir(respuesta) or _la_causo_otro_sitio():
        return respuesta
    de_todos = "immutable" in respuesta.headers.get("Cache-Control", "")
    respuesta.set_data((_para_siempre if de_todos else comprimir)(respuesta.get_data(), codificacion))
    respuesta.content_encoding = codificacion
    return respuesta


def _cabe_comprimir(respuesta: Response) -> bool:
    """Whether there is a whole body in memory, large enough, that nothing else encoded, cut or means to be kept as a file."""
    entera = respuesta.status_code >= 200 and respuesta.status_code not in (204, 206, 304)
    en_memoria = respuesta.is_sequence and not respuesta.direct_passthrough
    ajena = respuesta.content_encoding or "Content-Disposition" in respuesta.headers
    return entera and en_memoria and not ajena and (respuesta.calculate_content_length() or 0) >= MINIMO


def _la_causo_otro_sitio() -> bool:
    """Whether somebody else's page may have made this browser ask, with its cookie (BREACH).

    Only then can a stranger choose a part of a page that holds secrets and watch its size. A browser that does not say who
    asked is not believed; a first visit has no cookie.
    """
    return "Cookie" in request.headers and request.headers.get("Sec-Fetch-Site") not in ("same-origin", "none")
