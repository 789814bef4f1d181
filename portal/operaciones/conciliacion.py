"""Asking the gateway again about whole days: whom to ask, and what it answered, kept apart from the ledger."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update

from portal.db import db
from portal.dominio.cierre import BOGOTA, dia_contable, limites
from portal.dominio.estados import ESTADOS_VIVOS, EstadoPago
from portal.models import MovimientoPasarela, Pago, Recaudo
from portal.pasarelas.base import ResultadoPasarela

# An attempt that ended without money is asked for during some days more: its approval may come late (I-11).
DIAS_TRAS_NO_PAGADO = 5


def por_conciliar(desde: date, hasta: date, *, antes_de: datetime) -> list[int]:
    """Attempts to ask for about the Colombian days `desde`…`hasta`, oldest first: those with money of these days, and those
    that ended without any in them or a few days before. Only those not asked since `antes_de`, so that a run goes on."""
    inicio, fin = limites(desde, hasta)
    con_dinero = select(Recaudo.pago_id).where(Recaudo.pago_id.is_not(None), creditos_entre(desde, hasta))
    sin_dinero = and_(
        Pago.estado.not_in((EstadoPago.APROBADO, *ESTADOS_VIVOS)),
        Pago.resuelto_en >= inicio - timedelta(days=DIAS_TRAS_NO_PAGADO),
        Pago.resuelto_en < fin,
    )
    orden = (
        select(Pago.id)
        .where(
            Pago.id_pasarela.is_not(None),
            or_(Pago.conciliado_en.is_(None), Pago.conciliado_en < antes_de),
            or_(Pago.id.in_(con_dinero), sin_dinero),
        )
        .order_by(Pago.id)
    )
    return list(db.session.scalars(orden))


def creditos_entre(desde: date, hasta: date) -> Any:
    """The condition that a recaudo counts in the Colombian days `desde`…`hasta`."""
    inicio, fin = limites(desde, hasta)
    return or_(
        and_(Recaudo.fecha_banco >= inicio, Recaudo.fecha_banco < fin),
        and_(Recaudo.fecha_banco.is_(None), Recaudo.registrado_en >= inicio, Recaudo.registrado_en < fin),
    )


def guardar(pago_id: int, resultado: ResultadoPasarela, *, ahora: datetime) -> None:
    """Keep what the gateway says of each transaction of an attempt; said again on the same day, the last answer stays.

    The attempt's row is locked by whoever applied the answer, so two runs at once wait for each other.
    """
    pago = db.session.get_one(Pago, pago_id)
    anotar_preguntado(pago_id, ahora=ahora)
    if resultado.referencia != pago.referencia:
        return  # an answer about another payment is an event of the attempt, not a movement of it
    for transaccion in resultado.transacciones:
        fila = _de_hoy(pago.pasarela, transaccion.id, ahora)
        fila.pago_id = pago_id
        fila.consultado_en = ahora
        fila.dia = dia_contable(transaccion.fecha, pago.resuelto_en or ahora)
        fila.estado = transaccion.estado.value
        fila.valor = transaccion.valor
        fila.moneda = transaccion.moneda
        fila.cus = transaccion.cus
        db.session.add(fila)
    db.session.flush()


def _de_hoy(pasarela: str, transaccion: str, ahora: datetime) -> MovimientoPasarela:
    clave = {"pasarela": pasarela, "transaccion": transaccion, "consultado_el": ahora.astimezone(BOGOTA).date()}
    return db.session.scalar(select(MovimientoPasarela).filter_by(**clave)) or MovimientoPasarela(**clave)


def anotar_preguntado(pago_id: int, *, ahora: datetime) -> None:
    """Mark that the gateway was asked, so that a run that was cut short goes on after it."""
    db.session.execute(
        update(Pago)
        .where(Pago.id == pago_id)
        .values(conciliado_en=ahora)
        .execution_options(synchronize_session="fetch")
    )
