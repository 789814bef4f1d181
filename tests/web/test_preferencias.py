"""How an account likes its lists: kept with it, used by every list, and never a way out of the portal."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.models import Usuario
from tests import fabricas
from tests.conftest import CLAVE, ingresar
from tests.navegador_de_pruebas import ClienteEstricto

RUTA = "/gestion/preferencias"
LISTA = "/gestion/liquidaciones"


def elegir(client: ClienteEstricto, registros: str, densidad: str = "comoda", volver: str = "/gestion") -> str:
    respuesta = client.enviar(RUTA, {"registros": registros, "densidad": densidad, "volver": volver}, "/gestion")
    assert respuesta.status_code == 303
    return respuesta.location


def cuantas(client: ClienteEstricto) -> int:
    return client.get(LISTA).text.count('data-titulo="Liquidación"')


def test_el_tamano_de_pagina_queda_en_la_cuenta_y_sirve_en_otra_sesion(app: Flask, client: ClienteEstricto) -> None:
    for _ in range(27):
        fabricas.liquidacion((1000,))
    usuario = ingresar(client, "rentas")
    assert cuantas(client) == 25
    elegir(client, "10")
    assert cuantas(client) == 10
    otro = app.test_client()
    otro.post("/ingresar", data={"correo": usuario.correo, "clave": CLAVE, "csrf_token": otro.csrf()})
    assert cuantas(otro) == 10
    elegir(otro, "50", "compacta")
    assert cuantas(client) == 27
    assert '<option value="compacta" selected>' in client.get(LISTA).text


def test_una_lista_buscada_cambia_su_tamano_sin_perder_lo_buscado(client: ClienteEstricto) -> None:
    for _ in range(12):
        fabricas.liquidacion((1000,), documento="555")
    fabricas.liquidacion((1000,))
    ingresar(client, "rentas")
    pagina = client.enviar(LISTA, {"buscar": "555", "registros": "10", "densidad": "comoda"}, "/gestion").text
    assert pagina.count('data-titulo="Liquidación"') == 10
    assert '<input type="hidden" name="buscar" value="555">' in pagina
    assert cuantas(client) == 10


@pytest.mark.parametrize("malo", ["", "0", "7", "1000", "diez", "-10"])
def test_un_tamano_que_no_se_ofrece_no_cambia_nada(client: ClienteEstricto, malo: str) -> None:
    usuario = ingresar(client, "rentas")
    elegir(client, malo)
    db.session.rollback()
    assert db.session.get_one(Usuario, usuario.id).registros == 25


def test_la_base_de_datos_tampoco_admite_otro_tamano(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    with pytest.raises(IntegrityError), transaccion():
        db.session.execute(text("UPDATE usuario SET registros = 7"))


def test_vuelve_a_la_misma_lista_por_su_primera_pagina(client: ClienteEstricto) -> None:
    ingresar(client, "tesoreria")
    donde = elegir(client, "10", volver="/gestion/tesoreria/casos?cola=pago_doble&pagina=3&filtro=mios")
    assert donde == "/gestion/tesoreria/casos?cola=pago_doble&filtro=mios"


@pytest.mark.parametrize(
    "fuera",
    [
        "https://malo.test/gestion",
        "//malo.test/gestion",
        "/gestion/no-existe",
        "/gestion\\..\\malo",
        "/consulta",
        "javascript:alert(1)",
        "/salir",
        "",
    ],
)
def test_nunca_lleva_fuera_de_las_paginas_de_gestion(client: ClienteEstricto, fuera: str) -> None:
    ingresar(client, "rentas")
    assert elegir(client, "10", volver=fuera) == "/gestion"


def test_sin_la_marca_del_formulario_no_cambia_nada(client: ClienteEstricto) -> None:
    usuario = ingresar(client, "rentas")
    assert client.post(RUTA, data={"registros": "10"}).status_code == 400
    db.session.rollback()
    assert db.session.get_one(Usuario, usuario.id).registros == 25


def test_pedirlo_en_la_direccion_no_lo_cambia(client: ClienteEstricto) -> None:
    usuario = ingresar(client, "rentas")
    client.get(f"{LISTA}?registros=10")
    db.session.rollback()
    assert db.session.get_one(Usuario, usuario.id).registros == 25
