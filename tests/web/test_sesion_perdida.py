"""A session that ended meanwhile: where one goes to sign in again, and what was typed, which is not lost."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.reloj import ahora
from tests.conftest import CLAVE, crear_cuenta, ingresar

HX = {"HX-Request": "true"}
PROPIO = {"Origin": "http://localhost"}
LISTA = "/gestion/normativa/tarifas"


def campos(respuesta: TestResponse) -> dict[str, str]:
    hallados = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', respuesta.text)
    return {nombre: html.unescape(valor) for nombre, valor in hallados}


def despues(client: FlaskClient) -> time_machine.travel:
    """Past the twenty minutes of an idle session."""
    return time_machine.travel(ahora() + timedelta(minutes=40), tick=False)


def test_un_fragmento_lleva_a_ingresar_y_de_vuelta_a_la_pagina_entera(client: FlaskClient) -> None:
    crear_cuenta("rentas")
    pagina = f"{LISTA}?buscar=cultura&fecha=2025-06-24"
    respuesta = client.get(LISTA, headers={**HX, "HX-Current-URL": f"http://localhost{pagina}"})
    assert (respuesta.status_code, respuesta.data) == (401, b"")
    destino = respuesta.headers["HX-Redirect"]
    datos = {"csrf_token": client.csrf(), "correo": "rentas@demo.portal.test", "clave": CLAVE}
    assert client.post(destino, data=datos).location == pagina


@pytest.mark.parametrize(
    "dicha",
    [
        "http://malo.test/gestion",
        "javascript:alert(1)",
        "//malo.test/x",
        "",
        "http://localhost@malo.test/gestion",
        "x" * 99,
    ],
)
def test_la_pagina_que_otro_dice_no_se_cree(client: FlaskClient, dicha: str) -> None:
    respuesta = client.get(f"{LISTA}?buscar=a", headers={**HX, "HX-Current-URL": dicha})
    assert respuesta.headers["HX-Redirect"] == "/ingresar?siguiente=/gestion/normativa/tarifas?buscar%3Da"


@pytest.mark.parametrize(
    "siguiente",
    [
        "/gestion?x=1#y",
        "/gestion\\..//malo.test?a=1",
        "/gestion\n?a=1",
        "/gestion/../..//malo.test?a",
        "/gestion?a\r\nX: y",
    ],
)
def test_con_preguntas_en_la_direccion_tampoco_se_sale_del_portal(client: FlaskClient, siguiente: str) -> None:
    crear_cuenta("rentas")
    datos = {"csrf_token": client.csrf(), "correo": "rentas@demo.portal.test", "clave": CLAVE}
    respuesta = client.post("/ingresar", query_string={"siguiente": siguiente}, data=datos)
    assert (respuesta.status_code, respuesta.location) == (303, "/gestion")


def test_un_formulario_que_se_llena_no_se_va_ni_recibe_el_ingreso(client: FlaskClient) -> None:
    """The form of an assessment asks for its figures by POST while the officer types: what is typed stays."""
    ingresar(client, "rentas")
    token = client.csrf()
    with despues(client):
        respuesta = client.post("/gestion/liquidaciones", data={"csrf_token": token, "buscar": "1"}, headers=HX)
    assert respuesta.status_code == 401
    assert "HX-Redirect" not in respuesta.headers
    assert "Lo que escribió sigue aquí" in respuesta.text
    assert 'type="password"' not in respuesta.text


def test_lo_enviado_sin_sesion_vuelve_y_se_envia_de_nuevo(client: FlaskClient) -> None:
    ingresar(client, "rentas")
    datos = {"csrf_token": client.csrf(), "buscar": 'comillas " y <b>'}
    with despues(client):
        sin_sesion = client.post("/gestion/liquidaciones?pagina=2", data=datos, headers=PROPIO)
        assert sin_sesion.status_code == 401
        assert 'action="/gestion/liquidaciones?pagina=2"' in sin_sesion.text
        guardado = campos(sin_sesion)
        assert guardado["buscar"] == datos["buscar"]
        # Signing in changes the token: the form comes back once more, with a fresh one.
        client.post(
            "/ingresar",
            data={"csrf_token": client.csrf(), "correo": "rentas@demo.portal.test", "clave": CLAVE},
        )
        vencida = client.post("/gestion/liquidaciones?pagina=2", data=guardado, headers=PROPIO)
        assert vencida.status_code == 400
        assert campos(vencida)["buscar"] == datos["buscar"]
        enviado = client.post("/gestion/liquidaciones?pagina=2", data=campos(vencida), headers=PROPIO)
        assert enviado.status_code == 200


def test_lo_de_otro_sitio_no_vuelve_con_un_token_nuestro(client: FlaskClient) -> None:
    """Otherwise whoever forges a form would only need the person to press a button of ours (CSRF)."""
    for origen in ("http://malo.test", "null", "http://localhost.malo.test", ""):
        respuesta = client.post("/consulta", data={"documento": "1"}, headers={"Origin": origen})
        assert respuesta.status_code == 400
        assert "Enviar de nuevo" not in respuesta.text
    assert "Enviar de nuevo" in client.post("/consulta", data={"documento": "1"}, headers=PROPIO).text


def test_una_contrasena_nunca_vuelve(client: FlaskClient) -> None:
    datos = {"correo": "rentas@demo.portal.test", "clave": "muy secreta"}
    respuesta = client.post("/ingresar", data=datos, headers=PROPIO)
    assert respuesta.status_code == 400
    assert "muy secreta" not in respuesta.text


def test_la_clave_de_un_pago_si_vuelve_y_por_eso_no_se_paga_dos_veces(client: FlaskClient) -> None:
    datos = {"csrf_token": "vencido", "sello": "s", "clave": "k" * 32}
    respuesta = client.post("/pago/pagar", data=datos, headers=PROPIO)
    assert campos(respuesta)["clave"] == "k" * 32
    assert campos(respuesta)["csrf_token"] not in ("", "vencido")
