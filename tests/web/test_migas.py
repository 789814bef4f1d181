"""Every page says where it is: the pages above it, by their addresses, and itself."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.migas import NOMBRES
from tests.conftest import ingresar


def ruta(texto: str) -> list[tuple[str, str]]:
    """The links of the breadcrumb, and its last word with no address."""
    nav = re.search(r'<nav class="migas".*?</nav>', texto, re.S)
    assert nav, "no breadcrumb"
    enlaces = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', nav[0])
    actual = re.search(r'aria-current="page">([^<]+)<', nav[0])
    assert actual
    return [*((nombre, direccion) for direccion, nombre in enlaces), (actual[1], "")]


def test_toda_pagina_que_tiene_otras_debajo_tiene_nombre(app: Flask) -> None:
    paginas = {str(r): r.endpoint for r in app.url_map.iter_rules() if "GET" in (r.methods or ())}
    padres = {
        paginas[sobre]
        for direccion in paginas
        for n in range(2, direccion.count("/") + 1)
        if (sobre := "/".join(direccion.split("/")[:n])) in paginas
    }
    assert padres - NOMBRES.keys() == set()


def test_todo_nombre_es_de_una_pagina_que_existe(app: Flask) -> None:
    assert NOMBRES.keys() - app.view_functions.keys() == set()


def test_lo_publico_empieza_en_el_inicio(client: FlaskClient) -> None:
    assert ruta(client.get("/verificar/sin-conexion").text) == [
        ("Inicio", "/"),
        ("Verificar una estampilla", "/verificar"),
        ("Verificador sin conexión", ""),
    ]


def test_el_personal_ve_los_niveles_del_medio(client: FlaskClient) -> None:
    ingresar(client, "rentas")
    assert ruta(client.get("/gestion/liquidaciones/reconocimientos/nuevo").text)[:-1] == [
        ("Mi trabajo", "/gestion"),
        ("Liquidaciones", "/gestion/liquidaciones"),
        ("Reconocimientos", "/gestion/liquidaciones/reconocimientos"),
    ]


def test_no_se_ofrece_una_pagina_que_la_cuenta_no_puede_abrir(client: FlaskClient) -> None:
    ingresar(client, "auditor")
    assert ("Adherir y anular", "/gestion/validacion") not in ruta(client.get("/gestion/validacion/lista").text)


def test_los_dias_se_dicen_en_palabras_y_lo_que_no_es_un_dia_no_rompe_la_pagina(client: FlaskClient) -> None:
    ingresar(client, "tesoreria")
    cierre = "/gestion/tesoreria/cierre/cuenta"
    assert ruta(client.get(f"{cierre}/2026-11-05/reabrir").text)[-2][0] == "5 de noviembre de 2026"
    assert client.get(f"{cierre}/2026-13-45/reabrir").status_code == 404


@pytest.mark.parametrize("direccion", ["/no-existe", "/pago/no-existe/jamas", "/gestion/tesoreria/no-existe"])
def test_una_pagina_de_error_tambien_dice_donde_se_esta(client: FlaskClient, direccion: str) -> None:
    respuesta = client.get(direccion)
    assert respuesta.status_code == 404
    assert ruta(respuesta.text)[-1][1] == ""
