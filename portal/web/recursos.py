"""Static files: their address carries a hash of their content, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_from_directory

from portal.web.acceso import usuario_actual
from portal.web.compresion import COMPRIMIBLES, MINIMO, copia, negociada

_PARA_SIEMPRE = "public, max-age=31536000, immutable"
# Under another address than its own a file may change: the browser asks each time, and is mostly told that it did not.
_PREGUNTANDO = "public, no-cache"


def init_app(app: Flask) -> None:
    """Add `v=<hash>` to every `url_for("static", …)`, serve those compressed, and give templates the signed-in account."""
    raiz = Path(app.static_folder or "")

    @app.url_defaults
    def con_huella(endpoint: str, valores: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in valores:
            valores["v"] = huella(raiz / valores["filename"])

    app.view_functions["static"] = lambda filename: _servir(raiz, filename)
    app.jinja_env.globals["usuario_actual"] = usuario_actual


def huella(ruta: Path) -> str:
    """Twelve characters that change when the content of a file does."""
    return _huella(ruta, ruta.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _huella(ruta: Path, _cambio: int) -> str:
    return hashlib.sha256(ruta.read_bytes()).hexdigest()[:12]


def _servir(raiz: Path, filename: str) -> Response:
    """A static file: whole and compressed, or in parts and as it is, because a range counts the bytes of the file."""
    respuesta = send_from_directory(raiz, filename)
    ruta = raiz / filename
    if respuesta.mimetype in COMPRIMIBLES:
        codificacion = None if "Range" in request.headers else negociada()
        if respuesta.status_code == 200 and codificacion and ruta.stat().st_size >= MINIMO:
            respuesta = _comprimida(respuesta, ruta, codificacion)
        respuesta.vary.add("Accept-Encoding")
    respuesta.headers["Cache-Control"] = cuanto_se_guarda(huella(ruta))
    return respuesta


def cuanto_se_guarda(huella_actual: str) -> str:
    """For ever when the address that was asked for has the hash of what it holds now; else asking each time."""
    return _PARA_SIEMPRE if request.args.get("v") == huella_actual else _PREGUNTANDO


def _comprimida(original: Response, ruta: Path, codificacion: str) -> Response:
    """The copy in that coding, with a mark of its own: one mark for two strings of bytes would mix them in a cache."""
    original.close()
    respuesta = Response(copia(ruta, codificacion), mimetype=original.mimetype)
    respuesta.content_encoding = codificacion
    respuesta.last_modified = original.last_modified
    respuesta.set_etag(f"{huella(ruta)}-{codificacion}")
    respuesta.make_conditional(request)
    return respuesta
