"""What the pages of validation share: who acts, and how their templates name what was done."""

from typing import Any

from flask import Blueprint

from portal.models.usuario import Rol
from portal.web.acceso import ingreso_como

bp = Blueprint("validacion", __name__, url_prefix="/gestion/validacion")
# Who may read an adhesion: treasury, when the bank takes back the payment of what was used; and those who watch.
LEEN = (Rol.FUNCIONARIO, Rol.TESORERIA, Rol.AUDITOR, Rol.ADMINISTRADOR)


@bp.context_processor
def quien() -> dict[str, Any]:
    """Whether this account uses stamps or only reads what was done."""
    return {"actua": ingreso_como(Rol.FUNCIONARIO)}
