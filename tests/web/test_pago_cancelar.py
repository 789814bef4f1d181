"""A payer who gives up: the gateway ends its session, and its own answer decides."""

import pytest
from flask import Flask

from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.pasarelas.base import EstadoPasarela, PasarelaNoDisponible, PasarelaRechazo
from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion

pytestmark = pytest.mark.dos_motores

BOTON = "Cancelar este pago"


@pytest.fixture
def pasarela(app: Flask) -> PasarelaGuion:
    guion = PasarelaGuion()
    guion.cancela = True
    app.extensions["pasarela"] = guion
    return guion


@pytest.fixture
def pago(pasarela: PasarelaGuion) -> Pago:
    nuevo = fabricas.pago(fabricas.liquidacion())
    decir(pasarela, nuevo, EstadoPasarela.PENDIENTE, en_el_banco=False)
    return nuevo


def decir(pasarela: PasarelaGuion, pago: Pago, estado: EstadoPasarela, *, en_el_banco: bool = True) -> None:
    transaccion = "t1" if en_el_banco else None
    pasarela.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago, estado, transaccion=transaccion)


def cancelar(client: ClienteEstricto, pago: Pago) -> str:
    salida = client.enviar(f"/pago/{pago.codigo}/cancelar", {})
    assert (salida.status_code, salida.location) == (303, f"/pago/{pago.codigo}")
    return client.get(salida.location).text


def test_cancelar_deja_libres_las_estampillas_en_el_acto(
    client: ClienteEstricto, pasarela: PasarelaGuion, pago: Pago
) -> None:
    assert BOTON in client.get(f"/pago/{pago.codigo}").text
    decir(pasarela, pago, EstadoPasarela.RECHAZADO, en_el_banco=False)
    texto = cancelar(client, pago)
    assert pasarela.cancelados == [pago.id_pasarela]
    assert "No se hizo ningún débito" in texto
    assert BOTON not in texto
    assert fabricas.estados_de(pago.liquidacion) == ["liquidada", "liquidada"]


@pytest.mark.parametrize("falla", [PasarelaRechazo("action_not_allowed", "x"), PasarelaNoDisponible()])
@pytest.mark.parametrize(
    ("dicho", "estado", "facturas"),
    [
        (EstadoPasarela.PENDIENTE, EstadoPago.PENDIENTE, "en_verificacion"),
        (EstadoPasarela.APROBADO, EstadoPago.APROBADO, "legalizada"),
    ],
)
def test_si_la_pasarela_no_lo_cancela_vale_lo_que_ella_diga(
    client: ClienteEstricto,
    pasarela: PasarelaGuion,
    pago: Pago,
    falla: Exception,
    dicho: EstadoPasarela,
    estado: EstadoPago,
    facturas: str,
) -> None:
    pasarela.al_cancelar = falla
    decir(pasarela, pago, dicho)
    cancelar(client, pago)
    assert fabricas.estado_de(pago) is estado
    assert fabricas.estados_de(pago.liquidacion) == [facturas, facturas]


def test_sin_respuesta_de_la_pasarela_no_cambia_nada(
    client: ClienteEstricto, pasarela: PasarelaGuion, pago: Pago
) -> None:
    pasarela.al_cancelar = PasarelaNoDisponible()
    pasarela.sesiones[str(pago.id_pasarela)] = PasarelaNoDisponible()
    assert BOTON in cancelar(client, pago)
    assert fabricas.estado_de(pago) is EstadoPago.ENVIADO


def test_lo_que_esta_en_el_banco_o_termino_no_se_cancela(
    client: ClienteEstricto, pasarela: PasarelaGuion, pago: Pago
) -> None:
    decir(pasarela, pago, EstadoPasarela.PENDIENTE)
    assert BOTON not in client.get(f"/pago/{pago.codigo}").text
    cancelar(client, pago)
    assert pasarela.cancelados == []


def test_donde_la_pasarela_no_cancela_no_se_ofrece(
    client: ClienteEstricto, pasarela: PasarelaGuion, pago: Pago
) -> None:
    pasarela.cancela = False
    assert BOTON not in client.get(f"/pago/{pago.codigo}").text
    cancelar(client, pago)
    assert pasarela.cancelados == []


def test_un_codigo_ajeno_no_cancela_nada(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    assert client.enviar("/pago/no-existe/cancelar", {}).status_code == 404
    assert client.get("/pago/no-existe/cancelar").status_code in (404, 405)
