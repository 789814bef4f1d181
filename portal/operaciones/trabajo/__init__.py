"""What waits for one account, by its role: a row for each queue, in one grouped statement of each area."""

from collections.abc import Callable, Mapping

from portal.dominio.trabajo import Pendiente, ordenar
from portal.models import Usuario
from portal.models.usuario import Rol
from portal.operaciones.trabajo import administrador, agente, auditor, dependencia, rentas, tesoreria
from portal.operaciones.trabajo.jornada import Jornada

__all__ = ["Jornada", "pendientes_de"]

_DE: Mapping[Rol, Callable[[Usuario, Jornada], list[Pendiente]]] = {
    Rol.TESORERIA: tesoreria.pendientes,
    Rol.RENTAS: rentas.pendientes,
    Rol.FUNCIONARIO: dependencia.pendientes,
    Rol.AGENTE: agente.pendientes,
    Rol.ADMINISTRADOR: administrador.pendientes,
    Rol.AUDITOR: auditor.pendientes,
}


def pendientes_de(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """The queues with something for that person, the most urgent first. What waits for another person is not in them."""
    return ordenar(_DE[usuario.rol](usuario, jornada), jornada.hoy)
