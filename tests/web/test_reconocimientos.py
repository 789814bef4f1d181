"""The screens of recognitions: roles, bad input, lists, revoking."""

import html
import re
from datetime import date

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from portal.operaciones.reconocimientos import Alcance
from tests.conftest import AHORA, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.reconocimientos import reconocer, todos
from tests.web.pantallas_de_liquidar import (
    HX,
    NUEVA,
    instalar,
    ocultos,
    paso,
)
from tests.web.pantallas_de_reconocer import DE_EPS, LISTA, SOPORTE, quien, visible

pytestmark = pytest.mark.usefixtures("dia_con_valores")


NUEVO = f"{LISTA}/nuevo"
REGISTRO = SOPORTE | {
    "regla": "C-EX-04",
    "tipo_documento": "NIT",
    "documento": "860.069.804-2",
    "nombre": "EPS DE PRUEBA",
    "numero_contrato": "",
    "vigencia_contrato": "",
    "desde": "2025-01-01",
}


@pytest.fixture
def rentas(rentas: ClienteEstricto, app: Flask) -> ClienteEstricto:
    instalar(app, "cundinamarca")
    return rentas


def registrar(client: ClienteEstricto, **cambios: str) -> TestResponse:
    return client.enviar(NUEVO, REGISTRO | cambios)


def test_se_registra_y_se_ve_con_lo_que_se_emitio(rentas: ClienteEstricto) -> None:
    respuesta = registrar(rentas)
    assert respuesta.status_code == 303
    pagina = rentas.get(respuesta.location)
    for esperado in (
        "quedó registrado",
        "✓ Vigente",
        "EPS DE PRUEBA, NIT 860.069.804-2",
        "Todos sus actos",
        "Certificación 45-2025 del 20 de enero de 2025 (Superintendencia Nacional de Salud)",
        "Desde el 1 de enero de 2025, hasta el 31 de diciembre de 2025",
        "Dirección de Rentas y Gestión Tributaria. Lo registró Cuenta de rentas",
        "Todavía no se ha emitido ninguna liquidación",
    ):
        assert esperado in visible(pagina), esperado
    revision = paso(rentas, "CC-2", "revisar", DE_EPS)
    rentas.post(f"{NUEVA}/CC-2/emitir", data=ocultos(revision.text))
    assert "Contrato 647, vigencia 2025" in visible(rentas.get(respuesta.location))


def test_el_registro_ofrece_las_reglas_que_lo_piden_y_sus_palabras(rentas: ClienteEstricto) -> None:
    pagina = rentas.get(NUEVO)
    assert set(re.findall(r'<option value="(C-EX[^"]*)"', pagina.text)) == {"C-EX-04", "C-EX-11", "C-EXE-100"}
    assert "Vale hasta por 10 años desde la fecha del documento" in visible(pagina)


@pytest.mark.parametrize("departamento", ["putumayo", "narino"])
def test_donde_ninguna_regla_lo_pide_se_dice(rentas: ClienteEstricto, app: Flask, departamento: str) -> None:
    instalar(app, departamento)
    for direccion in (LISTA, NUEVO):
        assert "Ninguna regla vigente de este departamento pide un reconocimiento." in visible(rentas.get(direccion))
    respuesta = registrar(rentas)
    assert respuesta.status_code == 422
    assert todos() == []


@pytest.mark.parametrize(
    ("campo", "malo", "frase"),
    [
        ("regla", "", "Elija una regla"),
        ("regla", "C-EX-05", "opción"),
        ("tipo_documento", "XX", "opción"),
        ("documento", "860069804-9", "dígito de verificación no corresponde"),
        ("documento", "", "Escriba este dato"),
        ("nombre", "x" * 161, "máximo 160"),
        ("nombre", "<script>" * 30, "máximo 160"),
        ("numero_contrato", "647", "su número y su vigencia"),
        ("numero_contrato", "6%", "Escriba el número del contrato"),
        ("vigencia_contrato", "2025", "su número y su vigencia"),
        ("vigencia_contrato", "25", "cuatro números"),
        ("desde", "2025-02-31", "fecha que exista"),
        ("desde", "2020-12-31", "no está vigente el 31 de diciembre de 2020"),
        ("hasta", "2024-12-31", "no puede ser anterior"),
        ("soporte_clase", "", "Elija la clase"),
        ("soporte_fecha", "2025-06-25", "no puede ser futura"),
        ("soporte_fecha", "", "Escriba este dato"),
        ("soporte_emisor", "   ", "Escriba este dato"),
    ],
)
def test_un_dato_malo_es_422_junto_a_su_campo_y_se_conserva(
    rentas: ClienteEstricto, campo: str, malo: str, frase: str
) -> None:
    respuesta = registrar(rentas, **{campo: malo})
    assert respuesta.status_code == 422
    assert frase in html.unescape(respuesta.text)
    assert "campo-error" in respuesta.text
    assert 'value="45-2025"' in respuesta.text
    assert todos() == []


def test_el_resumen_de_errores_sigue_la_pagina(rentas: ClienteEstricto) -> None:
    respuesta = registrar(rentas, regla="", nombre="", soporte_fecha="", desde="")
    resumen = re.findall(r'<li><a href="#(\w+)">', respuesta.text)
    assert resumen == ["regla", "nombre", "desde", "soporte_fecha"]
    assert resumen == [c for c in re.findall(r'<(?:input|select) id="(\w+)"', respuesta.text) if c in resumen]


def test_lo_que_se_escribe_se_muestra_tal_cual(rentas: ClienteEstricto) -> None:
    malicioso = "<script>alert(1)</script> {{7*7}} ' OR 1=1--"
    pagina = rentas.get(registrar(rentas, nombre=malicioso).location)
    assert malicioso in visible(pagina) or html.unescape(pagina.text).count(malicioso)
    assert "<script>alert" not in pagina.text


def test_cruzarse_con_otro_es_409_y_lleva_a_el(rentas: ClienteEstricto) -> None:
    uno = reconocer(quien())
    respuesta = registrar(rentas, desde="2025-12-31", hasta="")
    assert respuesta.status_code == 409
    assert f"El reconocimiento {uno.id} ya cubre esa regla" in visible(respuesta)
    assert f'href="{LISTA}/{uno.id}"' in respuesta.text
    assert 'value="EPS DE PRUEBA"' in respuesta.text
    assert registrar(rentas, desde="2026-01-01", hasta="").status_code == 303


def test_para_un_contrato(rentas: ClienteEstricto) -> None:
    respuesta = registrar(rentas, numero_contrato="0647", vigencia_contrato="2025")
    assert "Solo el contrato 647 de 2025" in visible(rentas.get(respuesta.location))


def test_la_lista_se_busca_por_documento_en_el_cuerpo_con_htmx_y_sin_el(rentas: ClienteEstricto) -> None:
    reconocer(quien())
    reconocer(quien(), alcance=Alcance("CC", "1212312323", "prueba"), hasta=None)
    todas = visible(rentas.get(LISTA))
    assert "EPS DE PRUEBA" in todas
    assert "CC 1.212.312.323" in todas
    for escrito in ("860.069.804-2", "860069804"):
        fragmento = rentas.enviar(LISTA, {"buscar": escrito}, headers=HX)
        assert fragmento.text.lstrip().startswith('<section id="lista"')
        assert "EPS DE PRUEBA" in visible(fragmento)
        assert "1.212.312.323" not in visible(fragmento)
        assert visible(fragmento) in visible(rentas.enviar(LISTA, {"buscar": escrito}))
    assert "No hay reconocimientos de ese documento." in visible(rentas.enviar(LISTA, {"buscar": "860069"}))
    malo = rentas.enviar(LISTA, {"buscar": "8600%"})
    assert malo.status_code == 422
    assert "sin comodines" in visible(malo)


def test_la_lista_va_por_paginas(rentas: ClienteEstricto) -> None:
    ids = [reconocer(quien(), alcance=Alcance("CC", str(1000 + i), f"persona {i}")).id for i in range(27)]
    primera = rentas.get(LISTA)
    assert "persona 2 " in visible(primera)
    assert "persona 1 " not in visible(primera)
    antes = re.search(r'name="antes" value="(\d+)"', primera.text)
    assert antes
    assert int(antes[1]) == ids[2]
    segunda = visible(rentas.enviar(LISTA, {"buscar": "", "antes": antes[1]}))
    assert "persona 1 " in segunda
    assert "persona 2 " not in segunda


@pytest.mark.parametrize(
    ("cambios", "estado"),
    [
        ({}, "Vigente"),
        ({"desde": date(2025, 6, 25)}, "Aún no rige"),
        ({"hasta": date(2025, 6, 23)}, "Vencido"),
        ({"hasta": date(2025, 6, 24)}, "Vigente"),
    ],
    ids=str,
)
def test_cada_estado_se_dice_con_su_palabra(rentas: ClienteEstricto, cambios: dict[str, date], estado: str) -> None:
    reconocer(quien(), **cambios)
    assert estado in visible(rentas.get(LISTA))


def test_se_revoca_con_motivo_una_sola_vez(rentas: ClienteEstricto) -> None:
    direccion = f"{LISTA}/{reconocer(quien()).id}"
    assert "no eximirá nada" in visible(rentas.get(f"{direccion}/revocar"))
    vacio = rentas.enviar(f"{direccion}/revocar", {"motivo": " "})
    assert vacio.status_code == 422
    assert not todos()[0].revocado
    assert rentas.enviar(f"{direccion}/revocar", {"motivo": "Certificado falso"}).status_code == 303
    pagina = visible(rentas.get(direccion))
    assert "× Revocado" in pagina
    assert "Motivo: Certificado falso" in pagina
    assert f"{direccion}/revocar" not in rentas.get(direccion).text
    assert rentas.enviar(f"{direccion}/revocar", {"motivo": "Otra vez"}).status_code == 303
    assert todos()[0].revocado_motivo == "Certificado falso"


@pytest.mark.parametrize("rol", ["auditor", "administrador"])
def test_auditor_y_administrador_leen_y_no_escriben(client: ClienteEstricto, app: Flask, rol: str) -> None:
    instalar(app, "cundinamarca")
    ingresar(client, "rentas")
    uno = reconocer(quien())
    client.post("/salir", data={"csrf_token": client.csrf()})
    ingresar(client, rol)
    assert "Nuevo reconocimiento" not in client.get(LISTA).text
    pagina = client.get(f"{LISTA}/{uno.id}")
    assert pagina.status_code == 200
    assert "/revocar" not in pagina.text
    for direccion in (NUEVO, f"{LISTA}/{uno.id}/revocar"):
        assert client.get(direccion).status_code == 403
        assert client.enviar(direccion, REGISTRO | {"motivo": "x"}).status_code == 403
    assert LISTA in client.get("/gestion").text


def test_uno_que_no_existe_o_de_otro_departamento_es_404(rentas: ClienteEstricto, app: Flask) -> None:
    uno = reconocer(quien())
    instalar(app, "narino")
    for numero in (str(uno.id), "0", "999999", "9" * 30):
        assert rentas.get(f"{LISTA}/{numero}").status_code == 404
        assert rentas.get(f"{LISTA}/{numero}/revocar").status_code == 404


def test_ningun_documento_va_en_una_direccion(rentas: ClienteEstricto) -> None:
    respuesta = registrar(rentas)
    paginas = [rentas.get(d).text for d in (LISTA, respuesta.location, f"{respuesta.location}/revocar", NUEVO)]
    assert not any("860069804" in enlace for p in paginas for enlace in re.findall(r'(?:href|action)="([^"]+)"', p))


def test_el_dia_es_el_de_colombia(client: ClienteEstricto, app: Flask) -> None:
    """At 8 p. m. in Bogotá it is tomorrow in UTC: a document of tomorrow does not exist yet."""
    instalar(app, "cundinamarca")
    with time_machine.travel(AHORA.replace(day=25, hour=1)):
        ingresar(client, "rentas")
        assert registrar(client, soporte_fecha="2025-06-25").status_code == 422
        assert registrar(client, soporte_fecha="2025-06-24").status_code == 303
