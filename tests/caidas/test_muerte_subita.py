"""kill -9 between "the gateway said yes" and "we wrote it": nothing is lost, nothing is doubled, the probe finishes the job."""

import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.cli.pagos import una_ronda
from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import Pago, Recaudo
from tests import fabricas
from tests.pasarela_guion import PasarelaGuion

RAIZ = Path(__file__).resolve().parents[2]


@pytest.fixture
def pasarela(app: Flask) -> PasarelaGuion:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    return guion


def morir(base_datos: str, instancia: Path, pago: Pago, cuando: str) -> None:
    orden = [sys.executable, "-m", "tests.caidas.victima", base_datos, str(instancia), str(pago.id), "1", cuando]
    db.session.rollback()
    hecho = subprocess.run(orden, cwd=RAIZ, env=os.environ, capture_output=True, text=True, timeout=120)
    assert hecho.returncode == -9, hecho.stderr
    assert "sobrevivió" not in hecho.stdout


def recaudos() -> list[Decimal]:
    db.session.rollback()
    return [r.aplicado for r in db.session.scalars(select(Recaudo))]


@pytest.mark.parametrize("cuando", ["before", "after"])
def test_la_sonda_termina_lo_que_una_muerte_dejo_a_medias(
    base_datos: str, pasarela: PasarelaGuion, tmp_path: Path, cuando: str
) -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    pasarela.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago)
    morir(base_datos, tmp_path, pago, cuando)
    escrito = fabricas.estado_de(pago) is EstadoPago.APROBADO
    assert escrito is (cuando == "after"), "before the commit nothing may be written, after it everything"
    with time_machine.travel(fabricas.AHORA + timedelta(minutes=8), tick=False):
        una_ronda()
    assert fabricas.estado_de(pago) is EstadoPago.APROBADO
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    assert recaudos() == [Decimal(9000)]


def test_muerto_antes_de_hablar_con_la_pasarela_el_intento_se_cierra_y_libera(pasarela: PasarelaGuion) -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una, enviado=False)
    with time_machine.travel(fabricas.AHORA + timedelta(minutes=8), tick=False):
        una_ronda()
    assert fabricas.estado_de(pago) is EstadoPago.FALLIDO
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]
    assert pasarela.preguntas == []
