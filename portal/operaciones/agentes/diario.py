"""The daily collection of an agent's offices and their monthly report, from what was withheld and deposited."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, case, func, select

from portal.db import Pesos, db
from portal.dominio.declaraciones import EstadoConsignacion, comienzo, mes_siguiente
from portal.dominio.libro import ClaseAsiento
from portal.dominio.recaudo_diario import Hecho, RecaudoDiario, RenglonDeSede, repasar
from portal.models import Agente, Asiento, Consignacion, Factura, Liquidacion, Recaudo, Retencion, Usuario
from portal.operaciones.agentes.cuadros import EN_FIRME

# A slip counts from when it is sent until treasury refuses it or the bank takes it back.
_EN_PIE = (EstadoConsignacion.RECIBIDA, EstadoConsignacion.ACEPTADA)
SIN_SEDE = "Sin sede"


@dataclass
class _Sumas:
    liquidadas: int = 0
    liquidado: Decimal = Decimal(0)
    retenidas: int = 0
    retenido: Decimal = Decimal(0)


def del_mes(agente: Agente, mes: date, *, hoy: date) -> RecaudoDiario:
    """What each office took and deposited on each day of a month; its totals are what the agent withheld in it."""
    nombres = {sede.id: sede.nombre for sede in agente.sedes}
    abiertas = [sede.id for sede in agente.sedes if sede.activa]
    hechos = [*_retenido(agente.id, mes), *_consignado(agente.id, mes)]
    return repasar(mes, hechos, nombres, abiertas, hasta=hoy)


def reporte_de(agente: Agente, mes: date, actos: Mapping[str, str]) -> list[RenglonDeSede]:
    """What each office assessed and withheld in a month, by stamp and act; `actos` names them.

    The office of a withholding was written down with it; that of an assessment is the one that withheld it or, while nobody
    does, the one of the account that issued it.
    """
    nombres = {sede.id: sede.nombre for sede in agente.sedes}
    sumas: defaultdict[tuple[str, str, str], _Sumas] = defaultdict(_Sumas)
    for sede, estampilla, acto, cuantas, pesos in db.session.execute(_por_acto_liquidado(agente.id, mes)):
        suma = sumas[nombres.get(sede, SIN_SEDE), estampilla, acto]
        suma.liquidadas, suma.liquidado = suma.liquidadas + cuantas, suma.liquidado + pesos
    for sede, estampilla, acto, cuantas, pesos in db.session.execute(_por_acto_retenido(agente.id, mes)):
        suma = sumas[nombres.get(sede, SIN_SEDE), estampilla, acto]
        suma.retenidas, suma.retenido = suma.retenidas + cuantas, suma.retenido + pesos
    return [
        RenglonDeSede(sede, estampilla, actos.get(acto, acto), **vars(suma))
        for (sede, estampilla, acto), suma in sorted(sumas.items(), key=lambda par: (par[0][0] == SIN_SEDE, par[0]))
    ]


def _retenido(agente_id: int, mes: date) -> Iterator[Hecho]:
    consulta = (
        select(Retencion.fecha, Retencion.sede_id, func.sum(Recaudo.valor, type_=Pesos()))
        .join(Recaudo)
        .where(Retencion.agente_id == agente_id, Retencion.mes == mes, Retencion.deshecha_en.is_(None))
        .group_by(Retencion.fecha, Retencion.sede_id)
    )
    for dia, sede, pesos in db.session.execute(consulta):
        yield Hecho(dia, sede, retenido=pesos)


def _consignado(agente_id: int, mes: date) -> Iterator[Hecho]:
    aceptado = case((Consignacion.estado == EstadoConsignacion.ACEPTADA, Consignacion.valor), else_=Decimal(0))
    consulta = (
        select(
            Consignacion.fecha,
            Consignacion.sede_id,
            func.sum(Consignacion.valor, type_=Pesos()),
            func.sum(aceptado, type_=Pesos()),
        )
        .where(Consignacion.agente_id == agente_id, Consignacion.mes == mes, Consignacion.estado.in_(_EN_PIE))
        .group_by(Consignacion.fecha, Consignacion.sede_id)
    )
    for dia, sede, pesos, aceptados in db.session.execute(consulta):
        yield Hecho(dia, sede, consignado=pesos, aceptado=aceptados)


def _por_acto_liquidado(agente_id: int, mes: date) -> Select:
    retenidas = (
        select(Asiento.factura_id, Retencion.sede_id)
        .join(Retencion, Retencion.recaudo_id == Asiento.recaudo_id)
        .where(Asiento.clase == ClaseAsiento.RECAUDO)
        .where(Retencion.agente_id == agente_id, Retencion.deshecha_en.is_(None))
        .subquery()
    )
    sede = case((retenidas.c.factura_id.is_not(None), retenidas.c.sede_id), else_=Usuario.sede_id)
    suyas = (
        select(sede.label("sede"), Factura.estampilla_nombre, Factura.acto, Factura.valor)
        .join(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
        .join(Usuario, Usuario.id == Liquidacion.emitida_por)
        .outerjoin(retenidas, retenidas.c.factura_id == Factura.id)
        .where(Liquidacion.agente_id == agente_id, EN_FIRME)
        .where(Liquidacion.emitida_en >= comienzo(mes), Liquidacion.emitida_en < comienzo(mes_siguiente(mes)))
        .subquery()
    )
    clave = (suyas.c.sede, suyas.c.estampilla_nombre, suyas.c.acto)
    return select(*clave, func.count(), func.sum(suyas.c.valor, type_=Pesos())).group_by(*clave)


def _por_acto_retenido(agente_id: int, mes: date) -> Select:
    return (
        select(
            Retencion.sede_id,
            Factura.estampilla_nombre,
            Factura.acto,
            func.count(Factura.id),
            func.sum(Asiento.valor, type_=Pesos()),
        )
        .join(Asiento, Asiento.recaudo_id == Retencion.recaudo_id)
        .join(Factura, Factura.id == Asiento.factura_id)
        .where(Asiento.clase == ClaseAsiento.RECAUDO)
        .where(Retencion.agente_id == agente_id, Retencion.mes == mes, Retencion.deshecha_en.is_(None))
        .group_by(Retencion.sede_id, Factura.estampilla_nombre, Factura.acto)
    )
