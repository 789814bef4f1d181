"""Signing in with a second factor: enrolling, the code after the password, and what an installation that demands it lets do."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.models import Bitacora, CodigoRecuperacion, Usuario
from portal.web.reloj import ahora
from tests.conftest import CLAVE, crear_cuenta, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.personas import adentro, avisos, codigo, dar_codigo, enrolar, entrar

FACTOR = "/gestion/cuenta/segundo-factor"


@pytest.fixture
def _obligatorio(app: Flask) -> None:
    ajustes = app.extensions["ajustes"]
    exigente = replace(ajustes.personas, segundo_factor_obligatorio=True)
    app.extensions["ajustes"] = replace(ajustes, personas=exigente)


def activar(client: ClienteEstricto) -> tuple[str, list[str]]:
    """Enrol as a person does; the secret and the recovery codes that the page shows."""
    pagina = html.unescape(client.get(FACTOR).text)
    secreto = re.search(r"Clave: <code[^>]*>([A-Z2-7 ]+)</code>", pagina)
    sello = re.search(r'name="sello" value="([^"]+)"', pagina)
    assert secreto
    assert sello
    assert "<svg" in pagina
    clave = secreto[1].replace(" ", "")
    assert clave not in sello[1]
    from pyotp import TOTP

    mala = client.enviar(FACTOR, {"codigo": "000000", "sello": sello[1]})
    assert mala.status_code == 422
    assert secreto[1] in mala.text, "the secret that the telephone took stays"
    hecha = client.enviar(FACTOR, {"codigo": TOTP(clave).at(ahora()), "sello": sello[1]})
    assert hecha.status_code == 200, hecha.text
    return clave, re.findall(r"<li><code>([A-Z2-7-]{27})</code>", hecha.text)


def test_se_activa_y_desde_entonces_se_pide_despues_de_la_contrasena(client: ClienteEstricto) -> None:
    usuario = ingresar(client, "tesoreria")
    _, codigos = activar(client)
    assert len(codigos) == 10
    assert "10 códigos" in client.get("/gestion/cuenta").text
    assert codigos[0] not in client.get("/gestion/cuenta").text
    assert avisos() == ["se activó el segundo factor"]
    client.enviar("/salir", {})
    client.set_cookie("portal", "")
    respuesta = client.post(
        "/ingresar",
        query_string={"siguiente": "/gestion/tesoreria?x=1"},
        data={"csrf_token": client.csrf(), "correo": usuario.correo, "clave": CLAVE},
    )
    assert respuesta.location == "/ingresar/codigo?siguiente=/gestion/tesoreria?x%3D1"
    assert not adentro(client), "the password alone opens nothing"
    assert client.get("/ingresar/codigo").status_code == 200
    assert dar_codigo(client, "000000") == 422
    datos = {"csrf_token": client.csrf(), "codigo_acceso": codigos[0]}
    assert client.post(respuesta.location, data=datos).location == "/gestion/tesoreria?x=1"
    assert adentro(client)
    assert avisos()[-1] == "se usó un código de recuperación"


def test_cada_codigo_entra_una_vez_y_la_espera_dura_cinco_minutos(client: ClienteEstricto, app: Flask) -> None:
    enrolar(crear_cuenta("rentas"))
    inicio = ahora()
    with time_machine.travel(inicio, tick=False):
        assert entrar(client, "rentas") == 303
        espera = client.get_cookie("portal")
        assert espera is not None
        assert dar_codigo(client, codigo()) == 303
        assert adentro(client)
        otro = app.test_client()
        # A copy of the cookie that waited is worth nothing once it was completed.
        otro.set_cookie("portal", espera.value)
        assert dar_codigo(otro, codigo(pasos=1)) == 303
        assert not adentro(otro)
        assert entrar(otro, "rentas") == 303
        assert dar_codigo(otro, codigo()) == 422, "the same code again"
        assert not adentro(otro)
    with time_machine.travel(inicio + timedelta(minutes=6), tick=False):
        vencida = otro.get("/ingresar/codigo")
        assert (vencida.status_code, vencida.location) == (303, "/ingresar")


def test_seis_codigos_malos_esperan_lo_mismo_que_una_contrasena(client: ClienteEstricto) -> None:
    enrolar(crear_cuenta("rentas"))
    inicio = ahora()
    with time_machine.travel(inicio, tick=False):
        entrar(client, "rentas")
        assert [dar_codigo(client, "000000") for _ in range(5)] == [422] * 5
        demorada = client.enviar("/ingresar/codigo", {"codigo_acceso": codigo()})
        assert demorada.status_code == 429
        assert "Espere " in demorada.text
        assert int(demorada.headers["Retry-After"]) > 0
    with time_machine.travel(inicio + timedelta(minutes=16), tick=False):
        entrar(client, "rentas")
        assert dar_codigo(client, codigo()) == 303
        assert adentro(client)


def test_cambiar_la_contrasena_o_desactivar_la_cuenta_termina_el_ingreso_a_medias(
    client: ClienteEstricto, app: Flask
) -> None:
    usuario = crear_cuenta("rentas")
    enrolar(usuario)
    entrar(client, "rentas")
    administra = app.test_client()
    ingresar(administra, "administrador")
    assert administra.enviar(f"/gestion/usuarios/{usuario.id}/desactivar", {}).status_code == 303
    assert administra.enviar(f"/gestion/usuarios/{usuario.id}/activar", {}).status_code == 303
    dar_codigo(client, codigo())
    assert not adentro(client)


@pytest.mark.usefixtures("_obligatorio")
def test_donde_es_obligatorio_se_activa_antes_de_todo_lo_demas(client: ClienteEstricto) -> None:
    ingresar(client, "administrador")
    for direccion in ("/gestion", "/gestion/usuarios", "/gestion/normativa"):
        respuesta = client.get(direccion)
        assert (respuesta.status_code, respuesta.location) == (303, FACTOR)
    assert client.enviar("/gestion/usuarios/1/desactivar", {}).location == FACTOR
    fragmento = client.get("/gestion", headers={"HX-Request": "true"})
    assert (fragmento.status_code, fragmento.headers["HX-Redirect"]) == (401, FACTOR)
    assert client.get("/gestion/cuenta").status_code == 200
    assert "es obligatorio" in client.get(FACTOR).text
    activar(client)
    assert client.get("/gestion").status_code == 200
    assert client.enviar(f"{FACTOR}/quitar", {}).status_code == 409
    assert client.enviar("/salir", {}).status_code == 303


def test_donde_es_opcional_se_quita_y_vuelve_a_bastar_la_contrasena(client: ClienteEstricto) -> None:
    usuario = ingresar(client, "funcionario")
    _, viejos = activar(client)
    nuevos = client.enviar(f"{FACTOR}/codigos", {}).text
    assert viejos[0] not in nuevos
    assert len(re.findall(r"<li><code>", nuevos)) == 10
    assert client.enviar(f"{FACTOR}/quitar", {}).status_code == 303
    assert client.enviar(f"{FACTOR}/codigos", {}).status_code == 409
    db.session.expire_all()
    assert not db.session.get_one(Usuario, usuario.id).tiene_segundo_factor
    assert db.session.scalars(select(CodigoRecuperacion)).all() == []
    acciones = set(db.session.scalars(select(Bitacora.accion)))
    assert {"cuenta.segundo_factor", "cuenta.codigos", "cuenta.quitar_segundo_factor"} <= acciones
    assert entrar(client, "funcionario") == 303
    assert adentro(client)
