"""Whose pages an account may open: staff every agent's, an agent its own."""

from portal.models import Agente
from portal.models.usuario import Rol
from portal.operaciones.agentes import registro
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma


def abrir(codigo: str, departamento: str, *, firma: Firma) -> Agente | None:
    """The agent behind a code; None, written down, when the account works for another. Raises `NoExiste` for no agent's.

    Nothing is raised for another's: the edge must commit what was written down before it answers as if nothing were there.
    """
    agente = registro.por_codigo(codigo, departamento)
    if firma.usuario.rol is not Rol.AGENTE or firma.usuario.agente_id == agente.id:
        return agente
    anotar(
        "agente.acceso_ajeno",
        f"agente:{agente.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        suyo=firma.usuario.agente_id,
    )
    return None
