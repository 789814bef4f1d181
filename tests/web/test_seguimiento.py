"""What happens after a notification was answered, and while a document is made: few threads, and no reading left open."""

import threading

import pytest
from flask import Flask

from portal.db import db, transaccion
from portal.documentos import pdf
from portal.dominio.estados import EstadoPago
from portal.operaciones.facturas import bloquear_facturas
from portal.web.seguimiento import HILO, HILOS_MAXIMOS
from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion

RUTA = "/pago/notificaciones/placetopay"


def test_muchas_notificaciones_a_la_vez_se_atienden_todas_con_pocos_hilos(app: Flask, client: ClienteEstricto) -> None:
    """The gateway does not answer until all have arrived: no more than the allowed ask it meanwhile, and none is forgotten."""
    guion = app.extensions["pasarela"] = PasarelaGuion()
    intentos = [fabricas.pago(fabricas.liquidacion()) for _ in range(HILOS_MAXIMOS + 3)]
    for intento in intentos:
        guion.sesiones[str(intento.id_pasarela)] = fabricas.respuesta(intento, transaccion=f"t{intento.id}")
    avisos = [f"{intento.id_pasarela}|{intento.referencia}".encode() for intento in intentos]
    db.session.rollback()
    llegaron = threading.Event()

    def esperar_a_todas() -> None:
        llegaron.wait(30)

    guion.al_preguntar = esperar_a_todas
    for aviso in avisos:
        assert client.post(RUTA, data=aviso, headers={"X-Firma": "buena"}, buffered=True).status_code == 200
    hilos = [hilo for hilo in threading.enumerate() if hilo.name.startswith(HILO)]
    assert len(hilos) == HILOS_MAXIMOS
    llegaron.set()
    for hilo in hilos:
        hilo.join(30)
    assert {fabricas.estado_de(intento) for intento in intentos} == {EstadoPago.APROBADO}


def test_mientras_se_imprime_no_queda_una_lectura_abierta(
    app: Flask, client: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open reading would keep a connection and, on SQLite, stop every payment until the press is done."""
    una = fabricas.liquidacion()
    codigo = una.codigo
    db.session.rollback()
    abiertas: list[bool] = []

    def imprimir(_html: str, _adjuntos: object = ()) -> bytes:
        abiertas.append(db.session.registry().in_transaction())
        return b"%PDF-"

    monkeypatch.setattr(pdf._archivo.imprenta, "imprimir", imprimir)
    assert client.get(f"/liquidacion/{codigo}.pdf").status_code == 200
    assert abiertas == [False]


@pytest.mark.dos_motores
def test_bloquear_dice_en_que_estado_quedaron_bloqueadas(app: Flask) -> None:
    una = fabricas.liquidacion()
    pagada, otra = una.facturas
    fabricas.pago(una, facturas=(pagada.numero,))
    with transaccion():
        estados = bloquear_facturas([pagada.id, otra.id])
    assert [estado.value for estado in estados.values()] == ["en_verificacion", "liquidada"]
