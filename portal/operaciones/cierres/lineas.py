"""Reading what the ledger, the gateway and the bank have of some days, as the lines that the close compares."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.dominio.cierre import Canal, LineaBanco, LineaLibro, LineaPasarela, Lineas, dia_contable, limites
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.libro import CLASES_DE_ENTRADA, de_banco
from portal.models import Asiento, CanalBanco, Factura, MovimientoBanco, MovimientoPasarela, Pago, Recaudo, Reversion
from portal.operaciones.conciliacion import creditos_entre
from portal.pasarelas.base import EstadoPasarela

_BANCO = de_banco("")
# It was approved, whatever became of it afterwards.
_APROBADAS = (EstadoPasarela.APROBADO.value, EstadoPasarela.REVERTIDO.value)


def leer_lineas(plan: PlanDeCuentas, desde: date, hasta: date) -> Lineas:
    """Every line, in pesos, of the Colombian days `desde`…`hasta` on the three sides.

    The gateway's money and what two people legalised by hand belong to the account that receives PSE.
    """
    libro = (*_creditos(plan, desde, hasta), *_reversiones(plan, desde, hasta))
    return Lineas(tuple(libro), tuple(_de_la_pasarela(plan, desde, hasta)), tuple(leer_banco(desde, hasta)))


def leer_banco(desde: date, hasta: date) -> Iterator[LineaBanco]:
    """The bank's lines of some days, as its files were imported."""
    orden = select(MovimientoBanco).where(MovimientoBanco.dia >= desde, MovimientoBanco.dia <= hasta)
    for fila in db.session.scalars(orden.order_by(MovimientoBanco.id)):
        yield LineaBanco(
            llave=f"banco:{fila.llave}",
            cuenta=fila.cuenta,
            dia=fila.dia,
            valor=-fila.valor if fila.devuelta else fila.valor,
            referencia=fila.referencia,
            es_pse=fila.canal is CanalBanco.PSE,
            recaudo_id=fila.recaudo_id,
        )


def _con_entrada() -> Select[Any]:
    """Recaudos with the account that their money came into; one in another currency has no asiento and is no line."""
    entradas = (
        select(
            Asiento.recaudo_id,
            func.min(Asiento.debe).label("entra"),
            func.max(Asiento.factura_id).label("factura_id"),
            func.count(Asiento.factura_id).label("facturas"),
        )
        .where(Asiento.clase.in_(CLASES_DE_ENTRADA))
        .group_by(Asiento.recaudo_id)
        .subquery()
    )
    factura = aliased(Factura)
    return (
        select(Recaudo, entradas.c.entra, Pago.referencia, factura.numero, entradas.c.facturas)
        .join(entradas, entradas.c.recaudo_id == Recaudo.id)
        .outerjoin(Pago, Pago.id == Recaudo.pago_id)
        .outerjoin(factura, factura.id == entradas.c.factura_id)
    )


def _creditos(plan: PlanDeCuentas, desde: date, hasta: date) -> Iterator[LineaLibro]:
    filas = db.session.execute(_con_entrada().where(creditos_entre(desde, hasta)).order_by(Recaudo.id))
    for recaudo, *resto in filas:
        dia = dia_contable(recaudo.fecha_banco, recaudo.registrado_en)
        yield _linea(plan, recaudo, resto, dia)


def _reversiones(plan: PlanDeCuentas, desde: date, hasta: date) -> Iterator[LineaLibro]:
    """What was taken back in these days, from the account that had received it."""
    inicio, fin = limites(desde, hasta)
    orden = _con_entrada().join(Reversion, Reversion.recaudo_id == Recaudo.id).add_columns(Reversion.id, Reversion.en)
    filas = db.session.execute(orden.where(Reversion.en >= inicio, Reversion.en < fin).order_by(Reversion.id))
    for recaudo, *resto, reversion_id, en in filas:
        yield _linea(plan, recaudo, resto, dia_contable(None, en), reversion_id=reversion_id)


def _linea(
    plan: PlanDeCuentas, recaudo: Recaudo, resto: Sequence[Any], dia: date, reversion_id: int | None = None
) -> LineaLibro:
    entra, referencia, factura, facturas = resto
    # The account is that of the day of the credit: what is taken back leaves where it came in.
    cuenta = cuenta_de(plan, entra, dia_contable(recaudo.fecha_banco, recaudo.registrado_en))
    return LineaLibro(
        llave=f"reversion:{reversion_id}" if reversion_id else f"recaudo:{recaudo.id}",
        cuenta=cuenta,
        dia=dia,
        valor=-recaudo.valor if reversion_id else recaudo.valor,
        canal=Canal(recaudo.canal.value),
        pasarela=recaudo.pasarela,
        transaccion=recaudo.transaccion,
        cus=recaudo.cus or "",
        referencia=referencia or (str(factura) if facturas == 1 else ""),
        recaudo_id=recaudo.id,
    )


def cuenta_de(plan: PlanDeCuentas, entra: str, dia: date) -> str:
    """The code of the collecting account behind the ledger's account that a credit came into."""
    return entra.removeprefix(_BANCO) if entra.startswith(_BANCO) else plan.receptora_pse(dia).codigo


def _de_la_pasarela(plan: PlanDeCuentas, desde: date, hasta: date) -> Iterator[LineaPasarela]:
    """The last answer of each transaction, of those that were approved."""
    otra = aliased(MovimientoPasarela)
    posterior = select(otra.id).where(
        otra.pasarela == MovimientoPasarela.pasarela,
        otra.transaccion == MovimientoPasarela.transaccion,
        otra.consultado_el > MovimientoPasarela.consultado_el,
    )
    orden = (
        select(MovimientoPasarela, Pago.referencia)
        .join(Pago, Pago.id == MovimientoPasarela.pago_id)
        .where(
            MovimientoPasarela.dia >= desde,
            MovimientoPasarela.dia <= hasta,
            MovimientoPasarela.estado.in_(_APROBADAS),
            MovimientoPasarela.moneda == "COP",
            ~posterior.exists(),
        )
    )
    for fila, referencia in db.session.execute(orden.order_by(MovimientoPasarela.id)):
        yield LineaPasarela(
            llave=f"{fila.pasarela}:{fila.transaccion}",
            cuenta=plan.receptora_pse(fila.dia).codigo,
            dia=fila.dia,
            valor=fila.valor,
            pasarela=fila.pasarela,
            transaccion=fila.transaccion,
            cus=fila.cus or "",
            referencia=referencia,
        )
