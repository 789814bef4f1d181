"""Spreadsheets open with real numbers and dates, and text that looks like a formula stays text."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import time_machine
from python_calamine import CalamineWorkbook

from portal.documentos.libro import Hoja, escribir_csv, escribir_xlsx

HOJA = Hoja(
    "Tarifas",
    ("Acto", "Valor", "Desde", "Nota"),
    [("=1+1", Decimal("1234.50"), date(2025, 1, 31), None), ("Pasaporte", 3, None, "-2")],
    notas=("Vigencia 2025",),
)


def test_el_xlsx_guarda_numeros_fechas_y_texto_sin_formulas() -> None:
    hoja = CalamineWorkbook.from_filelike(io.BytesIO(escribir_xlsx([HOJA]))).get_sheet_by_name("Tarifas")
    assert hoja.to_python() == [
        ["Vigencia 2025", "", "", ""],
        ["", "", "", ""],
        ["Acto", "Valor", "Desde", "Nota"],
        ["=1+1", 1234.5, date(2025, 1, 31), ""],
        ["Pasaporte", 3.0, "", "-2"],
    ]


def test_el_xlsx_no_lleva_formulas() -> None:
    with zipfile.ZipFile(io.BytesIO(escribir_xlsx([HOJA]))) as archivo:
        cruda = archivo.read("xl/worksheets/sheet1.xml")
    assert b"<sheetData>" in cruda
    assert b"<f>" not in cruda


def test_el_csv_abre_en_una_hoja_de_calculo_colombiana() -> None:
    texto = escribir_csv(HOJA).decode("utf-8-sig")
    assert texto == "Acto;Valor;Desde;Nota\r\n'=1+1;1234,50;2025-01-31;\r\nPasaporte;3;;'-2\r\n"
    assert escribir_csv(HOJA).startswith(b"\xef\xbb\xbf")


def test_las_mismas_hojas_dan_los_mismos_bytes_otro_dia() -> None:
    with time_machine.travel(date(2025, 1, 1)):
        uno = escribir_xlsx([HOJA])
    with time_machine.travel(date(2026, 6, 1)):
        assert escribir_xlsx([HOJA]) == uno
