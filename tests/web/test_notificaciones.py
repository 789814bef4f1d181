"""The gateway's callbacks: a signature lets in, the raw bytes are kept once, the gateway is asked, the probe covers a death."""

import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.cli.pagos import una_ronda
from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import Notificacion, Pago, Recaudo
from portal.web.reloj import ahora
from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion

pytestmark = pytest.mark.dos_motores

RUTA = "/pago/notificaciones/placetopay"
BUENA = {"X-Firma": "buena"}


@pytest.fixture
def pasarela(app: Flask) -> PasarelaGuion:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    return guion


@pytest.fixture
def pago(pasarela: PasarelaGuion) -> Pago:
    nuevo = fabricas.pago(fabricas.liquidacion())
    pasarela.sesiones[str(nuevo.id_pasarela)] = fabricas.respuesta(nuevo)
    return nuevo


def notificar(client: ClienteEstricto, cuerpo: bytes, cabeceras: dict[str, str] = BUENA) -> int:
    """POST it and close the answer, as a server does once it has left."""
    return client.post(RUTA, data=cuerpo, headers=cabeceras, content_type="application/json", buffered=True).status_code


def cuerpo_de(pago: Pago) -> bytes:
    return f"{pago.id_pasarela}|{pago.referencia}".encode()


def esperar_aprobado(pago: Pago) -> EstadoPago:
    """The gateway is asked after the answer left; wait for it, at most a few seconds."""
    for _ in range(100):
        if fabricas.estado_de(pago) is EstadoPago.APROBADO:
            break
        db.session.rollback()
        time.sleep(0.05)
    return fabricas.estado_de(pago)


def test_una_notificacion_buena_se_guarda_y_se_pregunta_la_verdad(
    client: ClienteEstricto, pasarela: PasarelaGuion, pago: Pago
) -> None:
    assert notificar(client, cuerpo_de(pago)) == 200
    assert esperar_aprobado(pago) is EstadoPago.APROBADO
    fila = db.session.scalars(select(Notificacion)).one()
    assert (fila.cuerpo, fila.veces) == (cuerpo_de(pago), 1)


def test_la_misma_notificacion_cincuenta_veces_es_un_recaudo(
    client: ClienteEstricto, pasarela: PasarelaGuion, pago: Pago
) -> None:
    cuerpo = cuerpo_de(pago)
    for _ in range(50):
        assert notificar(client, cuerpo) == 200
    assert esperar_aprobado(pago) is EstadoPago.APROBADO
    db.session.expire_all()
    assert db.session.scalars(select(Notificacion.veces)).all() == [50]
    assert len(db.session.scalars(select(Recaudo)).all()) == 1


@pytest.mark.parametrize("cabeceras", [{}, {"X-Firma": "mala"}, {"X-Firma": "buen\xe1"}])
def test_sin_firma_buena_no_se_guarda_nada(
    client: ClienteEstricto, pasarela: PasarelaGuion, pago: Pago, cabeceras: dict[str, str]
) -> None:
    assert notificar(client, cuerpo_de(pago), cabeceras) == 401
    assert db.session.scalars(select(Notificacion)).all() == []
    assert pasarela.preguntas == []


def test_un_cuerpo_enorme_o_de_otra_pasarela_se_rechaza(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    assert client.post(RUTA, data=b"x" * 70_000, headers=BUENA).status_code == 413
    assert client.post("/pago/notificaciones/otra", data=b"x", headers=BUENA).status_code == 404
    assert client.get(RUTA).status_code == 405


def test_una_referencia_desconocida_se_guarda_y_se_responde_bien(
    client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    assert notificar(client, b"s999|L9-NADIE") == 200
    fila = db.session.scalars(select(Notificacion)).one()
    assert fila.atendida_en is None
    db.session.rollback()
    with time_machine.travel(ahora() + timedelta(days=2), tick=False):
        una_ronda()
    db.session.expire_all()
    assert db.session.scalars(select(Notificacion.resultado)).all() == ["referencia desconocida"]


def test_la_sonda_atiende_la_notificacion_de_un_proceso_que_murio(
    client: ClienteEstricto, pasarela: PasarelaGuion, pago: Pago, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after answering 200 and before asking: the thread never runs."""
    monkeypatch.setattr("portal.blueprints.notificaciones.views.encargar", lambda *_: None)
    assert notificar(client, cuerpo_de(pago)) == 200
    assert fabricas.estado_de(pago) is EstadoPago.ENVIADO
    db.session.rollback()
    with time_machine.travel(ahora() + timedelta(seconds=40), tick=False):
        una_ronda()
    assert fabricas.estado_de(pago) is EstadoPago.APROBADO
