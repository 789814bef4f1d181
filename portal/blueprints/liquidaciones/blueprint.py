"""What the pages of liquidaciones share: who reads, who assesses, and the one door to a liquidación by its code."""

from flask import Blueprint

from portal.models import Liquidacion
from portal.models.usuario import Rol
from portal.operaciones import liquidaciones
from portal.operaciones.agentes.alcance import exigir_visible
from portal.web.acceso import quien_ingreso

bp = Blueprint("liquidaciones", __name__, url_prefix="/gestion/liquidaciones")
# An agent enters to what is its own alone; recognitions are the department's.
LEEN_RECONOCIMIENTOS = (Rol.RENTAS, Rol.ADMINISTRADOR, Rol.AUDITOR)
LEEN = (*LEEN_RECONOCIMIENTOS, Rol.AGENTE)
LIQUIDAN = (Rol.RENTAS, Rol.AGENTE)


def pedida(codigo: str) -> Liquidacion:
    """The liquidación that an address names. Raises `NoExiste`; `Ajeno`, which is kept, for one that is not the asker's."""
    hallada = liquidaciones.por_codigo(codigo)
    exigir_visible(hallada, quien_ingreso())
    return hallada


def puede_liquidar() -> bool:
    """Whether whoever signed in assesses."""
    return quien_ingreso().rol in LIQUIDAN
