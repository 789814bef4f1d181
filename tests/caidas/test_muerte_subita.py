"""kill -9 between "the gateway said yes" and "we wrote it": nothing is lost, nothing is doubled, the probe finishes the job."""

import os
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
from tests import criadero, fabricas
from tests.caidas.victima import preguntar_y_morir
from tests.pasarela_guion import PasarelaGuion


@pytest.fixture
def pasarela(app: Flask) -> PasarelaGuion:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    return guion


def morir(base_datos: str, instancia: Path, pago: Pago, cuando: str) -> None:
    pago_id = pago.id
    db.session.rollback()
    hecho = criadero.terminar(preguntar_y_morir, base_datos, instancia, pago_id, 1, cuando, entorno=os.environ)
    assert hecho.codigo == -9, hecho.se_quejo
    assert "sobrevivió" not in hecho.dijo


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
