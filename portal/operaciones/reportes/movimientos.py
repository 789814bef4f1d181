"""The ledger as the reports read it: each asiento once for every stamp or wait that it gives to or takes from.

An asiento falls on one day: a credit's on its accounting day, any other on the day that it was written. So consecutive
periods add up, and all of them together are the balances of the ledger.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.db import Pesos, mes_en_bogota
from portal.dominio.cierre import limites
from portal.dominio.dispersion import TODAS, PlanDeCuentas
from portal.dominio.libro import (
    CLASES_DE_ENTRADA,
    EXCEDENTES,
    POR_IDENTIFICAR,
    ClaseAsiento,
    de_estampilla,
)
from portal.models import Asiento, Factura, Liquidacion, ParteDevolucion, Recaudo
from portal.operaciones.conciliacion import creditos_entre
from portal.operaciones.reportes.filtros import Dinero, Filtro, de_la_factura, llave_de_entidad

ESPERAS = (EXCEDENTES, POR_IDENTIFICAR)
_PREFIJO = de_estampilla("")
Tramos = Sequence[tuple[date, date]]


class Columna(StrEnum):
    """What an asiento does to a stamp or a wait. `neto` is what stays: the first two less the other three."""

    RECAUDADO = "recaudado"
    # Money that waited and was put here, or that left for where it belonged.
    APLICADO = "aplicado"
    REVERTIDO = "revertido"
    NO_DEBIDO = "no_debido"
    DEVUELTO = "devuelto"


SALIDAS = (Columna.REVERTIDO, Columna.NO_DEBIDO, Columna.DEVUELTO)


def movimientos(
    filtro: Filtro, plan: PlanDeCuentas, *, tramos: Tramos = (), detalle: bool = False, por_emision: bool = False
) -> Subquery:
    """Rows `numero`, `instante`, `que`, `espera`, `canal`, `mes`, `tramo`, `columna`, `sin_factura`, `valor` (as people read
    its column) and `neto` (what the stamp or the wait gained), in pesos.

    `tramos`: stretches of days, whose place each row gets. `detalle`: also `acto`, `entidad`, `contratante`, `liquidacion_id`
    and `factura`, empty or null for money that waits. `por_emision`: the days are those on which the facturas were issued, and
    only what is theirs counts, whenever it came.
    """
    detalle = detalle or por_emision or bool(filtro.acto or filtro.entidad)
    base = _de_las_facturas(filtro) if por_emision else _de_los_dias(filtro)
    signos = union_all(select(literal(1).label("signo")), select(literal(-1))).subquery("signos")
    lado = case((signos.c.signo == 1, base.c.haber), else_=base.c.debe)
    espera, columna = lado.in_(ESPERAS), _columna(base.c.clase, signos.c.signo)
    neto = type_coerce(signos.c.signo * type_coerce(base.c.valor, base.c.numero.type), Pesos())
    orden = (
        select(
            base.c.numero,
            base.c.instante,
            base.c.clase,
            func.replace(lado, _PREFIJO, "").label("que"),
            espera.label("espera"),
            base.c.canal,
            mes_en_bogota(base.c.instante).label("mes"),
            _lugar(base.c.instante, tramos).label("tramo"),
            columna.label("columna"),
            base.c.sin_factura,
            case((columna.in_(SALIDAS), -neto), else_=neto).label("valor"),
            neto.label("neto"),
        )
        .select_from(base)
        .join(signos, literal(True))
        .where(*_del_dinero(filtro, plan, lado, base))
    )
    if detalle:
        orden = _con_la_factura(orden, base, espera, filtro, ya_esta=por_emision)
    return orden.subquery("movimientos")


def _de_los_dias(filtro: Filtro) -> Subquery:
    """The asientos of some days, each with its instant: two ways in, so that each is found by its own index."""
    inicio, fin = limites(filtro.desde, filtro.hasta)
    cuando = func.coalesce(Recaudo.fecha_banco, Recaudo.registrado_en)
    entran = _asientos(cuando).where(Asiento.clase.in_(CLASES_DE_ENTRADA), creditos_entre(filtro.desde, filtro.hasta))
    otros = _asientos(Asiento.en).where(
        Asiento.clase.not_in((*CLASES_DE_ENTRADA, ClaseAsiento.TRASLADO)), Asiento.en >= inicio, Asiento.en < fin
    )
    return union_all(*(_del_canal(una, filtro) for una in (entran, otros))).subquery("base")


def _de_las_facturas(filtro: Filtro) -> Subquery:
    """Every asiento over the facturas that were issued on some days, at the instant of their issue."""
    inicio, fin = limites(filtro.desde, filtro.hasta)
    # Those that name their factura are found by its index, and the few that do not by being without one.
    suyas = Factura.id == Asiento.factura_id
    saldos = and_(Asiento.factura_id.is_(None), Factura.id == _factura_de_un_asiento())
    ordenes = (
        _asientos(Liquidacion.emitida_en)
        .add_columns(*_de_la_factura())
        .join(Factura, condicion)
        .join(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
        .where(Liquidacion.emitida_en >= inicio, Liquidacion.emitida_en < fin, *de_la_factura(filtro))
        for condicion in (suyas, saldos)
    )
    return union_all(*(_del_canal(una, filtro) for una in ordenes)).subquery("base")


def _asientos(instante: Any) -> Select[Any]:
    return select(
        Asiento.numero,
        instante.label("instante"),
        Asiento.clase,
        Asiento.debe,
        Asiento.haber,
        Asiento.valor,
        Asiento.factura_id.is_(None).label("sin_factura"),
        _factura_de_un_asiento().label("factura_id"),
        Recaudo.canal,
    ).join(Recaudo, Recaudo.id == Asiento.recaudo_id)


def _del_canal(orden: Select[Any], filtro: Filtro) -> Select[Any]:
    return orden.where(Recaudo.canal == filtro.canal) if filtro.canal else orden


def _factura_de_un_asiento() -> ColumnElement[int]:
    """The factura that an asiento is about. A balance in favour that leaves its stamp names none, because the stamp stays paid:
    its refund does; and the reversal of that asiento is found by the asiento that it undoes."""
    original = aliased(Asiento)

    def de(asiento: Any) -> Select[Any]:
        parte = ParteDevolucion
        origen = (
            "devolucion:" + cast(parte.devolucion_id, String) + ":parte:" + cast(parte.id, String) + literal(":saldo")
        )
        return select(parte.factura_id).where(parte.recaudo_id == Asiento.recaudo_id, origen == asiento.origen)

    deshecho = Asiento.origen.endswith(literal(":asiento:") + cast(original.numero, String))
    de_reversion = de(original).where(original.recaudo_id == Asiento.recaudo_id, deshecho)
    return case(
        (Asiento.factura_id.is_not(None), Asiento.factura_id),
        (Asiento.clase == ClaseAsiento.NO_DEBIDO, de(Asiento).correlate(Asiento).scalar_subquery()),
        (Asiento.clase == ClaseAsiento.REVERSION, de_reversion.correlate(Asiento).scalar_subquery()),
    )


def _columna(clase: ColumnElement[Any], signo: ColumnElement[int]) -> ColumnElement[str]:
    """The column of one side of an asiento. What a stamp was paid without being owed leaves it; in the money that waits it
    arrives as any other application."""
    devueltas = (ClaseAsiento.DEVOLUCION, ClaseAsiento.REBOTE)
    return case(
        (clase.in_(CLASES_DE_ENTRADA), literal(Columna.RECAUDADO.value)),
        (clase == ClaseAsiento.REVERSION, literal(Columna.REVERTIDO.value)),
        (clase.in_(devueltas), literal(Columna.DEVUELTO.value)),
        (and_(clase == ClaseAsiento.NO_DEBIDO, signo == -1), literal(Columna.NO_DEBIDO.value)),
        else_=literal(Columna.APLICADO.value),
    )


def _lugar(instante: ColumnElement[Any], tramos: Tramos) -> ColumnElement[int]:
    """The place of an instant among stretches of days that follow one another."""
    ramas = [(instante < limites(*tramo)[1], literal(lugar)) for lugar, tramo in enumerate(tramos[:-1])]
    ultimo = literal(max(len(tramos) - 1, 0))
    return case(*ramas, else_=ultimo) if ramas else ultimo


def _del_dinero(
    filtro: Filtro, plan: PlanDeCuentas, lado: ColumnElement[str], base: Subquery
) -> list[ColumnElement[bool]]:
    """Which stamps and waits count."""
    es_estampilla, espera = lado.startswith(_PREFIJO), lado.in_(ESPERAS)
    dinero = {Dinero.ESTAMPILLAS.value: es_estampilla, Dinero.ESPERA.value: espera}
    condiciones = [dinero.get(filtro.dinero, or_(es_estampilla, espera))]
    if filtro.estampilla in ESPERAS:
        condiciones.append(lado == filtro.estampilla)
    elif filtro.estampilla:
        condiciones.append(lado == de_estampilla(filtro.estampilla))
    if filtro.cuenta:
        condiciones.append(_de_la_cuenta(filtro, plan, lado, base.c.instante))
    if filtro.acto or filtro.entidad:
        condiciones.append(es_estampilla)
    return condiciones


def _de_la_cuenta(
    filtro: Filtro, plan: PlanDeCuentas, lado: ColumnElement[str], instante: ColumnElement[Any]
) -> ColumnElement[bool]:
    """The stamps whose money is for an account, stretch by stretch of the plan."""
    ramas = []
    for desde, hasta in plan.cortes(filtro.desde, filtro.hasta):
        inicio, fin = limites(desde, hasta)
        vigentes = plan.vigentes(desde)
        propia = next((c for c in vigentes if c.codigo == filtro.cuenta), None)
        if propia is None:
            continue
        nombradas = [de_estampilla(e) for e in propia.estampillas if e != TODAS]
        suyas: ColumnElement[bool] = lado.in_(nombradas)
        if TODAS in propia.estampillas:
            ajenas = [de_estampilla(e) for c in vigentes if c is not propia for e in c.estampillas]
            suyas = or_(suyas, and_(lado.startswith(_PREFIJO), lado.not_in(ajenas)))
        ramas.append(and_(suyas, instante >= inicio, instante < fin))
    return or_(literal(False), *ramas)


def _de_la_factura() -> tuple[ColumnElement[Any], ...]:
    return (
        func.coalesce(Factura.acto, "").label("acto"),
        func.coalesce(llave_de_entidad(), "").label("entidad"),
        func.coalesce(Liquidacion.contratante, "").label("contratante"),
        Liquidacion.id.label("liquidacion_id"),
        Factura.numero.label("factura"),
    )


def _con_la_factura(
    orden: Select[Any], base: Subquery, espera: ColumnElement[bool], filtro: Filtro, *, ya_esta: bool
) -> Select[Any]:
    """Add what the factura says; `ya_esta`: the base knows it. Money that waits is of no act and no entity, even when its next
    move names a factura."""
    if ya_esta:
        columnas: Sequence[ColumnElement[Any]] = [base.c[c.name] for c in _de_la_factura()]
    else:
        columnas = _de_la_factura()
        orden = (
            orden.outerjoin(Factura, Factura.id == base.c.factura_id)
            .outerjoin(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
            .where(*de_la_factura(filtro))
        )
    vacias = [case((espera, ""), else_=columna).label(columna.name) for columna in columnas[:3]]
    return orden.add_columns(*vacias, *columnas[3:])
