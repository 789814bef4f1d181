"""What Consulta Pública reads: the facturas of one exact document, number or contract. Nothing is ever listed at large."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Row, Select, and_, bindparam, or_, select

from portal.db import db
from portal.dominio.estados import PAGABLES, EstadoPublico, estado_publico
from portal.models import Adhesion, AdhesionFactura, Factura, Liquidacion
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion, numero_en_palabras
from portal.operaciones.expedientes import del_contratista

# A person with more rows than this is served by the office, not by a public page.
MAXIMO_FILAS = 5000


@dataclass(frozen=True)
class FilaConsulta:
    """One factura as a look-up needs it. `por_documento` says that the searcher already knew the document."""

    factura: int
    estampilla: str
    valor: Decimal
    estado: EstadoPublico
    pagable: bool
    tipo_documento: str
    documento: str
    nombre: str
    natural: bool
    acto: str
    numero_contrato: str
    contratante: str
    valor_contrato: Decimal | None
    provisional: bool
    explicacion: str
    por_documento: bool
    # When and where it was attached to its act and cancelled; nobody's name.
    usada_en: datetime | None = None
    usada_donde: str = ""


def _seleccion() -> Select:
    columnas = (
        Factura.numero,
        Factura.estampilla_nombre,
        Factura.valor,
        Factura.estado,
        Factura.explicacion,
        Liquidacion.fecha_limite,
        Liquidacion.tipo_documento,
        Liquidacion.documento,
        Liquidacion.nombre,
        Liquidacion.clase,
        Liquidacion.acto_nombre,
        Liquidacion.numero_contrato,
        Liquidacion.contratante,
        Liquidacion.valor_acto,
        Liquidacion.provisional,
        Liquidacion.por_retencion,
        Liquidacion.adicion,
        Liquidacion.cuenta,
        Adhesion.en.label("usada_en"),
        Adhesion.dependencia.label("usada_donde"),
    )
    en_pie = and_(AdhesionFactura.factura_id == Factura.id, AdhesionFactura.viva)
    usos = select(*columnas).join(Factura.liquidacion).outerjoin(AdhesionFactura, en_pie).outerjoin(Adhesion)
    return usos.order_by(Factura.numero).limit(MAXIMO_FILAS)


# Built once: assembling a statement costs more than running it.
_POR_DOCUMENTO = _seleccion().where(
    Liquidacion.documento == bindparam("documento"), Liquidacion.tipo == TipoLiquidacion.TRAMITE
)
_POR_NUMERO = _seleccion().where(or_(Factura.numero == bindparam("numero"), Liquidacion.numero == bindparam("numero")))
_POR_CONTRATO = _seleccion().where(
    Liquidacion.id.in_(del_contratista(bindparam("documento"))),
    Liquidacion.vigencia == bindparam("vigencia"),
    Liquidacion.numero_contrato == bindparam("numero_contrato"),
    Liquidacion.tipo == TipoLiquidacion.CONTRATO,
)


def de_tramite(documento: str, hoy: date) -> list[FilaConsulta]:
    """Facturas of the trámites of a person; failing that, those of the factura or liquidación with that number.

    `documento` comes from `leer_documento_de_consulta`.
    """
    filas = _leer(_POR_DOCUMENTO, hoy, True, documento=documento)
    if filas or not documento.isdigit() or len(documento) > 15:
        return filas
    return _leer(_POR_NUMERO, hoy, False, numero=int(documento))


def de_contrato(vigencia: int, nit: str, numero_contrato: str, hoy: date) -> list[FilaConsulta]:
    """Facturas of one contract of a contractor, or of a member of its consorcio; the three data must match exactly."""
    return _leer(_POR_CONTRATO, hoy, True, vigencia=vigencia, documento=nit, numero_contrato=numero_contrato)


def _leer(seleccion: Select, hoy: date, por_documento: bool, **valores: object) -> list[FilaConsulta]:
    return [_fila(f, hoy, por_documento) for f in db.session.execute(seleccion, valores)]


def _fila(f: Row, hoy: date, por_documento: bool) -> FilaConsulta:
    publico = estado_publico(f.estado, f.fecha_limite, hoy, por_retencion=f.por_retencion)
    return FilaConsulta(
        factura=f.numero,
        estampilla=f.estampilla_nombre,
        valor=f.valor,
        estado=publico,
        pagable=publico in PAGABLES and f.valor > 0,
        tipo_documento=f.tipo_documento,
        documento=f.documento,
        nombre=f.nombre,
        natural=f.clase is ClaseContribuyente.NATURAL,
        acto=f.acto_nombre,
        numero_contrato=numero_en_palabras(f.numero_contrato or "", f.adicion, f.cuenta),
        contratante=f.contratante,
        valor_contrato=f.valor_acto,
        provisional=f.provisional,
        explicacion=f.explicacion,
        por_documento=por_documento,
        usada_en=f.usada_en,
        usada_donde=f.usada_donde or "",
    )
