"""`flask liquidaciones importar`: tries unless told otherwise, lists every error, and repeated changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import AHORA, crear_cuenta
from tests.lotes import contratos, csv_de, emitidas, fila, xlsx_de


@pytest.fixture(autouse=True)
def _reloj() -> Iterator[None]:
    with time_machine.travel(AHORA, tick=True):
        yield


@pytest.fixture
def archivo(tmp_path: Path) -> Path:
    ruta = tmp_path / "contratos.csv"
    ruta.write_bytes(csv_de(contratos(3)))
    return ruta


def importar(runner: FlaskCliRunner, archivo: Path, *opciones: str) -> Result:
    return runner.invoke(args=["liquidaciones", "importar", str(archivo), *opciones])


def test_sin_decir_mas_solo_revisa(app: Flask, runner: FlaskCliRunner, archivo: Path) -> None:
    hecho = importar(runner, archivo)
    assert hecho.exit_code == 0, hecho.output
    assert "3 facturas, $705.000" in hecho.stdout
    assert "Se emitirían 3, por $1.410.000. Ya están liquidados y no cambian: 0. No se emitió nada." in hecho.stdout
    assert emitidas() == []


def test_aplicar_emite_y_repetirlo_no_cambia_nada(app: Flask, runner: FlaskCliRunner, archivo: Path) -> None:
    correo = crear_cuenta("rentas").correo
    hecho = importar(runner, archivo, "--aplicar", "--usuario", correo)
    assert (hecho.exit_code, hecho.stdout) == (0, "Emitidas: 3, por $1.410.000. Ya estaban liquidados: 0.\n")
    archivo.write_bytes(xlsx_de(contratos(3)))
    otra_vez = importar(runner, archivo, "--aplicar", "--usuario", correo)
    assert (otra_vez.exit_code, otra_vez.stdout) == (0, "Emitidas: 0, por $0. Ya estaban liquidados: 3.\n")
    assert len(emitidas()) == 3


@pytest.mark.parametrize(
    "modo", [[], ["--aplicar", "--usuario", "rentas@demo.portal.test"]], ids=["simulacro", "aplicar"]
)
def test_los_errores_salen_por_fila_y_columna(
    app: Flask, runner: FlaskCliRunner, archivo: Path, modo: list[str]
) -> None:
    crear_cuenta("rentas")
    archivo.write_bytes(csv_de([*contratos(1), fila(Valor="mil", Objeto="")]))
    hecho = importar(runner, archivo, *modo)
    assert hecho.exit_code == 1
    assert hecho.stderr.splitlines() == [
        "Fila 3, columna F (Valor): Escriba el valor en pesos, por ejemplo 46911499,50 o 46.911.499,50.",
        "Fila 3, columna K (Objeto): Falta este dato.",
        "No se emitió ninguna liquidación, porque hay filas con errores.",
    ]
    assert emitidas() == []


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("opciones", "frase"),
    [
        (["--aplicar"], "Diga con --usuario"),
        (["--aplicar", "--usuario", "nadie@x.test"], "No hay una cuenta activa"),
        (["--aplicar", "--usuario", "auditor@demo.portal.test"], "Solo una cuenta con el rol rentas"),
    ],
)
def test_solo_una_cuenta_de_rentas_emite(
    app: Flask, runner: FlaskCliRunner, archivo: Path, opciones: list[str], frase: str
) -> None:
    crear_cuenta("auditor")
    hecho = importar(runner, archivo, *opciones)
    assert (hecho.exit_code, frase in hecho.stderr) == (1, True)
    assert emitidas() == []


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_un_archivo_ilegible_es_una_frase(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    ruta = tmp_path / "x.xlsx"
    ruta.write_bytes(b"PK\x03\x04 nada")
    hecho = importar(runner, ruta)
    assert (hecho.exit_code, hecho.stderr) == (
        1,
        "El archivo está dañado o no es un libro de Excel (.xlsx). Guárdelo de nuevo.\n",
    )
