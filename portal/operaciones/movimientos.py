"""Moves of facturas that a payment causes: conditional updates, each with its event; the row count says who won."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from portal.db import db
from portal.dominio.estados import EstadoFactura, EventoFactura, origenes_factura, siguiente_factura
from portal.models import EventoFactura as FilaEvento
from portal.models import Factura, PagoFactura


def mover_facturas(ids: Sequence[int], evento: EventoFactura, *, pago_id: int, ahora: datetime) -> list[int]:
    """Move each of `ids` that `evento` may move, and return those that moved. The others are left as they are."""
    movidas: list[int] = []
    for origen in origenes_factura(evento):
        destino = siguiente_factura(origen, evento)
        filas = db.session.execute(
            update(Factura)
            .where(Factura.id.in_(ids), Factura.estado == origen)
            .values(estado=destino)
            .returning(Factura.id)
            .execution_options(synchronize_session=False)
        ).scalars()
        nuevas = sorted(filas)
        if nuevas:
            db.session.execute(insert(FilaEvento), [_evento(i, origen, destino, evento, pago_id, ahora) for i in nuevas])
        movidas += nuevas
    return movidas


def _evento(
    factura_id: int, desde: EstadoFactura, hasta: EstadoFactura, evento: EventoFactura, pago_id: int, ahora: datetime
) -> dict[str, object]:
    return {
        "factura_id": factura_id,
        "en": ahora,
        "desde": desde.value,
        "hasta": hasta.value,
        "evento": evento.value,
        "pago_id": pago_id,
        "usuario_id": None,
    }


def facturas_vivas(pago_id: int) -> list[int]:
    """Ids of the facturas that the attempt still covers."""
    return list(
        db.session.scalars(select(PagoFactura.factura_id).where(PagoFactura.pago_id == pago_id, PagoFactura.viva))
    )


def soltar_facturas(pago_id: int, ahora: datetime) -> None:
    """Free what the attempt still covers: nobody paid it, so it is owed again."""
    ids = facturas_vivas(pago_id)
    if ids:
        mover_facturas(ids, EventoFactura.PAGO_NO_REALIZADO, pago_id=pago_id, ahora=ahora)
    db.session.execute(
        update(PagoFactura)
        .where(PagoFactura.pago_id == pago_id)
        .values(viva=False)
        .execution_options(synchronize_session=False)
    )


def adjudicar_facturas(pago_id: int, ids: Sequence[int]) -> None:
    """Let the attempt that paid `ids` cover them for good, and take them from any other that still did."""
    cubiertas = PagoFactura.factura_id.in_(ids)
    sin_sincronizar = {"synchronize_session": False}
    db.session.execute(
        update(PagoFactura)
        .where(cubiertas, PagoFactura.pago_id != pago_id)
        .values(viva=False)
        .execution_options(**sin_sincronizar)
    )
    db.session.execute(
        update(PagoFactura)
        .where(cubiertas, PagoFactura.pago_id == pago_id)
        .values(viva=True)
        .execution_options(**sin_sincronizar)
    )
