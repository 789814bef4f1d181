"""What collecting agents brought, in the export of a period: whole, and each damage named from the file alone."""

import csv
import io

from flask import Flask

from tests.auditoria import (
    agentes_movidos,
    exportado,
    faltas,
    partes_de,
)

ARCHIVOS = (
    "agentes.csv",
    "sedes.csv",
    "retenciones.csv",
    "consignaciones.csv",
    "declaraciones.csv",
    "declaraciones_renglones.csv",
    "declaraciones_pasos.csv",
    "dias_no_habiles.csv",
    "contingencias.csv",
)


def filas_de(paquete: bytes, nombre: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(partes_de(paquete)[nombre].decode(), newline="")))


def test_lo_de_los_agentes_esta_entero_y_cuadra(app: Flask) -> None:
    agentes_movidos()
    paquete = exportado()
    assert faltas(paquete) == []
    assert {nombre: len(filas_de(paquete, nombre)) for nombre in ARCHIVOS} == {}
