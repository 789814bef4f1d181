"""Moving facturas along their graph: one conditional UPDATE that the database settles, one event row for each that moved."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select, update

from portal.db import db, tabla
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EventoFactura, origenes_factura, siguiente_factura
from portal.models import AdhesionFactura, Factura
from portal.models import EventoFactura as FilaEvento

_FACTURA, _ADHESION = tabla(Factura), tabla(AdhesionFactura)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_ANOTAR = insert(tabla(FilaEvento))
_MOVER = (
    update(_FACTURA)
    .where(_FACTURA.c.id.in_(_IDS), _FACTURA.c.estado == bindparam("origen"))
    .values(estado=bindparam("destino"))
    .returning(_FACTURA.c.id)
)
_BLOQUEAR = (
    select(_FACTURA.c.id, _FACTURA.c.estado).where(_FACTURA.c.id.in_(_IDS)).order_by(_FACTURA.c.id).with_for_update()
)
_USADAS = select(_ADHESION.c.factura_id).where(_ADHESION.c.factura_id.in_(_IDS), _ADHESION.c.viva)


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
    if not ids:
        return []
    movidas: list[int] = []
    anotaciones: list[dict[str, Any]] = []
    for origen in origenes_factura(evento) if desde is None else desde:
        destino = siguiente_factura(origen, evento)
        tocadas = sorted(db.session.scalars(_MOVER, {"ids": list(ids), "origen": origen, "destino": destino}))
        fijo = {"en": ahora, "desde": origen.value, "hasta": destino.value, "evento": evento.value}
        quien = {"pago_id": pago_id, "usuario_id": usuario_id}
        anotaciones += [{"factura_id": i, **fijo, **quien} for i in tocadas]
        movidas += tocadas
    if anotaciones:
        db.session.execute(_ANOTAR, anotaciones)
    _refrescar(movidas)
    return movidas


def legalizar_facturas(estados: Mapping[int, EstadoFactura], *, ahora: datetime, pago_id: int | None) -> list[int]:
    """Apply a confirmed payment to those facturas that it is owed of, and return the ids that moved. `estados`: as they stand
    locked (`bloquear_facturas`).

    One whose adhesion stands (used, then taken back by the bank, now paid again) goes back to *Utilizada*: it serves no second
    act. Whoever undoes an adhesion takes the same locks.
    """
    ids = sorted(estados)
    usadas = set(db.session.scalars(_USADAS, {"ids": ids}))
    movidas: list[int] = []
    for evento, cuales in (
        (EventoFactura.PAGO_APROBADO, [i for i in ids if i not in usadas]),
        (EventoFactura.PAGO_APROBADO_DE_USADA, sorted(usadas)),
    ):
        # Nobody else moves them while they are locked: only the states that they are in have anything to move.
        desde = sorted({estados[i] for i in cuales} & set(origenes_factura(evento)))
        movidas += mover_facturas(cuales, evento, ahora=ahora, pago_id=pago_id, desde=desde)
    return movidas


def _refrescar(ids: Sequence[int]) -> None:
    """Objects already in the session must show what the UPDATE did."""
    for objeto in db.session.identity_map.values():
        if isinstance(objeto, Factura) and objeto.id in ids:
            db.session.expire(objeto, ["estado"])


def bloquear_facturas(ids: Sequence[int]) -> dict[int, EstadoFactura]:
    """Lock the rows in one order, so that two acts over the same facturas wait instead of deadlocking (on SQLite the whole
    transaction is the lock); the states in which they stand locked."""
    return {fila.id: fila.estado for fila in db.session.execute(_BLOQUEAR, {"ids": list(ids)})}


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
