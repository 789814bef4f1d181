"""kill -9 before and after every COMMIT of every route of money (F-01): 0 lost, 0 doubled, every invariant holds."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests import criadero
from tests.caidas.rutas import RUTAS
from tests.caidas.verdugo import matar_en_cada_confirmacion

# Fewer commits than these would mean that the route is not walked to its end.
CONFIRMACIONES = {
    "pagar y notificar": 4,
    "volver": 1,
    "sondear": 4,
    "ventanilla": 1,
    "reversión de la pasarela": 2,
    "reversión del banco": 1,
    "legalización de tesorería": 2,
    "reversión de tesorería": 2,
    "aplicación de tesorería": 4,
    "archivo del banco": 2,
    "archivo del banco con PSE": 2,
}


def morir_en_cada_una(base_datos: str, carpeta: Path, ruta: str) -> list[dict[str, Any]]:
    hecho = criadero.terminar(matar_en_cada_confirmacion, base_datos, carpeta, ruta, entorno=os.environ, segundos=300)
    assert hecho.codigo == 0, hecho.se_quejo
    return [json.loads(linea) for linea in hecho.dijo.splitlines() if linea.startswith("{")]


@pytest.mark.parametrize("ruta", CONFIRMACIONES)
def test_una_muerte_en_cualquier_confirmacion_no_pierde_ni_duplica(base_datos: str, tmp_path: Path, ruta: str) -> None:
    muertes = morir_en_cada_una(base_datos, tmp_path, ruta)
    assert [m for m in muertes if m["mal"]] == []
    assert sum(m["murio"] for m in muertes) >= 2 * CONFIRMACIONES[ruta]
    assert [m["murio"] for m in muertes].count(False) == 2, "each side ends with one who lived"


def test_control_marcar_antes_de_aplicar_pierde_un_pago(base_datos: str, tmp_path: Path) -> None:
    muertes = morir_en_cada_una(base_datos, tmp_path, "ingenua")
    perdidas = [m for m in muertes if m["mal"]]
    assert {(m["lado"], m["n"]) for m in perdidas} == {("después", 1), ("antes", 2)}


def test_cada_ruta_esta_probada() -> None:
    assert set(CONFIRMACIONES) | {"ingenua"} == set(RUTAS)
