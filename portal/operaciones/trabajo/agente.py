"""An agent's work: the returns of its entity that are due, and its deposits that wait or were refused."""

from datetime import date, timedelta

from sqlalchemy import func, select

from portal.db import db
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.declaraciones import EstadoConsignacion, EstadoDeclaracion, mes_anterior, meses_entre
from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import Agente, Consignacion, Declaracion, Usuario
from portal.operaciones.agentes.plazos import Plazos, plazos_de
from portal.operaciones.agentes.registro import entidad_de
from portal.operaciones.trabajo.jornada import Jornada

RECIENTES = timedelta(days=30)
_C, _D = EstadoConsignacion, EstadoDeclaracion


def pendientes(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """The queues of one's entity; none while the account is linked to none."""
    if usuario.agente_id is None:
        return []
    return [*_meses(entidad_de(usuario), jornada), *_consignaciones(usuario.agente_id, jornada)]


def _meses(agente: Agente, jornada: Jornada) -> list[Pendiente]:
    """Months that ended and have no return, or an open draft, though nobody opened them yet; and what Rentas gave back."""
    ultimo = min(agente.hasta or date.max, mes_anterior(jornada.hoy))
    consulta = select(Declaracion.mes, Declaracion.estado).where(
        Declaracion.agente_id == agente.id, Declaracion.mes <= ultimo
    )
    filas = [(mes, estado) for mes, estado in db.session.execute(consulta)]
    borradores = {mes for mes, estado in filas if estado is _D.BORRADOR}
    devueltos = {mes for mes, estado in filas if estado is _D.DEVUELTO} - borradores
    sin_abrir = set(meses_entre(agente.desde, ultimo)) - {mes for mes, _ in filas}
    plazos = plazos_de(jornada.departamento, jornada.hoy)
    return [
        _de_meses(Asunto.MESES, borradores | sin_abrir, plazos),
        _de_meses(Asunto.MESES_DEVUELTOS, devueltos, plazos),
    ]


def _de_meses(asunto: Asunto, meses: set[date], plazos: Plazos) -> Pendiente:
    if not meses:
        return Pendiente(asunto, 0)
    primero = min(meses)
    vence = plazos(primero)
    return Pendiente(
        asunto,
        len(meses),
        vence=vence.dia if vence else None,
        nota=f"Desde {mes_en_palabras(primero)}" if len(meses) > 1 else mes_en_palabras(primero).capitalize(),
        urgente=asunto is Asunto.MESES_DEVUELTOS,
        datos={"ano": str(primero.year)},
    )


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
