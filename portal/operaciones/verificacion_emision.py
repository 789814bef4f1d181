"""The invariants of what was issued, for `portal.operaciones.verificacion`: one Spanish sentence per row that breaks one."""

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from portal.db import db
from portal.dominio.estados import EstadoFactura, EventoFactura
from portal.models import (
    Adhesion,
    Caso,
    Consecutivo,
    Consignacion,
    Declaracion,
    Factura,
    Liquidacion,
    OrdenTesoreria,
    SinEfecto,
)
from portal.models import EventoFactura as FilaEvento


def emitido_sin_efecto() -> Iterator[str]:
    """What was voided was voided whole, with its reason."""
    consulta = (
        select(Liquidacion.numero)
        .outerjoin(SinEfecto)
        .where(Liquidacion.vigente == SinEfecto.liquidacion_id.is_not(None))
    )
    for (numero,) in db.session.execute(consulta):
        yield f"La liquidación {numero} y su anulación no dicen lo mismo"
    # One that was paid without being owed goes alone: the money went back and the rest of the liquidación stands.
    devueltas = select(FilaEvento.factura_id).where(FilaEvento.evento == EventoFactura.DEVUELTA.value)
    mezcladas = (
        select(Liquidacion.numero)
        .join(Factura)
        .where(
            or_(
                and_(Factura.estado != EstadoFactura.SIN_EFECTO, ~Liquidacion.vigente),
                and_(Factura.estado == EstadoFactura.SIN_EFECTO, Liquidacion.vigente, Factura.id.not_in(devueltas)),
            )
        )
        .distinct()
    )
    for (numero,) in db.session.execute(mezcladas):
        yield f"La liquidación {numero} y sus facturas no dicen lo mismo"


def siguientes_numeros() -> Iterator[str]:
    """The next number of each series goes after the last one used."""
    series = (
        ("liquidacion", Liquidacion.numero),
        ("factura", Factura.numero),
        ("caso", Caso.numero),
        ("orden", OrdenTesoreria.numero),
        ("adhesion", Adhesion.numero),
        ("consignacion", Consignacion.numero),
        ("declaracion", Declaracion.numero),
    )
    for serie, columna in series:
        mayor = db.session.scalar(select(func.max(columna))) or 0
        siguiente = db.session.scalar(select(Consecutivo.siguiente).where(Consecutivo.serie == serie)) or 1
        if siguiente <= mayor:
            yield f"El próximo número de {serie} es {siguiente} y ya existe el {mayor}"
