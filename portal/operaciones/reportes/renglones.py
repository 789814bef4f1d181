"""The rows that a figure of a report adds up: asientos, facturas, or exempt facturas. No person is named in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from portal.db import Pesos, db
from portal.dominio.calendario import BOGOTA
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import EstadoFactura
from portal.models import Factura, Liquidacion
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma
from portal.operaciones.paginas import POR_PAGINA, paginas_de
from portal.operaciones.reportes.exenciones import Exenta, exentas
from portal.operaciones.reportes.filtros import Filtro
from portal.operaciones.reportes.liquidado import emitidas
from portal.operaciones.reportes.movimientos import Columna, movimientos

NETO = "neto"
COBRADO, SALDO_DEVUELTO = "cobrado", "saldo_devuelto"
LIQUIDADO, SIN_EFECTO, PENDIENTE = "liquidado", "sin_efecto", "pendiente"
COSTO, BASE, SIN_COSTO = "costo", "base", "sin_costo"
COLUMNAS_DEL_LIBRO = (*(c.value for c in Columna), NETO)
COLUMNAS_DE_LO_COBRADO = (COBRADO, SALDO_DEVUELTO, NETO)
COLUMNAS_DE_FACTURAS = (LIQUIDADO, SIN_EFECTO, PENDIENTE)
COLUMNAS_DE_EXENCIONES = (COSTO, BASE, SIN_COSTO)
_SIN_PAGAR = (EstadoFactura.LIQUIDADA, EstadoFactura.EN_VERIFICACION, EstadoFactura.REVERTIDA)


@dataclass(frozen=True)
class Fila:
    """One row: `asiento` or `factura` number (0: none), its Colombian day, what it is about, and its pesos.

    `clase` is the asiento's class or the factura's state; `liquidacion`, the code of its page, empty when there is none.
    `valor` None: nobody can tell.
    """

    dia: date
    asiento: int
    factura: int
    clase: str
    que: str
    acto: str
    entidad: str
    canal: str
    liquidacion: str
    valor: Decimal | None
    motivo: str = ""


@dataclass(frozen=True)
class Listado:
    """Some of the rows; `total` counts all of them and `suma` adds all of them up, in pesos."""

    filas: Sequence[Fila]
    total: int
    suma: Decimal
    numero: int
    registros: int = POR_PAGINA

    @property
    def paginas(self) -> int:
        return paginas_de(self.total, self.registros)


@dataclass(frozen=True)
class Cuales:
    """What rows are asked for: those behind `columna` of a report under a filter; `regla`, of an exemption."""

    reporte: str
    columna: str
    filtro: Filtro
    regla: str = ""


def listar(cuales: Cuales, plan: PlanDeCuentas, *, pagina: int = 1, limite: int = POR_PAGINA) -> Listado:
    """A page of the rows; beyond the last page, the last. `limite`: how many rows fit in one.

    Raises `DatoInvalido` (campo `columna`) for a column that the report does not have.
    """
    if cuales.reporte == "exenciones" and cuales.columna in COLUMNAS_DE_EXENCIONES:
        return _listar_exentas(cuales, pagina, limite)
    orden, leer = _orden(cuales, plan)
    todas = orden.subquery()
    total, suma = db.session.execute(
        select(func.count(), func.coalesce(func.sum(todas.c.pesos, type_=Pesos()), 0)).select_from(todas)
    ).one()
    numero = _numero(pagina, total, limite)
    filas = db.session.execute(
        select(todas).order_by(todas.c.instante, todas.c.numero).limit(limite).offset((numero - 1) * limite)
    )
    return Listado([leer(fila) for fila in filas], total, Decimal(suma), numero, limite)


def anotar_consulta(cuales: Cuales, listado: Listado, firma: Firma) -> None:
    """Note that somebody looked at those rows. The filter holds no number of identity."""
    anotar(
        "reporte.renglones",
        f"reporte:{cuales.reporte}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        columna=cuales.columna,
        regla=cuales.regla,
        renglones=listado.total,
        **{clave: str(valor) for clave, valor in vars(cuales.filtro).items() if valor},
    )


def _numero(pagina: int, total: int, limite: int) -> int:
    return min(max(pagina, 1), max(1, -(-total // limite)))


def _orden(cuales: Cuales, plan: PlanDeCuentas) -> tuple[Select[Any], Callable[[Row[Any]], Fila]]:
    reporte, columna = cuales.reporte, cuales.columna
    if reporte == "recaudo" and columna in COLUMNAS_DEL_LIBRO:
        return _asientos(cuales, plan, por_emision=False), _de_asiento
    if reporte == "liquidado" and columna in COLUMNAS_DE_LO_COBRADO:
        return _asientos(cuales, plan, por_emision=True), _de_asiento
    if reporte == "liquidado" and columna in COLUMNAS_DE_FACTURAS:
        return _facturas(cuales), _de_factura
    raise DatoInvalido("Ese reporte no tiene esa columna.", "columna")


def _asientos(cuales: Cuales, plan: PlanDeCuentas, *, por_emision: bool) -> Select[Any]:
    filas = movimientos(cuales.filtro, plan, detalle=True, por_emision=por_emision)
    columna = cuales.columna
    pesos: ColumnElement[Decimal] = filas.c.valor if columna in tuple(Columna) else filas.c.neto
    if columna == SALDO_DEVUELTO:
        pesos = -filas.c.neto
    orden = (
        select(filas, pesos.label("pesos"), Liquidacion.codigo.label("liquidacion"))
        .outerjoin(Liquidacion, Liquidacion.id == filas.c.liquidacion_id)
        .select_from(filas)
    )
    if columna in tuple(Columna):
        orden = orden.where(filas.c.columna == columna)
    if por_emision:
        orden = orden.where(~filas.c.espera)
        if columna != NETO:
            orden = orden.where(filas.c.sin_factura if columna == SALDO_DEVUELTO else ~filas.c.sin_factura)
    return orden


def _facturas(cuales: Cuales) -> Select[Any]:
    estados = {SIN_EFECTO: (EstadoFactura.SIN_EFECTO,), PENDIENTE: _SIN_PAGAR}.get(cuales.columna)
    orden = emitidas(
        cuales.filtro,
        Factura.numero,
        Factura.estampilla,
        Factura.acto,
        Factura.estado,
        Factura.valor.label("pesos"),
        Liquidacion.contratante,
        Liquidacion.codigo.label("liquidacion"),
        Liquidacion.emitida_en.label("instante"),
    )
    return orden.where(Factura.estado.in_(estados)) if estados else orden


def _de_asiento(fila: Row[Any]) -> Fila:
    return Fila(
        dia=_dia(fila.instante),
        asiento=fila.numero,
        factura=fila.factura or 0,
        clase=fila.clase.value,
        que=fila.que,
        acto=fila.acto,
        entidad=fila.contratante,
        canal=fila.canal.value,
        liquidacion="" if fila.espera else fila.liquidacion or "",
        valor=fila.pesos,
    )


def _de_factura(fila: Row[Any]) -> Fila:
    return Fila(
        dia=_dia(fila.instante),
        asiento=0,
        factura=fila.numero,
        clase=fila.estado.value,
        que=fila.estampilla,
        acto=fila.acto,
        entidad=fila.contratante,
        canal="",
        liquidacion=fila.liquidacion,
        valor=fila.pesos,
    )


def _listar_exentas(cuales: Cuales, pagina: int, limite: int) -> Listado:
    filas = [_de_exenta(una, cuales.columna) for una in exentas(cuales.filtro, cuales.regla)]
    if cuales.columna == SIN_COSTO:
        filas = [fila for fila in filas if fila.valor is None]
    numero = _numero(pagina, len(filas), limite)
    suma = sum((fila.valor or Decimal(0) for fila in filas), Decimal(0))
    return Listado(filas[(numero - 1) * limite : numero * limite], len(filas), suma, numero, limite)


def _de_exenta(una: Exenta, columna: str) -> Fila:
    return Fila(
        dia=_dia(una.emitida_en),
        asiento=0,
        factura=una.factura,
        clase="",
        que=una.estampilla,
        acto=una.acto,
        entidad=una.contratante,
        canal="",
        liquidacion=una.liquidacion,
        valor=una.base or Decimal(0) if columna == BASE else una.costo,
        motivo=una.motivo,
    )


def _dia(instante: datetime) -> date:
    return instante.astimezone(BOGOTA).date()
