"""Reminders to entities that have a month to file: before its due date, on it and after it, once each."""

from datetime import date, datetime

from sqlalchemy import Select, and_, or_, select

from portal.db import db
from portal.dominio.declaraciones import EstadoDeclaracion, mes_siguiente
from portal.dominio.recordatorios import recordatorio_de
from portal.models import Agente, Declaracion
from portal.operaciones.agentes.plazos import plazos_de
from portal.operaciones.agentes.registro import reglas_de
from portal.operaciones.recordatorios import Pendiente, encolar_recordatorio

# What people read of a month that was not filed; one given back is filed again.
_ESTADOS = {EstadoDeclaracion.BORRADOR: "sin presentar", EstadoDeclaracion.DEVUELTO: "devuelta, por corregir"}


def recordar(departamento: str, *, hoy: date, ahora: datetime) -> int:
    """Write the reminders that correspond to the Colombian day `hoy`, and say how many months were looked at.

    The same ones again do nothing. Where no norm gives a term, or an entity left no address, there are none.
    """
    avisos = reglas_de(departamento).recordatorios
    if avisos is None:
        return 0
    plazos, mirados = plazos_de(departamento, hoy), 0
    for agente, mes, estado in db.session.execute(_sin_presentar(departamento)):
        vencimiento = plazos(mes) if mes_siguiente(mes) <= hoy else None
        clase = vencimiento and recordatorio_de(hoy, vencimiento, avisos, presentada=False)
        if vencimiento is None or not clase:
            continue
        mirados += 1
        encolar_recordatorio(
            Pendiente(agente.codigo, agente.nombre, agente.correo, mes, _ESTADOS[estado], vencimiento.dia),
            clase,
            hoy=hoy,
            ahora=ahora,
        )
    return mirados


def _sin_presentar(departamento: str) -> Select[Agente, date, EstadoDeclaracion]:
    """`(agent, month, state)` of the months that nobody filed, or that the department gave back and nobody corrected."""
    primera = and_(Declaracion.estado == EstadoDeclaracion.BORRADOR, Declaracion.version == 1)
    return (
        select(Agente, Declaracion.mes, Declaracion.estado)
        .join(Declaracion, Declaracion.agente_id == Agente.id)
        .where(Agente.departamento == departamento, Agente.correo != "")
        .where(or_(primera, Declaracion.estado == EstadoDeclaracion.DEVUELTO))
        .order_by(Agente.id, Declaracion.mes)
    )
