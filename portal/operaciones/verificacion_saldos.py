"""The invariants of what came back or was paid in excess: each yields one Spanish sentence per row that breaks it."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from portal.db import Pesos, db
from portal.dominio.devoluciones import ESTADOS_CONCEDIDOS, EstadoDevolucion
from portal.dominio.libro import ClaseAsiento
from portal.models import (
    Asiento,
    CuentaCorregida,
    Devolucion,
    Factura,
    ParteDevolucion,
    Rebote,
    Reversion,
    SaldoAFavor,
)
from portal.operaciones.saldos_a_favor import origen_del_descuento


def saldos_devueltos() -> Iterator[str]:
    """Of a balance in favour no more is handed back than it is worth, nor of a factura more than it brought."""
    concedidas = ParteDevolucion.saldo_id.is_not(None), Devolucion.estado.in_(ESTADOS_CONCEDIDOS)
    devuelto = func.sum(ParteDevolucion.valor, type_=Pesos())
    de_un_saldo = (
        select(SaldoAFavor.id)
        .join(ParteDevolucion, ParteDevolucion.saldo_id == SaldoAFavor.id)
        .join(Devolucion)
        .where(*concedidas)
        .group_by(SaldoAFavor.id, SaldoAFavor.valor)
    )
    for (saldo,) in db.session.execute(de_un_saldo.having(devuelto > SaldoAFavor.valor)):
        yield f"Del saldo a favor {saldo} se devolvió más de lo que vale"
    de_una_factura = (
        select(Factura.numero)
        .join(ParteDevolucion, ParteDevolucion.factura_id == Factura.id)
        .join(Devolucion)
        .where(*concedidas)
        .group_by(Factura.id, Factura.numero, Factura.valor, ParteDevolucion.recaudo_id)
    )
    for (numero,) in db.session.execute(de_una_factura.having(devuelto > Factura.valor)):
        yield f"De la factura {numero} se devolvió más saldo de lo que se pagó"
    yield from _con_su_asiento()


def _con_su_asiento() -> Iterator[str]:
    """What leaves a stamp without naming a factura is exactly what approved refunds take of its balances."""
    partes = (
        select(Devolucion.id, ParteDevolucion.id, ParteDevolucion.recaudo_id, ParteDevolucion.valor, Devolucion.estado)
        .join(ParteDevolucion)
        .where(ParteDevolucion.saldo_id.is_not(None))
    )
    todas = {origen_del_descuento(u, p): (r, v, estado) for u, p, r, v, estado in db.session.execute(partes)}
    asientos = select(Asiento.origen, Asiento.recaudo_id, Asiento.valor).where(
        Asiento.clase == ClaseAsiento.NO_DEBIDO, Asiento.factura_id.is_(None)
    )
    hechos = {origen: (recaudo, valor) for origen, recaudo, valor in db.session.execute(asientos)}
    revertidos = set(db.session.scalars(select(Reversion.recaudo_id)))
    for origen, hecho in hechos.items():
        recaudo, valor, estado = todas.get(origen, (None, None, None))
        if hecho != (recaudo, valor) or (estado not in ESTADOS_CONCEDIDOS and recaudo not in revertidos):
            yield f"El asiento {origen} no es de un saldo a favor que se devuelva"
    for origen, (_, _, estado) in todas.items():
        if estado in ESTADOS_CONCEDIDOS and origen not in hechos:
            yield f"El saldo a favor {origen} se devuelve y su estampilla no lo dice"


def rebotes() -> Iterator[str]:
    """A refund that came back goes out again only to an account that a second person accepted."""
    ultima = select(func.max(CuentaCorregida.id)).group_by(CuentaCorregida.devolucion_id)
    aceptadas = select(CuentaCorregida.devolucion_id).where(
        CuentaCorregida.id.in_(ultima), CuentaCorregida.aceptada.is_(True)
    )
    esperan = select(CuentaCorregida.devolucion_id).where(CuentaCorregida.aceptada.is_(None))
    con_rebote = select(Rebote.devolucion_id)
    salen = (EstadoDevolucion.APROBADA, EstadoDevolucion.PAGADA)
    corregida = Devolucion.estado == EstadoDevolucion.CORREGIDA
    mal = select(Devolucion.numero).where(
        or_(
            Devolucion.estado.in_(salen) & Devolucion.id.in_(con_rebote) & Devolucion.id.not_in(aceptadas),
            corregida & Devolucion.id.not_in(esperan),
            Devolucion.estado.in_((*salen, EstadoDevolucion.REBOTADA)) & Devolucion.id.in_(esperan),
            Devolucion.estado.in_((EstadoDevolucion.REBOTADA, EstadoDevolucion.CORREGIDA))
            & Devolucion.id.not_in(con_rebote),
        )
    )
    for numero in db.session.scalars(mal.order_by(Devolucion.numero)):
        yield f"La devolución {numero} y la cuenta que la recibe no dicen lo mismo"
    repetidas = select(Devolucion.numero).join(
        Rebote,
        (Rebote.cuenta_origen == Devolucion.cuenta_origen)
        & (Rebote.referencia_bancaria == Devolucion.referencia_bancaria),
    )
    for numero in db.session.scalars(repetidas.order_by(Devolucion.numero)):
        yield f"La devolución {numero} tiene la referencia de una transferencia que volvió"
