"""Signing in: the known panel, server-side sessions that end for good, throttling kept in the database."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from portal.db import db, transaccion
from portal.models import Sesion, Usuario
from portal.web.reloj import ahora
from tests.conftest import CLAVE, crear_cuenta, ingresar
from tests.navegador_de_pruebas import ClienteEstricto


def intentar(client: ClienteEstricto, correo: str, clave: str, **otros: str) -> int:
    return client.enviar("/ingresar", {"correo": correo, "clave": clave, **otros}).status_code


def test_las_palabras_de_la_primera_pantalla(client: ClienteEstricto) -> None:
    for direccion in ("/", "/ingresar"):
        texto = client.get(direccion).text
        for palabra in (
            "Ingresar",
            "Correo electrónico",
            "Contraseña",
            "Recordarme",
            "Consulta Pública",
            "Pago en línea",
        ):
            assert palabra in texto


def test_en_el_documento_las_dos_acciones_publicas_van_primero(client: ClienteEstricto) -> None:
    texto = client.get("/").text
    contenido = texto[texto.index("<main") :]
    assert contenido.index("Pago en línea") < contenido.index("Contraseña")


def test_ingresa_y_sale(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    assert client.get("/gestion").status_code == 200
    assert client.enviar("/salir", {}).status_code == 303
    assert client.get("/gestion").status_code == 303


def test_una_copia_de_la_cookie_no_sirve_despues_de_salir(client: ClienteEstricto, app: Flask) -> None:
    ingresar(client, "rentas")
    copia = client.get_cookie("portal")
    assert copia is not None
    client.enviar("/salir", {})
    client.set_cookie("portal", copia.value)
    assert client.get("/gestion").status_code == 303


def test_ingresar_cambia_la_sesion_anterior(client: ClienteEstricto, app: Flask) -> None:
    ingresar(client, "rentas")
    vieja = client.get_cookie("portal")
    assert vieja is not None
    assert intentar(client, "rentas@demo.portal.test", CLAVE) == 303
    client.set_cookie("portal", vieja.value)
    assert client.get("/gestion").status_code == 303


@pytest.mark.parametrize(
    ("correo", "clave"),
    [("nadie@demo.portal.test", CLAVE), ("rentas@demo.portal.test", "otra clave larga")],
)
def test_cuenta_desconocida_y_clave_mala_dicen_lo_mismo(client: ClienteEstricto, correo: str, clave: str) -> None:
    crear_cuenta("rentas")
    respuesta = client.enviar("/ingresar", {"correo": correo, "clave": clave})
    assert respuesta.status_code == 422
    assert "El correo o la contraseña no son correctos." in respuesta.text
    assert clave not in respuesta.text


def test_una_cuenta_desactivada_sale_en_la_siguiente_peticion(client: ClienteEstricto) -> None:
    usuario = ingresar(client, "rentas")
    with transaccion():
        db.session.execute(update(Usuario).where(Usuario.id == usuario.id).values(activo=False))
    assert client.get("/gestion").status_code == 303
    assert intentar(client, "rentas@demo.portal.test", CLAVE) == 422


def test_tras_cinco_fallos_la_cuenta_espera_y_despues_vuelve_sola(client: ClienteEstricto) -> None:
    crear_cuenta("rentas")
    inicio = ahora()
    with time_machine.travel(inicio, tick=False):
        for _ in range(5):
            assert intentar(client, "rentas@demo.portal.test", "mala") == 422
        demorada = client.enviar("/ingresar", {"correo": "rentas@demo.portal.test", "clave": CLAVE})
        assert demorada.status_code == 429
        assert int(demorada.headers["Retry-After"]) > 0
    with time_machine.travel(inicio + timedelta(minutes=16), tick=False):
        assert intentar(client, "rentas@demo.portal.test", CLAVE) == 303


def test_sin_recordarme_la_sesion_vence_por_inactividad(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    with time_machine.travel(ahora() + timedelta(minutes=21), tick=False):
        assert client.get("/gestion").status_code == 303


def test_la_actividad_prolonga_la_sesion_pero_no_mas_de_ocho_horas(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    inicio = ahora()
    for minutos in range(15, 8 * 60 - 5, 15):
        with time_machine.travel(inicio + timedelta(minutes=minutos), tick=False):
            assert client.get("/gestion").status_code == 200
    with time_machine.travel(inicio + timedelta(hours=8, minutes=1), tick=False):
        assert client.get("/gestion").status_code == 303


def test_recordarme_deja_una_cookie_que_sobrevive_al_navegador(client: ClienteEstricto) -> None:
    crear_cuenta("rentas")
    assert intentar(client, "rentas@demo.portal.test", CLAVE, recordar="y") == 303
    cookie = client.get_cookie("portal")
    assert cookie is not None
    assert cookie.expires is not None
    assert cookie.http_only
    with time_machine.travel(ahora() + timedelta(hours=3), tick=False):
        assert client.get("/gestion").status_code == 200


def test_la_base_de_datos_no_guarda_el_token(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    with client.session_transaction() as sesion:
        token = sesion["_user_id"]
    assert db.session.scalars(select(Sesion.huella)).all() != [token]


@pytest.mark.parametrize(
    "siguiente",
    [
        "//malo.test",
        "/\\malo.test",
        "https:malo.test",
        "///malo.test",
        "javascript:alert(1)",
        "%2f%2fmalo.test",
        "/gestion/no",
    ],
)
def test_despues_de_ingresar_nunca_se_sale_del_portal(client: ClienteEstricto, siguiente: str) -> None:
    crear_cuenta("rentas")
    datos = {"csrf_token": client.csrf(), "correo": "rentas@demo.portal.test", "clave": CLAVE}
    respuesta = client.post("/ingresar", query_string={"siguiente": siguiente}, data=datos)
    assert (respuesta.status_code, respuesta.location) == (303, "/gestion")


def test_campos_de_mas_no_cambian_nada(client: ClienteEstricto) -> None:
    crear_cuenta("rentas")
    assert intentar(client, "rentas@demo.portal.test", CLAVE, rol="administrador", id="1") == 303
    assert db.session.scalars(select(Usuario.rol)).all() == ["rentas"]
