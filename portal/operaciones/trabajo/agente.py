"""An agent's work: the returns of its entity that are due, and its deposits that wait or were refused."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.db import db
from portal.dominio.declaraciones import EstadoConsignacion, EstadoDeclaracion, mes_de
from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import Consignacion, Declaracion, Usuario
from portal.operaciones.agentes.plazos import plazos_de
from portal.operaciones.agentes.registro import entidad_de
from portal.operaciones.trabajo.jornada import Jornada

RECIENTES = timedelta(days=30)
_C, _D = EstadoConsignacion, EstadoDeclaracion


def pendientes(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """The queues of one's entity; none while the account is linked to none."""
    if usuario.agente_id is None:
        return []
    return [*_meses(usuario, jornada), *_consignaciones(usuario.agente_id, jornada)]


def _meses(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """Drafts of months that ended, and what Rentas gave back; each leads to its oldest month."""
    consulta = (
        select(Declaracion.estado, func.count(), func.min(Declaracion.mes))
        .where(Declaracion.agente_id == usuario.agente_id, Declaracion.mes < mes_de(jornada.hoy))
        .where(Declaracion.estado.in_((_D.BORRADOR, _D.DEVUELTO)))
        .group_by(Declaracion.estado)
    )
    filas = {estado: (cuantas, mes) for estado, cuantas, mes in db.session.execute(consulta)}
    codigo, plazos = entidad_de(usuario).codigo, plazos_de(jornada.departamento, jornada.hoy)
    hechos = []
    for estado, asunto in ((_D.BORRADOR, Asunto.MESES), (_D.DEVUELTO, Asunto.MESES_DEVUELTOS)):
        if estado in filas:
            cuantas, mes = filas[estado]
            vence, datos = plazos(mes), {"codigo": codigo, "mes": f"{mes:%Y-%m}"}
            devuelto = estado is _D.DEVUELTO
            hechos.append(Pendiente(asunto, cuantas, vence=vence.dia if vence else None, urgente=devuelto, datos=datos))
    return hechos


def _consignaciones(agente_id: int, jornada: Jornada) -> list[Pendiente]:
    suyas = (
        select(Consignacion.estado, func.count(), func.min(Consignacion.enviada_en))
        .where(Consignacion.agente_id == agente_id)
        .where(
            (Consignacion.estado == _C.RECIBIDA)
            | (Consignacion.estado == _C.RECHAZADA) & (Consignacion.resuelta_en >= jornada.ahora - RECIENTES)
        )
        .group_by(Consignacion.estado)
    )
    asuntos = {_C.RECIBIDA: Asunto.EN_REVISION, _C.RECHAZADA: Asunto.RECHAZADAS}
    return [
        Pendiente(asuntos[estado], cuantas, desde, urgente=estado is _C.RECHAZADA)
        for estado, cuantas, desde in db.session.execute(suyas)
    ]
