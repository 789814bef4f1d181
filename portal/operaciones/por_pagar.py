"""What `/pago` finds: whole liquidaciones, so that one payment covers the stamps of one act."""

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.dominio.estados import ESTADOS_VIVOS
from portal.models import Factura, Liquidacion, Pago
from portal.operaciones.expedientes import del_contratista


def vivo_de(liquidaciones: Sequence[Liquidacion], codigos: Sequence[str]) -> Pago | None:
    """The unresolved attempt over any of those liquidaciones, among the attempts with those codes."""
    ids = [x.id for x in liquidaciones]
    return db.session.scalar(
        select(Pago)
        .where(Pago.codigo.in_(codigos), Pago.liquidacion_id.in_(ids), Pago.estado.in_(ESTADOS_VIVOS))
        .order_by(Pago.id.desc())
        .limit(1)
    )


def por_ids(ids: Sequence[int]) -> list[Liquidacion]:
    """Those liquidaciones with their facturas, in the order of `ids`."""
    pedidas = select(Liquidacion).where(Liquidacion.id.in_(ids)).options(selectinload(Liquidacion.facturas))
    por_id = {x.id: x for x in db.session.scalars(pedidas)}
    return [por_id[i] for i in ids if i in por_id]


# Built once: assembling a statement costs more than running it.
_CON_FACTURAS = (
    select(Liquidacion).options(selectinload(Liquidacion.facturas)).order_by(Liquidacion.id.desc()).limit(50)
)
_DE_TRAMITE = _CON_FACTURAS.where(Liquidacion.documento == bindparam("documento"), Liquidacion.tipo == "tramite")
_DE_NUMERO = _CON_FACTURAS.where(
    or_(
        Liquidacion.numero == bindparam("numero"),
        Liquidacion.id.in_(select(Factura.liquidacion_id).where(Factura.numero == bindparam("numero"))),
    )
)
_DE_CONTRATO = _CON_FACTURAS.where(
    Liquidacion.id.in_(del_contratista(bindparam("documento"))),
    Liquidacion.vigencia == bindparam("vigencia"),
    Liquidacion.numero_contrato == bindparam("numero_contrato"),
    Liquidacion.tipo == "contrato",
)


def de_tramite(documento: str) -> list[Liquidacion]:
    """The trámites of a person; failing that, the liquidación that holds a factura (or has itself) that number."""
    halladas = list(db.session.scalars(_DE_TRAMITE, {"documento": documento}))
    if halladas or not documento.isdigit() or len(documento) > 15:
        return halladas
    return list(db.session.scalars(_DE_NUMERO, {"numero": int(documento)}))


def de_contrato(vigencia: int, nit: str, numero_contrato: str) -> list[Liquidacion]:
    """The liquidaciones of one contract of a contractor, or of a member of its consorcio; the three data must match exactly."""
    valores = {"documento": nit, "vigencia": vigencia, "numero_contrato": numero_contrato}
    return list(db.session.scalars(_DE_CONTRATO, valores))
