"""What Consulta Pública reads: the facturas of one exact document, number or contract. Nothing is ever listed at large."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from portal import directo
from portal.dominio.estados import PAGABLES, EstadoFactura, EstadoPublico, estado_publico
from portal.models import Adhesion, AdhesionFactura, Factura, Liquidacion
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion, numero_en_palabras
from portal.operaciones.expedientes import del_contratista

# A person with more rows than this is served by the office, not by a public page.
MAXIMO_FILAS = 5000


class FilaConsulta(NamedTuple):
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


@dataclass(frozen=True)
class Franja:
    """Which rows of those found: `cuantas`, from the one number `desde` (the first is 0)."""

    desde: int = 0
    cuantas: int = MAXIMO_FILAS


TODO = Franja()


@dataclass(frozen=True)
class Hallado:
    """The rows of a stretch, which begins at `desde`, and what is true of all that were found."""

    filas: Sequence[FilaConsulta]
    desde: int
    total: int
    estados: Collection[EstadoPublico]
    provisional: bool


class _Preguntas(NamedTuple):
    """What is asked of the database for one kind of look-up. Built once: assembling a statement costs more than running it."""

    primeras: Select
    siguientes: Select
    resumen: Select


class _Grupo(NamedTuple):
    """How many facturas of a look-up are alike, as `resumen` tells it."""

    estado: EstadoFactura
    por_retencion: bool
    provisional: bool
    vencida: bool
    cuantas: int


# In the order in which `_fila` takes them.
_COLUMNAS = (
    Factura.numero,
    Factura.estampilla_nombre,
    Factura.valor,
    Factura.estado,
    Factura.explicacion,
    Liquidacion.fecha_limite,
    Liquidacion.por_retencion,
    Liquidacion.tipo_documento,
    Liquidacion.documento,
    Liquidacion.nombre,
    Liquidacion.clase,
    Liquidacion.acto_nombre,
    Liquidacion.numero_contrato,
    Liquidacion.adicion,
    Liquidacion.cuenta,
    Liquidacion.contratante,
    Liquidacion.valor_acto,
    Liquidacion.provisional,
    Adhesion.en.label("usada_en"),
    Adhesion.dependencia.label("usada_donde"),
)


def _preguntas(*condiciones: ColumnElement[bool]) -> _Preguntas:
    """The rows in the order of their issue, which is that of the indexes: a page reads no more than what comes before it."""
    en_pie = and_(AdhesionFactura.factura_id == Factura.id, AdhesionFactura.viva)
    usos = select(*_COLUMNAS).join(Factura.liquidacion).outerjoin(AdhesionFactura, en_pie).outerjoin(Adhesion)
    ordenadas = usos.order_by(Liquidacion.id, Factura.orden)
    primeras = ordenadas.where(*condiciones).limit(bindparam("cuantas"))
    # Which rows, before what they say: of those that come before a page no more is read than an index holds.
    lugar = (Factura.liquidacion_id, Factura.orden)
    halladas = select(*lugar).join(Factura.liquidacion).where(*condiciones).order_by(Liquidacion.id, Factura.orden)
    cuales = halladas.limit(bindparam("cuantas")).offset(bindparam("desde")).subquery()
    en_su_lugar = (columna == cuales.c[columna.key] for columna in lugar)
    siguientes = ordenadas.join(cuales, and_(*en_su_lugar))
    vencida = (Liquidacion.fecha_limite < bindparam("hoy")).label("vencida")
    clases = (Factura.estado, Liquidacion.por_retencion, Liquidacion.provisional, vencida)
    todas = select(*clases).join(Factura.liquidacion).where(*condiciones).limit(MAXIMO_FILAS).subquery()
    resumen = select(*todas.c, func.count().label("cuantas")).group_by(*todas.c)
    return _Preguntas(primeras, siguientes, resumen)


_POR_DOCUMENTO = _preguntas(
    Liquidacion.documento == bindparam("documento"), Liquidacion.tipo == TipoLiquidacion.TRAMITE
)
# A union, because neither engine finds an index for the number of one table OR that of another.
_CON_NUMERO = (
    select(Factura.id)
    .where(Factura.numero == bindparam("numero"))
    .union(select(Factura.id).join(Factura.liquidacion).where(Liquidacion.numero == bindparam("numero")))
)
_POR_NUMERO = _preguntas(Factura.id.in_(_CON_NUMERO))
_POR_CONTRATO = _preguntas(
    Liquidacion.id.in_(del_contratista(bindparam("documento"))),
    Liquidacion.vigencia == bindparam("vigencia"),
    Liquidacion.numero_contrato == bindparam("numero_contrato"),
    Liquidacion.tipo == TipoLiquidacion.CONTRATO,
)


def de_tramite(documento: str, hoy: date, franja: Franja = TODO) -> Hallado:
    """Facturas of the trámites of a person; failing that, those of the factura or liquidación with that number.

    `documento` comes from `leer_documento_de_consulta`.
    """
    hallado = _hallar(_POR_DOCUMENTO, franja, hoy, True, documento=documento)
    if hallado.total or not documento.isdigit() or len(documento) > 15:
        return hallado
    return _hallar(_POR_NUMERO, franja, hoy, False, numero=int(documento))


def de_contrato(vigencia: int, nit: str, numero_contrato: str, hoy: date, franja: Franja = TODO) -> Hallado:
    """Facturas of one contract of a contractor, or of a member of its consorcio; the three data must match exactly."""
    return _hallar(_POR_CONTRATO, franja, hoy, True, vigencia=vigencia, documento=nit, numero_contrato=numero_contrato)


def _hallar(preguntas: _Preguntas, franja: Franja, hoy: date, por_documento: bool, **valores: object) -> Hallado:
    """One question when all that there is fits in the stretch, as almost always; a stretch beyond the end is the last one."""

    def filas_desde(desde: int) -> list[FilaConsulta]:
        # One more than asked for says whether there are others.
        pedido = valores | {"cuantas": min(franja.cuantas + 1, MAXIMO_FILAS - desde)}
        leidas = (
            directo.filas(preguntas.siguientes, pedido | {"desde": desde})
            if desde
            else directo.filas(preguntas.primeras, pedido)
        )
        return [_fila(f, hoy, por_documento) for f in leidas]

    filas = filas_desde(franja.desde) if franja.desde < MAXIMO_FILAS else []
    if franja.desde == 0 and (len(filas) <= franja.cuantas):
        return Hallado(filas, 0, len(filas), {f.estado for f in filas}, any(f.provisional for f in filas))
    grupos = [_Grupo(*g) for g in directo.filas(preguntas.resumen, valores | {"hoy": hoy})]
    total = sum(g.cuantas for g in grupos)
    desde = min(franja.desde, max(total - 1, 0) // franja.cuantas * franja.cuantas)
    if desde != franja.desde:
        filas = filas_desde(desde)
    estados = {
        estado_publico(g.estado, hoy - timedelta(days=g.vencida), hoy, por_retencion=g.por_retencion) for g in grupos
    }
    return Hallado(filas[: franja.cuantas], desde, total, estados, any(g.provisional for g in grupos))


def _fila(f: Sequence[Any], hoy: date, por_documento: bool) -> FilaConsulta:
    # All at once: to ask a row for twenty columns by their names takes longer than to read it.
    (
        factura, estampilla, valor, estado, explicacion,
        fecha_limite, por_retencion, tipo_documento, documento, nombre, clase, acto,
        numero_contrato, adicion, cuenta, contratante, valor_contrato, provisional,
        usada_en, usada_donde,
    ) = f  # fmt: skip
    publico = estado_publico(estado, fecha_limite, hoy, por_retencion=por_retencion)
    return FilaConsulta(
        factura=factura,
        estampilla=estampilla,
        valor=valor,
        estado=publico,
        pagable=publico in PAGABLES and valor > 0,
        tipo_documento=tipo_documento,
        documento=documento,
        nombre=nombre,
        natural=clase is ClaseContribuyente.NATURAL,
        acto=acto,
        numero_contrato=numero_en_palabras(numero_contrato or "", adicion, cuenta),
        contratante=contratante,
        valor_contrato=valor_contrato,
        provisional=provisional,
        explicacion=explicacion,
        por_documento=por_documento,
        usada_en=usada_en,
        usada_donde=usada_donde or "",
    )
