"""`flask normativa` and `flask indicadores`, as a person or another system uses them."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, update

from portal.db import db, transaccion
from portal.models.normativa import TABLAS, Tarifa

BUENA = '{"id": "1", "actos": ["N-CC-D"], "fecha": "2025-03-03", "valor": "46911499", "hechos": {}}'


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_cargar_cuenta_lo_que_hizo(runner: FlaskCliRunner) -> None:
    resultado = runner.invoke(args=["normativa", "cargar"])
    assert resultado.exit_code == 0
    assert resultado.output.startswith("Normas: 0 nuevas, 0 actualizadas, ")


def test_verificar_sale_con_cero_cuando_todo_casa(runner: FlaskCliRunner) -> None:
    resultado = runner.invoke(args=["normativa", "verificar"])
    assert (resultado.exit_code, resultado.output) == (0, "Las normas cargadas están completas y no se contradicen.\n")


def test_verificar_sale_con_uno_y_nombra_el_problema(runner: FlaskCliRunner) -> None:
    with transaccion():
        db.session.execute(update(Tarifa).where(Tarifa.codigo == "PRO_UNIVERSIDAD/N-U-02").values(valor="2.5"))
    resultado = runner.invoke(args=["normativa", "verificar"])
    assert resultado.exit_code == 1
    assert "narino: PRO_UNIVERSIDAD/N-U-02: 2,5 % supera el tope del 2 %" in resultado.stderr


def test_hechos_lista_clave_tipo_valores_y_reglas(runner: FlaskCliRunner) -> None:
    salida = runner.invoke(args=["normativa", "hechos", "--departamento", "cundinamarca"]).output
    assert "contratista.clase (opcion: natural, juridica, esal, publica, economia_mixta, consorcio)" in salida
    bloque = salida.split("contratista.capital_publico")[1].split("\n")[2]
    assert bloque.strip() == "Reglas: C-EX-02"
    assert "base de CC-1" in salida
    assert "contrato.intervienen_privados (si_no: true, false)" in salida


def test_cotizar_responde_cada_linea_en_orden_y_sigue_tras_una_mala(runner: FlaskCliRunner) -> None:
    entrada = b"\n".join(
        [BUENA.encode(), b"basura", b"", b"\xff\xfe", b"x" * 200_000, BUENA.replace('"1"', '"2"').encode()]
    )
    resultado = runner.invoke(args=["normativa", "cotizar", "--departamento", "narino"], input=entrada)
    respuestas = [json.loads(linea) for linea in resultado.stdout.splitlines()]
    assert resultado.exit_code == 0
    assert [respuesta["id"] for respuesta in respuestas] == ["1", None, None, None, None, "2"]
    assert ["error" in respuesta for respuesta in respuestas] == [False, True, True, True, True, False]
    assert respuestas[0]["total"] == 1876600


def test_cotizar_acepta_el_fin_de_linea_de_windows(runner: FlaskCliRunner) -> None:
    resultado = runner.invoke(
        args=["normativa", "cotizar", "--departamento", "narino"], input=f"{BUENA}\r\n{BUENA}\r\n"
    )
    assert ["total" in json.loads(linea) for linea in resultado.stdout.splitlines()] == [True, True]


def test_cotizar_sin_entrada_no_responde_nada(runner: FlaskCliRunner) -> None:
    resultado = runner.invoke(args=["normativa", "cotizar"], input="")
    assert (resultado.exit_code, resultado.output) == (0, "")


def test_cotizar_sin_normas_cargadas_lo_dice(runner: FlaskCliRunner) -> None:
    with transaccion():
        db.session.execute(delete(TABLAS["acto"]))
    resultado = runner.invoke(args=["normativa", "cotizar", "--departamento", "narino"], input=BUENA)
    assert resultado.exit_code == 1
    assert "normativa cargar" in resultado.stderr
    assert runner.invoke(args=["normativa", "verificar"]).exit_code == 1


def test_un_departamento_desconocido_se_rehusa(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["normativa", "cotizar", "--departamento", "narnia"], input=BUENA).exit_code != 0


def test_indicadores_lista_valores_fechas_y_actos(runner: FlaskCliRunner) -> None:
    salida = runner.invoke(args=["indicadores", "listar"]).output
    assert "UVT\t2025-01-01 a 2025-12-31\t$49.799\tResolución DIAN 000193 (dos fuentes)" in salida
    assert "SMMLV\t2026-02-19 a 2026-12-31\t$1.750.905\tDecreto 0159 de 2026" in salida


def test_circular_escribe_html_en_la_salida(runner: FlaskCliRunner) -> None:
    resultado = runner.invoke(args=["normativa", "circular", "2025", "--departamento", "narino"])
    assert resultado.exit_code == 0
    assert resultado.output.startswith("<!doctype html>")
    assert "$313.200" in resultado.output
    assert "Gobernación de Nariño" in resultado.output


@pytest.mark.parametrize(("formato", "inicio"), [("html", b"<!doctype"), ("pdf", b"%PDF-1.7"), ("xlsx", b"PK")])
def test_circular_escribe_un_archivo(runner: FlaskCliRunner, tmp_path: Path, formato: str, inicio: bytes) -> None:
    salida = tmp_path / f"circular.{formato}"
    orden = ["normativa", "circular", "2026", "--departamento", "cundinamarca", "--formato", formato]
    resultado = runner.invoke(args=[*orden, "--salida", str(salida)])
    assert (resultado.exit_code, resultado.output) == (0, "")
    assert salida.read_bytes().startswith(inicio)
    por_tubo = runner.invoke(args=orden)
    assert por_tubo.stderr == ""
    assert por_tubo.stdout_bytes == salida.read_bytes()


def test_circular_dice_que_no_hay_ano_o_que_no_pudo_escribir(runner: FlaskCliRunner, tmp_path: Path) -> None:
    sin_ano = runner.invoke(args=["normativa", "circular", "1999"])
    assert (sin_ano.exit_code, "No hay circular de 1999" in sin_ano.stderr) == (1, True)
    sin_carpeta = runner.invoke(args=["normativa", "circular", "2025", "--salida", str(tmp_path / "no" / "hay.html")])
    assert (sin_carpeta.exit_code, "No se pudo escribir" in sin_carpeta.stderr) == (1, True)
