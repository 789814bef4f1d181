"""`flask pagos importar` and `flask demo banco`: what the screens do, from a terminal."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from portal.db import db
from portal.models import MovimientoBanco
from portal.web.reloj import hoy
from tests.banco import Pagado, archivo, importar, por_pse, resultados
from tests.conftest import crear_cuenta
from tests.fabricas import estados_de, liquidacion, pago
from tests.operaciones.test_archivos_banco import aprobar


@pytest.fixture
def escrito(tmp_path: Path) -> Path:
    return tmp_path / "banco.txt"


def test_sin_aplicar_solo_cuenta_lo_que_haria(app: Flask, runner: FlaskCliRunner, escrito: Path) -> None:
    una = liquidacion((4000, 5000))
    escrito.write_bytes(archivo([Pagado(una.facturas[0].numero, 4000), Pagado(77, 1)]))
    hecho = runner.invoke(args=["pagos", "importar", str(escrito)])
    assert hecho.exit_code == 0, hecho.output
    assert "Legaliza su factura: 1, $4.000" in hecho.output
    assert "Total: 2 pagos por $4.001. No se aplicó nada." in hecho.output
    assert resultados() == []


def test_aplicado_legaliza_y_repetirlo_no_cambia_nada(app: Flask, runner: FlaskCliRunner, escrito: Path) -> None:
    una = liquidacion((4000,))
    quien = crear_cuenta("tesoreria").correo
    escrito.write_bytes(archivo([Pagado(una.facturas[0].numero, 4000)]))
    orden = ["pagos", "importar", str(escrito), "--aplicar", "--usuario", quien]
    assert "1 pagos nuevos por $4.000" in runner.invoke(args=orden).output
    otra_vez = runner.invoke(args=orden)
    assert (otra_vez.exit_code, "No cambió nada" in otra_vez.output) == (0, True)
    assert "No cambiaría nada" in runner.invoke(args=["pagos", "importar", str(escrito)]).output
    assert estados_de(una) == ["legalizada"]


def test_lo_malo_sale_con_uno_y_dice_por_que(app: Flask, runner: FlaskCliRunner, escrito: Path) -> None:
    rentas, tesoreria = crear_cuenta("rentas").correo, crear_cuenta("tesoreria").correo
    escrito.write_bytes(archivo([Pagado(77, 1)]))
    for otros, dicho in ((["--aplicar"], "--usuario"), (["--aplicar", "--usuario", rentas], "rol de tesorería")):
        hecho = runner.invoke(args=["pagos", "importar", str(escrito), *otros])
        assert (hecho.exit_code, dicho in hecho.output) == (1, True), hecho.output
    escrito.write_bytes(archivo([Pagado(77, 1)])[:-170])
    hecho = runner.invoke(args=["pagos", "importar", str(escrito)])
    assert (hecho.exit_code, "llegó incompleto" in hecho.output) == (1, True)
    importar(archivo([Pagado(77, 1), Pagado(78, 2)]))
    escrito.write_bytes(archivo([Pagado(77, 1), Pagado(79, 2)], modificador="B"))
    assert "Falta decidir (--dudosas): 1" in runner.invoke(args=["pagos", "importar", str(escrito)]).output
    aplicar = ["pagos", "importar", str(escrito), "--aplicar", "--usuario", tesoreria]
    assert runner.invoke(args=aplicar).exit_code == 1
    assert runner.invoke(args=[*aplicar, "--dudosas", "repetidas"]).exit_code == 0
    assert len(resultados()) == 3


def test_la_sonda_casa_lo_que_el_banco_trajo_antes(app: Flask, runner: FlaskCliRunner) -> None:
    uno = pago(liquidacion())
    importar(archivo([por_pse(uno.referencia, 9000)]))
    aprobar(uno)
    assert runner.invoke(args=["pagos", "sondear"]).exit_code == 0
    assert resultados() == ["pse_trasladado"]


def test_la_demostracion_escribe_un_archivo_que_se_importa(app: Flask, runner: FlaskCliRunner, escrito: Path) -> None:
    una = liquidacion((4000, 5000))
    aprobar(pago(liquidacion((7000,))), cus="7654321")
    quien = crear_cuenta("tesoreria").correo
    orden = ["demo", "banco", "--salida", str(escrito), "--rarezas"]
    assert "7 pagos" in runner.invoke(args=orden).output
    hecho = runner.invoke(args=["pagos", "importar", str(escrito), "--aplicar", "--usuario", quien])
    assert hecho.exit_code == 0, hecho.output
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert sorted(resultados()) == sorted(
        [
            "pse_trasladado",
            "legalizado",
            "legalizado",
            "referencia_desconocida",
            "pse_sin_pasarela",
            "ya_pagada",
            "valor_distinto",
        ]
    )
    assert db.session.scalar(db.select(MovimientoBanco.cus).where(MovimientoBanco.cus.is_not(None))) == "7654321"


@pytest.mark.parametrize("dano", ["total", "cortado", "pegado"])
def test_lo_que_la_demostracion_dana_se_rechaza(app: Flask, runner: FlaskCliRunner, escrito: Path, dano: str) -> None:
    liquidacion((4000,))
    ayer = (hoy() - timedelta(days=1)).isoformat()
    assert runner.invoke(args=["demo", "banco", "--dia", ayer, "--salida", str(escrito), "--dano", dano]).exit_code == 0
    assert runner.invoke(args=["pagos", "importar", str(escrito)]).exit_code == 1
