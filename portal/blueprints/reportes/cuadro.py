"""A report as screen, paper and spreadsheet show it: one table whose figures lead to their rows, charts and words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import url_for

from portal.documentos.libro import Celda as CeldaDeHoja
from portal.documentos.libro import Hoja, PorCiento
from portal.dominio.dinero import escribir_miles, escribir_pesos
from portal.operaciones.reportes.filtros import Filtro
from portal.web.graficas import Dibujo


@dataclass(frozen=True)
class Celda:
    """What people read, what a spreadsheet keeps, and where the figure leads."""

    texto: str
    valor: CeldaDeHoja
    enlace: str = ""
    es_cifra: bool = False


@dataclass(frozen=True)
class Fila:
    """A row; the totals are told apart, because files of plain rows leave them out."""

    celdas: Sequence[Celda]
    es_total: bool = False
    nota: str = ""


@dataclass(frozen=True)
class Cuadro:
    """A table; `columnas` are its titles, those of figures marked."""

    titulo: str
    columnas: Sequence[tuple[str, bool]]
    filas: Sequence[Fila]

    def hoja(self, notas: Sequence[str], *, con_totales: bool) -> Hoja:
        """The same as a sheet, with a column of notes when some row has one."""
        quedan = [f for f in self.filas if con_totales or not f.es_total]
        con_nota = any(f.nota for f in quedan)
        filas = [[*(c.valor for c in f.celdas), *((f.nota,) if con_nota else ())] for f in quedan]
        titulos = [titulo for titulo, _ in self.columnas] + (["Nota"] if con_nota else [])
        return Hoja(self.titulo, titulos, filas, notas)


@dataclass(frozen=True)
class Presentacion:
    """A report ready to be shown. `avisos`: class and sentence, before the table; `ayudas`, sentences after it."""

    cuadro: Cuadro
    graficas: Sequence[Dibujo] = ()
    avisos: Sequence[tuple[str, str]] = ()
    ayudas: Sequence[str] = ()
    notas: Sequence[str] = field(default_factory=tuple)


def texto(que: str) -> Celda:
    """A cell of words."""
    return Celda(que, que)


def pesos(valor: Decimal, enlace: str = "", *, aun_en_cero: bool = False) -> Celda:
    """A figure of pesos that leads to its rows; nothing has none, unless `aun_en_cero` says that they may cancel out."""
    return Celda(escribir_pesos(valor), valor, enlace if valor or aun_en_cero else "", es_cifra=True)


def cuantos(valor: int, enlace: str = "") -> Celda:
    """A count that leads to what it counts."""
    return Celda(escribir_miles(valor), valor, enlace if valor else "", es_cifra=True)


def porcentaje(parte: Decimal, todo: Decimal) -> Celda:
    """What one amount is of another, with one decimal; it adds nothing up, so it leads nowhere."""
    if not todo:
        return Celda("—", None, es_cifra=True)
    return por_ciento((parte * 100 / todo).quantize(Decimal("0.1")))


def por_ciento(valor: Decimal) -> Celda:
    """Per cents as they are."""
    return Celda(f"{escribir_por_ciento(valor)} %", PorCiento(valor), es_cifra=True)


def escribir_por_ciento(valor: Decimal) -> str:
    """`33,3`, without zeros beyond need."""
    return f"{valor.normalize():f}".replace(".", ",")


def enlace(reporte: str, columna: str, filtro: Filtro, **otros: str) -> str:
    """The address of the rows behind a figure."""
    dicho: dict[str, Any] = {clave: str(valor) for clave, valor in vars(filtro).items() if valor}
    return url_for("reportes.renglones", de=reporte, columna=columna, **(dicho | otros))
