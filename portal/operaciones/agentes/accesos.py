"""Who reaches an agent's months and papers: its own people and the department's; whoever else asks is noted."""

from portal.models import Agente
from portal.models.usuario import Rol
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma


def es_ajeno(agente: Agente, firma: Firma) -> bool:
    """Whether an account of an agent asks for what is another's."""
    return firma.usuario.rol is Rol.AGENTE and firma.usuario.agente_id != agente.id


def anotar_ajeno(agente: Agente, direccion: str, *, firma: Firma) -> None:
    """Note that an account of an agent asked for `direccion`, which is of another. The caller answers that there is nothing."""
    anotar(
        "acceso_ajeno",
        f"agente:{agente.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        direccion=direccion[:200],
        entidad=firma.usuario.agente_id,
    )
