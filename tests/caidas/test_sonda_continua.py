"""The probe that never sleeps: it outlives a database and a gateway that are away, and ends at once when told."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from portal.cli.pagos import una_ronda
from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.pasarelas.base import PasarelaNoDisponible
from tests import fabricas
from tests.pasarela_guion import PasarelaGuion

RAIZ = Path(__file__).resolve().parents[2]


def _sonda(base_datos: str) -> "subprocess.Popen[str]":
    entorno = {**os.environ, "DATABASE_URL": base_datos, "PORTAL_SONDA_SEGUNDOS": "1", "PORTAL_CLAVE_SECRETA": "x" * 40}
    orden = [str(Path(sys.executable).parent / "flask"), "pagos", "sondear", "--continuo"]
    return subprocess.Popen(orden, cwd=RAIZ, env=entorno, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("senal", [signal.SIGTERM, signal.SIGINT])
def test_sin_tablas_sigue_viva_y_termina_bien_cuando_se_le_pide(tmp_path: Path, senal: signal.Signals) -> None:
    """An empty database stands for one that is away: every round fails, and the next one tries again."""
    with _sonda(f"sqlite:///{tmp_path / 'vacia.sqlite'}") as proceso:
        assert proceso.stderr is not None
        fallos = 0
        while fallos < 2:
            linea = proceso.stderr.readline()
            assert linea, "the probe died"
            fallos += "la sonda no pudo usar la base de datos" in linea
        assert proceso.poll() is None
        proceso.send_signal(senal)
        assert proceso.wait(timeout=30) == 0


def test_con_la_pasarela_caida_nada_se_pierde_y_despues_se_resuelve(app: Flask) -> None:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    guion.sesiones[str(pago.id_pasarela)] = PasarelaNoDisponible()
    inicio = fabricas.AHORA
    for minutos in (8, 21, 34):
        with time_machine.travel(inicio + timedelta(minutes=minutos), tick=False):
            una_ronda()
        assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]
    assert len(guion.preguntas) == 3
    guion.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago)
    db.session.rollback()
    with time_machine.travel(inicio + timedelta(hours=24), tick=False):
        una_ronda()
    assert fabricas.estado_de(pago) is EstadoPago.APROBADO


def test_pregunta_a_los_siete_minutos_y_despues_al_menos_cada_doce(app: Flask) -> None:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    pago = fabricas.pago(fabricas.liquidacion())
    guion.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago, fabricas.EstadoPasarela.PENDIENTE)
    momentos = []
    for minuto in range(61):
        antes = len(guion.preguntas)
        with time_machine.travel(fabricas.AHORA + timedelta(minutes=minuto), tick=False):
            una_ronda()
        if len(guion.preguntas) > antes:
            momentos.append(minuto)
    assert momentos[0] == 7
    assert all(0 < b - a <= 12 for a, b in zip(momentos, momentos[1:], strict=False))
    assert momentos[-1] >= 49
