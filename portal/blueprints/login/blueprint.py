"""`/ingresar` and what is under it."""

from typing import Any

from flask import Blueprint, make_response, request, url_for

from portal.operaciones.usuarios import IngresoDemorado
from portal.web.destino import pagina_propia

bp = Blueprint("login", __name__)
# Where the browser keeps the token of a sign-in that waits for its second factor.
PENDIENTE = "ingreso_pendiente"


def demorada(pagina: str, error: IngresoDemorado) -> Any:
    """A page that says to wait, and for how long in the header too."""
    respuesta = make_response(pagina, 429)
    respuesta.headers["Retry-After"] = str(error.segundos)
    return respuesta


def destino() -> str:
    """Where to go after signing in: the page of staff that was asked for, with its filters, or the work list."""
    pagina = pagina_propia(request.args.get("siguiente", ""))
    return pagina if pagina.startswith("/gestion") else url_for("gestion.inicio")
