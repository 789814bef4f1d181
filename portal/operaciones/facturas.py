"""Moving facturas along their graph: one conditional UPDATE that the database settles, one event row for each that moved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal.db import db
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EventoFactura, origenes_factura, siguiente_factura
from portal.models import AdhesionFactura, Factura
from portal.models import EventoFactura as FilaEvento


def mover_facturas(
    ids: Sequence[int],
    evento: EventoFactura,
    *,
    ahora: datetime,
    pago_id: int | None = None,
    usuario_id: int | None = None,
    desde: Sequence[EstadoFactura] | None = None,
) -> list[int]:
    """Apply `evento` to those of `ids` whose state allows it, and return the ids that moved.

    `desde` narrows the states it may leave. Whoever else tries at the same time moves the others, never the same.
    """
    movidas: list[int] = []
    for origen in desde or origenes_factura(evento):
        destino = siguiente_factura(origen, evento)
        orden = (
            update(Factura)
            .where(Factura.id.in_(ids), Factura.estado == origen)
            .values(estado=destino)
            .returning(Factura.id)
            .execution_options(synchronize_session=False)
        )
        tocadas = sorted(db.session.scalars(orden))
        db.session.add_all(
            FilaEvento(
                factura_id=i,
                en=ahora,
                desde=origen.value,
                hasta=destino.value,
                evento=evento.value,
                pago_id=pago_id,
                usuario_id=usuario_id,
            )
            for i in tocadas
        )
        movidas += tocadas
    db.session.flush()
    _refrescar(movidas)
    return movidas


def legalizar_facturas(ids: Sequence[int], *, ahora: datetime, pago_id: int | None) -> list[int]:
    """Apply a confirmed payment to those of `ids` that it is owed of, and return the ids that moved.

    One whose adhesion stands (used, then taken back by the bank, now paid again) goes back to *Utilizada*: it serves no second
    act. Whoever undoes an adhesion takes the same locks, which the caller holds.
    """
    usadas = set(
        db.session.scalars(
            select(AdhesionFactura.factura_id).where(AdhesionFactura.factura_id.in_(ids), AdhesionFactura.viva)
        )
    )
    libres = [i for i in ids if i not in usadas]
    return mover_facturas(libres, EventoFactura.PAGO_APROBADO, ahora=ahora, pago_id=pago_id) + mover_facturas(
        sorted(usadas), EventoFactura.PAGO_APROBADO_DE_USADA, ahora=ahora, pago_id=pago_id
    )


def _refrescar(ids: Sequence[int]) -> None:
    """Objects already in the session must show what the UPDATE did."""
    for objeto in db.session.identity_map.values():
        if isinstance(objeto, Factura) and objeto.id in ids:
            db.session.expire(objeto, ["estado"])


def bloquear_facturas(ids: Sequence[int]) -> None:
    """Lock the rows in one order, so that two acts over the same facturas wait instead of deadlocking (no-op on SQLite)."""
    db.session.execute(select(Factura.id).where(Factura.id.in_(ids)).order_by(Factura.id).with_for_update())


def se_debe(factura: Factura) -> bool:
    """Whether money that came may legalise it, overdue or not: worth something, unpaid, and not collected by parts."""
    por_partes = factura.estado is EstadoFactura.LIQUIDADA and factura.liquidacion.por_retencion
    return factura.valor > 0 and not por_partes and factura.estado in origenes_factura(EventoFactura.PAGO_APROBADO)


def exigir_debidas(facturas: Sequence[Factura]) -> None:
    """Lock facturas and look at them again. Raises `TransicionNoPermitida` naming one of which nothing is owed."""
    bloquear_facturas([f.id for f in facturas])
    for factura in facturas:
        db.session.refresh(factura, ["estado"])
        if not se_debe(factura):
            raise TransicionNoPermitida(f"La factura {factura.numero} ya no se debe. No se movió dinero.")
