"""Handing back what a reduced contract paid in excess: how much of it each payment brought, and taking it from the stamp once.

The stamp stays paid, for it is still owed in part: its excess leaves the account of the stamp without naming the factura,
whose own asientos go on being exactly its value (I-16).
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select

from portal.db import Pesos, db
from portal.dominio.devoluciones import ESTADOS_CONCEDIDOS, EstadoDevolucion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import ESTADOS_PAGADOS
from portal.dominio.libro import EXCEDENTES, ClaseAsiento, Partida, de_estampilla
from portal.models import (
    Asiento,
    Contrato,
    Devolucion,
    Factura,
    MovimientoContrato,
    ParteDevolucion,
    Recaudo,
    Reversion,
    SaldoAFavor,
)
from portal.operaciones.expedientes import llave_de
from portal.operaciones.facturas import bloquear_facturas
from portal.operaciones.libro import asentar

_PAGAN = (ClaseAsiento.RECAUDO, ClaseAsiento.APLICACION)


class ParteAFavor(NamedTuple):
    """Pesos of a balance that a credit brought over a factura."""

    recaudo_id: int
    factura: Factura
    saldo: SaldoAFavor
    valor: Decimal


def partes_a_favor(pago_id: int) -> list[ParteAFavor]:
    """What of the contract's balances in favour can be handed back of a payment: the oldest balance and factura first.

    A balance is never promised beyond what is left of it, nor taken from a factura beyond what was paid of it.
    """
    partes: list[ParteAFavor] = []
    quedan: dict[int, Decimal] = {}
    for factura, recaudo_id in _pagadas(pago_id):
        libre = factura.valor - concedido(factura_id=factura.id, recaudo_id=recaudo_id)
        for saldo in _saldos_de(factura):
            queda = quedan.setdefault(saldo.id, saldo.valor - concedido(saldo_id=saldo.id))
            valor = min(queda, libre)
            if valor > 0:
                partes.append(ParteAFavor(recaudo_id, factura, saldo, valor))
                quedan[saldo.id], libre = queda - valor, libre - valor
    return partes


def descontar(partes: Sequence[ParteDevolucion], *, ahora: datetime) -> None:
    """Take each balance out of its stamp, to wait for its owner; the refund that they are of is approved already.

    Raises `TransicionNoPermitida` when a stamp is not paid any more, or its balance was handed back by another refund.
    """
    ids = sorted({parte.factura_id for parte in partes if parte.factura_id})
    bloquear_facturas(ids)
    facturas = db.session.scalars(
        select(Factura).where(Factura.id.in_(ids)).execution_options(populate_existing=True)
    ).all()
    if any(factura.estado not in ESTADOS_PAGADOS for factura in facturas):
        raise TransicionNoPermitida("Una de las estampillas ya no está pagada: no hay saldo que devolver de ella.")
    codigos = {factura.id: factura.estampilla for factura in facturas}
    partidas = [
        Partida(
            ClaseAsiento.NO_DEBIDO,
            debe=de_estampilla(codigos[parte.factura_id]),
            haber=EXCEDENTES,
            valor=parte.valor,
            origen=origen_del_descuento(parte.devolucion_id, parte.id),
            recaudo_id=parte.recaudo_id,
        )
        for parte in partes
        if parte.factura_id is not None
    ]
    asentar(partidas, ahora=ahora)
    # Whoever else writes in the ledger waits in `asentar`: what was handed back meanwhile is seen here, and nothing stays.
    _exigir_que_quepan(partes)


def _exigir_que_quepan(partes: Sequence[ParteDevolucion]) -> None:
    for parte in partes:
        assert parte.saldo is not None, "each part is of a balance"
        assert parte.factura is not None, "the database keeps the factura of a balance"
        de_la_factura = concedido(factura_id=parte.factura.id, recaudo_id=parte.recaudo_id)
        if concedido(saldo_id=parte.saldo.id) > parte.saldo.valor or de_la_factura > parte.factura.valor:
            raise TransicionNoPermitida("Ese saldo a favor ya se devolvió, entero o en parte, con otra devolución.")


def origen_del_descuento(devolucion_id: int, parte_id: int) -> str:
    """The fact behind the asiento that takes one part out of its stamp."""
    return f"devolucion:{devolucion_id}:parte:{parte_id}:saldo"


def concedido(**de: int) -> Decimal:
    """Pesos of balances that approved refunds took, of `saldo_id`, `factura_id` or `recaudo_id`."""
    suma = (
        select(func.sum(ParteDevolucion.valor, type_=Pesos()))
        .join(Devolucion)
        .where(ParteDevolucion.saldo_id.is_not(None), Devolucion.estado.in_(ESTADOS_CONCEDIDOS))
    )
    for columna, valor in de.items():
        suma = suma.where(getattr(ParteDevolucion, columna) == valor)
    return db.session.scalar(suma) or Decimal(0)


def devuelto_de(contrato_id: int) -> Decimal:
    """Pesos of a contract's balances that were handed back."""
    suma = (
        select(func.sum(ParteDevolucion.valor, type_=Pesos()))
        .join(Devolucion)
        .join(SaldoAFavor, SaldoAFavor.id == ParteDevolucion.saldo_id)
        .join(MovimientoContrato)
        .where(MovimientoContrato.contrato_id == contrato_id, Devolucion.estado == EstadoDevolucion.PAGADA)
    )
    return db.session.scalar(suma) or Decimal(0)


def _pagadas(pago_id: int) -> Sequence[tuple[Factura, int]]:
    """Stamps that a standing credit of the payment paid, used or not, with that credit."""
    consulta = (
        select(Factura, Recaudo.id)
        .join(Asiento, Asiento.factura_id == Factura.id)
        .join(Recaudo, Recaudo.id == Asiento.recaudo_id)
        .outerjoin(Reversion, Reversion.recaudo_id == Recaudo.id)
        .where(
            Recaudo.pago_id == pago_id,
            Asiento.clase.in_(_PAGAN),
            Reversion.id.is_(None),
            Factura.estado.in_(ESTADOS_PAGADOS),
        )
        .order_by(Factura.id)
    )
    return [(factura, recaudo_id) for factura, recaudo_id in db.session.execute(consulta)]


def _saldos_de(factura: Factura) -> Sequence[SaldoAFavor]:
    """The balances that a factura may have paid: those of its own part of the contract or, of a cuenta, of all of it."""
    liquidacion = factura.liquidacion
    consulta = select(SaldoAFavor).join(MovimientoContrato).order_by(SaldoAFavor.id)
    consulta = consulta.where(SaldoAFavor.acto == factura.acto, SaldoAFavor.estampilla == factura.estampilla)
    llave = llave_de(liquidacion)
    if liquidacion.cuenta and llave is not None:
        consulta = consulta.join(Contrato, Contrato.id == MovimientoContrato.contrato_id).where(
            *(getattr(Contrato, campo) == valor for campo, valor in llave._asdict().items())
        )
    else:
        consulta = consulta.where(MovimientoContrato.liquidacion_id == liquidacion.id)
    return db.session.scalars(consulta).all()
