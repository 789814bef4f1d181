"""Rentas's work: returns to review, agents in arrears, what expires, and what it uploaded and did not import."""

from datetime import date

from sqlalchemy import func, or_, select

from portal.db import db
from portal.dominio.declaraciones import EstadoDeclaracion, mes_anterior, mes_de
from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import Agente, Declaracion, Lote, Usuario
from portal.operaciones import listado_liquidaciones, reconocimientos
from portal.operaciones.agentes.plazos import plazos_de
from portal.operaciones.listado_liquidaciones import Cuales
from portal.operaciones.trabajo.jornada import Jornada

# No norm gives an agent longer than this: the last return that fell due is among these.
_MESES = 3


def pendientes(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """The queues of Rentas for one of its people."""
    proximas, primera = listado_liquidaciones.cuantas(jornada.departamento, Cuales.POR_VENCER, jornada.hoy)
    vencidas, _ = listado_liquidaciones.cuantas(jornada.departamento, Cuales.VENCIDAS, jornada.hoy)
    expiran, primero = reconocimientos.por_vencer(
        jornada.departamento, jornada.hoy, jornada.hoy + reconocimientos.POR_VENCER
    )
    return [
        *_declaraciones(jornada),
        *_en_mora(jornada),
        Pendiente(Asunto.RECONOCIMIENTOS, expiran, vence=primero),
        Pendiente(Asunto.POR_VENCER, proximas, vence=primera, datos={"cuales": Cuales.POR_VENCER.value}),
        Pendiente(Asunto.VENCIDAS, vencidas, datos={"cuales": Cuales.VENCIDAS.value}),
        *_lote(usuario, jornada),
    ]


def _declaraciones(jornada: Jornada) -> list[Pendiente]:
    """Returns that were filed and nobody has accepted nor given back; the page is that of the oldest."""
    consulta = (
        select(Agente.codigo, Declaracion.mes, Declaracion.presentada_en, func.count().over())
        .join(Agente, Agente.id == Declaracion.agente_id)
        .where(Agente.departamento == jornada.departamento, Declaracion.estado == EstadoDeclaracion.PRESENTADO)
        .order_by(Declaracion.presentada_en, Declaracion.id)
        .limit(1)
    )
    return [
        Pendiente(Asunto.DECLARACIONES, cuantas, desde, datos={"codigo": codigo, "mes": f"{mes:%Y-%m}"})
        for codigo, mes, desde, cuantas in db.session.execute(consulta)
    ]


def _en_mora(jornada: Jornada) -> list[Pendiente]:
    """Agents that did not file the last return that fell due."""
    vencido = _ultimo_vencido(jornada)
    if vencido is None:
        return []
    mes, vence = vencido
    presentada = select(Declaracion.id).where(
        Declaracion.agente_id == Agente.id,
        Declaracion.mes == mes,
        Declaracion.estado != EstadoDeclaracion.BORRADOR,
    )
    cuantas = db.session.scalar(
        select(func.count(Agente.id)).where(
            Agente.departamento == jornada.departamento,
            Agente.desde <= mes,
            or_(Agente.hasta.is_(None), Agente.hasta >= mes),
            ~presentada.exists(),
        )
    )
    datos = {"mes": f"{mes:%Y-%m}", "mostrar": "vencidas"}
    return [Pendiente(Asunto.EN_MORA, cuantas or 0, vence=vence, datos=datos)]


def _ultimo_vencido(jornada: Jornada) -> tuple[date, date] | None:
    """The last month whose return fell due, with its day; None where no norm gives a term."""
    plazos, mes = plazos_de(jornada.departamento, jornada.hoy), mes_de(jornada.hoy)
    for _ in range(_MESES):
        mes = mes_anterior(mes)
        vence = plazos(mes)
        if vence is not None and vence.dia < jornada.hoy:
            return mes, vence.dia
    return None


def _lote(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    propios = (Lote.usuario_id == usuario.id, Lote.importado_en.is_(None), Lote.vence_en > jornada.ahora)
    codigo, desde = db.session.execute(select(func.max(Lote.codigo), func.min(Lote.creado_en)).where(*propios)).one()
    return [Pendiente(Asunto.LOTE, 1, desde, urgente=True, datos={"codigo": codigo})] if codigo else []
