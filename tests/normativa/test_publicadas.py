"""What an administrator published survives the files, and the commands do the same as the screens."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_migrate import downgrade, upgrade

from portal.db import db, transaccion
from portal.models import Usuario
from portal.operaciones import normativa, propuestas
from portal.operaciones.archivos_normativa import CARPETA
from tests import fabricas
from tests.propuestas import AHORA, cuenta, proponer, publicar

UVT_AJENA = """
[[valor]]
indicador = "UVT"
valor = "60000"
desde = 2027-01-01
hasta = 2027-12-31
acto = "Otra resolución"
"""


def cargar(carpeta: Path = CARPETA) -> normativa.Resumen:
    with transaccion():
        return normativa.cargar(carpeta)


def valores(codigo: str) -> list[tuple[date, date | None, Decimal]]:
    db.session.rollback()
    return [(v.desde, v.hasta, v.valor) for v in propuestas.valores_de(propuestas.indicador_de("narino", codigo))]


def test_cargar_no_deshace_el_corte_de_un_smmlv_publicado(app: Flask) -> None:
    numero = proponer(cuenta(), "SMMLV", desde=date(2026, 7, 1), hasta=date(2026, 12, 31), valor=Decimal(1800000))
    publicar(numero, cuenta())
    antes = valores("SMMLV")
    resumen = cargar()
    assert valores("SMMLV") == antes
    assert resumen.publicadas == ["valor_indicador nacional SMMLV desde 2026-02-19"]
    assert (resumen.nuevas, resumen.actualizadas, resumen.conservadas, resumen.ausentes) == (0, [], [], [])


def test_un_valor_nuevo_de_los_archivos_no_pisa_el_publicado(app: Flask, tmp_path: Path) -> None:
    publicar(proponer(cuenta()), cuenta())
    antes = valores("UVT")
    copia = tmp_path / "normativa"
    shutil.copytree(CARPETA, copia)
    with (copia / "indicadores.toml").open("a", encoding="utf-8") as archivo:
        archivo.write(UVT_AJENA)
    resumen = cargar(copia)
    assert valores("UVT") == antes
    assert resumen.publicadas == ["valor_indicador nacional UVT desde 2027-01-01"]
    assert normativa.verificar() == []


def test_control_sin_publicacion_los_archivos_mandan(app: Flask, tmp_path: Path) -> None:
    copia = tmp_path / "normativa"
    shutil.copytree(CARPETA, copia)
    with (copia / "indicadores.toml").open("a", encoding="utf-8") as archivo:
        archivo.write(UVT_AJENA)
    assert cargar(copia).nuevas == 1
    assert valores("UVT")[-1][2] == Decimal(60000)


def test_una_instalacion_anterior_recibe_lo_que_cada_indicador_dice(app: Flask) -> None:
    db.session.remove()
    downgrade(revision="001")
    upgrade()
    assert propuestas.indicador_de("narino", "SMMLV").ano_completo is True
    fabricas.liquidacion()
    cargar()
    dicen = {i.codigo: (i.ano_completo, bool(i.formula)) for i in propuestas.indicadores_de("narino")}
    assert dicen == {"UVT": (True, False), "SMMLV": (False, False), "PRO_CULTURA_SIN_CUANTIA": (True, True)}


def correo(cuenta_id: int) -> str:
    return db.session.get_one(Usuario, cuenta_id).correo


def orden_proponer(de: str, *otros: str) -> list[str]:
    acto = ["--acto", "Resolución de prueba", "--acto-fecha", "2026-12-05", "--evidencia", "https://normas.test/u"]
    return [
        "indicadores",
        "proponer",
        "UVT",
        "--valor",
        "55.000",
        "--desde",
        "2027-01-01",
        *acto,
        "--autor",
        de,
        *otros,
    ]


@time_machine.travel(AHORA, tick=False)
def test_los_comandos_proponen_y_publican_y_repetirlos_no_cambia_nada(app: Flask, runner: FlaskCliRunner) -> None:
    ana, berta = correo(cuenta()), correo(cuenta())
    primera, segunda = (runner.invoke(args=orden_proponer(ana)) for _ in range(2))
    assert primera.exit_code == 0, primera.stderr
    assert primera.output == "Propuesta 1: UVT 2027-01-01 a 2027-12-31, $55.000, por publicar.\n"
    assert segunda.output == primera.output
    propia = runner.invoke(args=["indicadores", "publicar", "1", "--publicador", ana])
    assert (propia.exit_code, "otro administrador" in propia.stderr) == (1, True)
    for _ in range(2):
        hecha = runner.invoke(args=["indicadores", "publicar", "1", "--publicador", berta.upper()])
        assert (hecha.exit_code, "publicado" in hecha.output) == (0, True), hecha.stderr
    assert "UVT\t2027-01-01 a 2027-12-31\t$55.000" in runner.invoke(args=["indicadores", "listar"]).output


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@time_machine.travel(AHORA, tick=False)
def test_los_comandos_dicen_en_una_frase_lo_que_no_pueden(app: Flask, runner: FlaskCliRunner) -> None:
    ana = correo(cuenta())
    malas = [
        (orden_proponer("nadie@demo.portal.test"), "No hay una cuenta activa"),
        (orden_proponer(correo(cuenta("rentas"))), "Solo un administrador"),
        (orden_proponer(ana, "--valor", "1,423"), "pesos"),
        (orden_proponer(ana, "--valor", "550.000"), "se aparta más del 40 %"),
        (orden_proponer(ana, "--hasta", "2026-01-01"), "La fecha final es anterior"),
        (["indicadores", "publicar", "7", "--publicador", ana], "No encontramos esa propuesta"),
    ]
    for orden, frase in malas:
        resultado = runner.invoke(args=orden)
        assert resultado.exit_code == 1, orden
        assert frase in resultado.stderr
        assert resultado.stderr.count("\n") == 1
    confirmada = runner.invoke(args=orden_proponer(ana, "--valor", "550.000", "--confirmar-salto"))
    assert confirmada.exit_code == 0
