"""`/ingresar` and what is under it."""

from typing import Any

from flask import Blueprint, make_response

from portal.operaciones.usuarios import IngresoDemorado

bp = Blueprint("login", __name__)


def demorada(pagina: str, error: IngresoDemorado) -> Any:
    """A page that says to wait, and for how long in the header too."""
    respuesta = make_response(pagina, 429)
    respuesta.headers["Retry-After"] = str(error.segundos)
    return respuesta
