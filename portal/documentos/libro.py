"""Spreadsheets: sheets of plain rows become one XLSX or CSV file that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Celda = str | int | Decimal | date | None

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_ANCHO_MAXIMO = 60
# A file that says when it was made would never be made twice with the same bytes.
_CREADO = datetime(1980, 1, 1)  # noqa: DTZ001 (the format has no time zone)


class PorCiento(Decimal):
    """A cell of per cents; any other decimal is pesos."""


@dataclass(frozen=True)
class Hoja:
    """One sheet. `notas` stand above the table: where the rows come from, and by which filter. Decimals are pesos."""

    nombre: str
    columnas: Sequence[str]
    filas: Sequence[Sequence[Celda]]
    notas: Sequence[str] = ()


def escribir_xlsx(hojas: Sequence[Hoja]) -> bytes:
    """One XLSX with a sheet per table: bold headings that stay in sight, real numbers and dates, text never a formula.

    Equal sheets give equal bytes.
    """
    # Only who downloads a spreadsheet loads its library.
    import xlsxwriter

    salida = io.BytesIO()
    opciones = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(salida, opciones) as libro:
        libro.set_properties({"created": _CREADO})
        titulo = libro.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        pesos = libro.add_format({"num_format": "$ #,##0.00"})
        por_ciento = libro.add_format({"num_format": '0.0# "%"'})
        dia = libro.add_format({"num_format": "yyyy-mm-dd"})
        largo = libro.add_format({"text_wrap": True, "valign": "top"})
        for hoja in hojas:
            pagina = libro.add_worksheet(hoja.nombre[:31])
            for fila, nota in enumerate(hoja.notas):
                pagina.write_string(fila, 0, nota)
            cabeza = len(hoja.notas) + bool(hoja.notas)
            pagina.write_row(cabeza, 0, hoja.columnas, titulo)
            pagina.freeze_panes(cabeza + 1, 0)
            for columna, ancho in enumerate(_anchos(hoja)):
                pagina.set_column(columna, columna, ancho)
            for fila, celdas in enumerate(hoja.filas, start=cabeza + 1):
                for columna, celda in enumerate(celdas):
                    formato = pesos if isinstance(celda, Decimal) else dia if isinstance(celda, date) else None
                    if isinstance(celda, PorCiento):
                        formato = por_ciento
                    if isinstance(celda, str) and len(celda) > _ANCHO_MAXIMO:
                        formato = largo
                    pagina.write(fila, columna, celda, formato)
    return salida.getvalue()


def escribir_csv(hoja: Hoja) -> bytes:
    """UTF-8 with its mark, fields parted by `;`, decimals by a comma: what a Colombian spreadsheet opens with two clicks."""
    return _filas([hoja.columnas, *(list(map(_texto, fila)) for fila in hoja.filas)]).encode("utf-8-sig")


def escribir(formato: str, *hojas: Hoja) -> bytes:
    """Sheets as XLSX, or as CSV with the titles of the first in its first row.

    In CSV the notes stand below, and so do the other sheets that hold something, each under its name.
    """
    if formato != "csv":
        return escribir_xlsx(hojas)
    primera, *otras = [hoja for hoja in hojas if hoja.filas] or hojas[:1]
    debajo: list[Sequence[str]] = []
    for hoja in otras:
        debajo += [[], [hoja.nombre], hoja.columnas, *(list(map(_texto, fila)) for fila in hoja.filas)]
    notas = [[_texto(nota)] for hoja in hojas for nota in hoja.notas]
    return escribir_csv(primera) + _filas([*debajo, [], *notas] if notas else debajo).encode()


def _filas(filas: Sequence[Sequence[str]]) -> str:
    salida = io.StringIO()
    csv.writer(salida, delimiter=";", lineterminator="\r\n").writerows(filas)
    return salida.getvalue()


def _texto(celda: Celda) -> str:
    if celda is None:
        return ""
    if isinstance(celda, Decimal):
        return f"{celda:f}".replace(".", ",")
    # A spreadsheet would run what begins like a formula; the apostrophe makes it text.
    return f"'{celda}" if isinstance(celda, str) and celda.startswith(_FORMULAS) else str(celda)


def _anchos(hoja: Hoja) -> list[int]:
    textos = [[str(celda) for celda in columna] for columna in zip(hoja.columnas, *hoja.filas, strict=False)]
    return [min(max(len(texto) for texto in columna) + 2, _ANCHO_MAXIMO) for columna in textos]
