"""Where a page may send a browser on: only to pages of this portal."""

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException


def pagina_propia(direccion: str) -> str:
    """`direccion` when it is a path of this portal that answers GET, with or without query; else nothing."""
    # One slash only: two would name another server. What cannot be written in an address was not one.
    if not direccion.startswith("/") or direccion.startswith(("//", "/\\")) or not direccion.isprintable():
        return ""
    try:
        partes = urlsplit(direccion)
        current_app.url_map.bind("").match(partes.path, method="GET")
    except (ValueError, HTTPException):
        return ""
    # A fragment, or anything that a browser reads otherwise than we do, is not carried along.
    return direccion if direccion == partes.path + (f"?{partes.query}" if partes.query else "") else ""
