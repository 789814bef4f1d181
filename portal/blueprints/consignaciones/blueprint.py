"""What the pages of deposits share: their words, and the month that every page of an agent may include."""

from datetime import date
from typing import Any

from flask import Blueprint

from portal.dominio.casos import edad_en_palabras
from portal.dominio.consignaciones import PORQUES
from portal.models import Agente, Consignacion
from portal.models.usuario import Rol
from portal.operaciones.agentes import colas_consignaciones
from portal.operaciones.agentes.colas_consignaciones import MesConsignado
from portal.web.acceso import ingreso_como
from portal.web.reloj import ahora

bp = Blueprint("consignaciones", __name__, url_prefix="/gestion")


@bp.app_template_global()
def consignado_en(agente: Agente, mes: date) -> MesConsignado:
    """The deposits of an agent for a month, for `agentes/_consignaciones.html`."""
    return colas_consignaciones.del_mes(agente, mes)


@bp.context_processor
def palabras() -> dict[str, Any]:
    """How templates say why a line resembles a deposit, how long one waits, and whether this account acts or only reads."""
    return {
        "porques": PORQUES,
        "espera": espera_de,
        "actua": ingreso_como(Rol.TESORERIA),
    }


def espera_de(una: Consignacion) -> str:
    """How long a deposit has waited: for treasury since it was sent, for the bank's line since it was accepted."""
    return edad_en_palabras(una.resuelta_en or una.enviada_en, ahora())
