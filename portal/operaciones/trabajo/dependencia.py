"""An office's work with stamps: acts that wait for them, used stamps without their money, adhesions to undo."""

from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import Usuario
from portal.operaciones import dependencias
from portal.operaciones.dependencias import Lista
from portal.operaciones.trabajo.jornada import Jornada


def pendientes(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """The queues of the office of an official; to undo, only what somebody else asked for."""
    por_usar, desde = dependencias.por_adherir(usuario, departamento=jornada.departamento, ahora=jornada.ahora)
    return [
        Pendiente(Asunto.POR_ADHERIR, por_usar, desde),
        Pendiente(
            Asunto.SIN_PAGO, dependencias.sin_pago(usuario), urgente=True, datos={"lista": Lista.REVERTIDAS.value}
        ),
        Pendiente(Asunto.POR_DESHACER, *dependencias.por_deshacer_de(usuario.id)),
    ]
