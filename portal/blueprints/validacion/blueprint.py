"""What the pages of validation share: who acts, and how their templates name what was done."""

from typing import Any

from flask import Blueprint, request

from portal.models.usuario import Rol
from portal.operaciones.ordenes import Firma
from portal.web.acceso import quien_ingreso
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id

bp = Blueprint("validacion", __name__, url_prefix="/gestion/validacion")
# Who may read an adhesion: treasury, when the bank takes back the payment of what was used; and those who watch.
LEEN = (Rol.FUNCIONARIO, Rol.TESORERIA, Rol.AUDITOR, Rol.ADMINISTRADOR)


@bp.context_processor
def quien() -> dict[str, Any]:
    """Whether this account uses stamps or only reads what was done."""
    return {"actua": quien_ingreso().rol is Rol.FUNCIONARIO}


def firma() -> Firma:
    """Who acts, when, in which request."""
    return Firma(quien_ingreso(), ahora(), peticion_id())


def pagina_pedida() -> int:
    """The page of a list; the first one for anything that is not a number."""
    texto = request.args.get("pagina", "")
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 6 else 1
