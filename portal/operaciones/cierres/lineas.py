"""Reading what the ledger, the gateway and the bank have of some days, as the lines that the close compares."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.dominio.cierre import Canal, LineaBanco, LineaLibro, LineaPasarela, Lineas, dia_contable, limites
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.libro import CLASES_DE_ENTRADA, de_banco
from portal.dominio.movimientos import CanalMovimiento
from portal.models import Asiento, Factura, MovimientoBanco, MovimientoPasarela, Pago, Recaudo, Reversion
from portal.models.pago import CanalRecaudo
from portal.operaciones.conciliacion import creditos_entre
from portal.pasarelas.base import EstadoPasarela

_BANCO = de_banco("")
# It was approved, whatever became of it afterwards.
_APROBADAS = (
    EstadoPasarela.APROBADO.value,
    EstadoPasarela.REVERTIDO.value,
    EstadoPasarela.APROBADO_CON_DEVOLUCION.value,
)


def leer_lineas(plan: PlanDeCuentas, desde: date, hasta: date) -> Lineas:
    """Every line, in pesos, of the Colombian days `desde`…`hasta` on the three sides.

    The gateway's money and what two people legalised by hand belong to the account that receives PSE.
    """
    libro = (*_creditos(plan, desde, hasta), *_reversiones(plan, desde, hasta))
    return Lineas(tuple(libro), tuple(_de_la_pasarela(plan, desde, hasta)), tuple(leer_banco(desde, hasta)))


def leer_banco(desde: date, hasta: date) -> Iterator[LineaBanco]:
    """The bank's lines of some days, as its files were imported."""
    m = MovimientoBanco
    # A line that took money back is known by the credit that it undid, as one that brought it is by the credit that it was.
    suyo = func.coalesce(m.recaudo_id, Reversion.recaudo_id).label("recaudo_id")
    orden = select(m.llave, m.cuenta, m.dia, m.valor, m.devuelta, m.referencia, m.canal, suyo).outerjoin(
        Reversion, Reversion.id == m.reversion_id
    )
    for fila in db.session.execute(orden.where(m.dia >= desde, m.dia <= hasta).order_by(m.id)):
        yield LineaBanco(
            llave=f"banco:{fila.llave}",
            cuenta=fila.cuenta,
            dia=fila.dia,
            valor=-fila.valor if fila.devuelta else fila.valor,
            referencia=fila.referencia,
            es_pse=fila.canal is CanalMovimiento.PSE,
            recaudo_id=fila.recaudo_id,
        )


def _con_entrada() -> Select[*tuple[Any, ...]]:
    """Recaudos with the account that their money came into; one in another currency has no asiento and is no line."""
    r = Recaudo
    return (
        select(
            *(r.id, r.canal, r.pasarela, r.transaccion, r.valor, r.cus, r.fecha_banco, r.registrado_en),
            func.min(Asiento.debe).label("entra"),
            Pago.referencia,
            func.max(Factura.numero).label("factura"),
            func.count(Factura.id).label("facturas"),
        )
        .join(Asiento, and_(Asiento.recaudo_id == r.id, Asiento.clase.in_(CLASES_DE_ENTRADA)))
        # What an agent holds is in no account of the department until it deposits it, and what the earlier system collected was
        # compared with the bank there.
        .where(r.canal.not_in((CanalRecaudo.RETENCION, CanalRecaudo.MIGRACION)))
        .outerjoin(Pago, Pago.id == r.pago_id)
        .outerjoin(Factura, Factura.id == Asiento.factura_id)
        .group_by(r.id, Pago.id)
    )


def _creditos(plan: PlanDeCuentas, desde: date, hasta: date) -> Iterator[LineaLibro]:
    for fila in db.session.execute(_con_entrada().where(creditos_entre(desde, hasta)).order_by(Recaudo.id)):
        dia = dia_contable(fila.fecha_banco, fila.registrado_en)
        yield _linea(plan, fila, f"recaudo:{fila.id}", dia, fila.valor)


def _reversiones(plan: PlanDeCuentas, desde: date, hasta: date) -> Iterator[LineaLibro]:
    """What was taken back in these days, from the account that had received it."""
    inicio, fin = limites(desde, hasta)
    orden = _con_entrada().join(Reversion, Reversion.recaudo_id == Recaudo.id).group_by(Reversion.id)
    orden = orden.add_columns(Reversion.id.label("reversion_id"), Reversion.en)
    for fila in db.session.execute(orden.where(Reversion.en >= inicio, Reversion.en < fin).order_by(Reversion.id)):
        yield _linea(plan, fila, f"reversion:{fila.reversion_id}", dia_contable(None, fila.en), -fila.valor)


def _linea(plan: PlanDeCuentas, fila: Any, llave: str, dia: date, valor: Decimal) -> LineaLibro:
    return LineaLibro(
        llave=llave,
        # The account is that of the day of the credit: what is taken back leaves where it came in.
        cuenta=cuenta_de(plan, fila.entra, dia_contable(fila.fecha_banco, fila.registrado_en)),
        dia=dia,
        valor=valor,
        canal=Canal(fila.canal.value),
        pasarela=fila.pasarela,
        transaccion=fila.transaccion,
        cus=fila.cus or "",
        referencia=fila.referencia or (str(fila.factura) if fila.facturas == 1 else ""),
        recaudo_id=fila.id,
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
        select(
            MovimientoPasarela.pasarela,
            MovimientoPasarela.transaccion,
            MovimientoPasarela.dia,
            MovimientoPasarela.valor,
            MovimientoPasarela.cus,
            Pago.referencia,
        )
        .join(Pago, Pago.id == MovimientoPasarela.pago_id)
        .where(
            MovimientoPasarela.dia >= desde,
            MovimientoPasarela.dia <= hasta,
            MovimientoPasarela.estado.in_(_APROBADAS),
            MovimientoPasarela.moneda == "COP",
            ~posterior.exists(),
        )
    )
    for fila in db.session.execute(orden.order_by(MovimientoPasarela.id)):
        yield LineaPasarela(
            llave=f"{fila.pasarela}:{fila.transaccion}",
            cuenta=plan.receptora_pse(fila.dia).codigo,
            dia=fila.dia,
            valor=fila.valor,
            pasarela=fila.pasarela,
            transaccion=fila.transaccion,
            cus=fila.cus or "",
            referencia=fila.referencia,
        )
