"""`/tramites`, the private page of what is issued there, and what its sharing and its expiry offer."""

import re
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.models import Liquidacion, TramiteAbierto
from tests import fabricas
from tests.autoliquidaciones import DE_DESPUES, DESPUES, ENTIDAD, abrir, liquidar
from tests.conftest import AHORA, ingresar
from tests.encargos import emitir, encargo_contrato, encargo_tramite, oficial
from tests.navegador_de_pruebas import ClienteEstricto

ANA = {"tipo_documento": "CC", "documento": "52.000.111", "nombre": "Ana María Ñáñez", "correo": ""}
ABIERTOS = "/gestion/normativa/tramites-abiertos"

pytestmark = pytest.mark.usefixtures("dia_con_valores")


@pytest.fixture
def abierto(app: Flask) -> int:
    return abrir().id


def revisar(client: ClienteEstricto, numero: int, **cambios: str) -> Any:
    return client.enviar(f"/tramites/{numero}/revisar", ANA | cambios)


def emitir_propia(client: ClienteEstricto, numero: int, **cambios: str) -> Any:
    return client.enviar(f"/tramites/{numero}/liquidar", ANA | {"total_visto": "9000"} | cambios)


def extrano(app: Flask) -> ClienteEstricto:
    cliente = app.test_client()
    assert isinstance(cliente, ClienteEstricto)
    return cliente


def emitidas() -> list[Liquidacion]:
    db.session.rollback()
    return list(db.session.scalars(select(Liquidacion).order_by(Liquidacion.id)))


def test_de_la_primera_pantalla_a_pagar(client: ClienteEstricto, abierto: int) -> None:
    assert 'href="/tramites"' in client.get("/").text
    assert 'href="/tramites"' in client.get("/pago").text
    assert ENTIDAD in client.get("/tramites").text
    tramites = client.get(f"/tramites?entidad={ENTIDAD}").text
    assert f'href="/tramites/{abierto}"' in tramites
    assert "¿A nombre de quién?" in client.get(f"/tramites/{abierto}").text
    revision = revisar(client, abierto).text
    assert "Liquidar $9.000" in revision
    assert "Valor fijo: $4.000" in revision, "each stamp says why"
    salida = emitir_propia(client, abierto)
    (nueva,) = emitidas()
    assert (salida.status_code, salida.location) == (303, f"/liquidacion/{nueva.codigo}")
    assert nueva.emitida_por is None
    assert nueva.documento == "52000111"
    pagina = client.get(salida.location).text
    assert f'href="/pago/de/{nueva.codigo}"' in pagina
    assert 'value="Ana María Ñáñez"' in client.get(f"/pago/de/{nueva.codigo}").text


def test_sin_tramites_abiertos_se_dice_a_quien_pedirla(client: ClienteEstricto) -> None:
    texto = client.get("/tramites").text
    assert "Por ahora ningún trámite se liquida por internet" in texto
    assert "rentas@putumayo.gov.co" in texto


@pytest.mark.parametrize("cola", ["", "/revisar", "/liquidar"])
def test_lo_que_no_esta_abierto_no_existe(client: ClienteEstricto, cola: str) -> None:
    assert client.enviar(f"/tramites/999{cola}", ANA).status_code == 404


def test_un_paso_abierto_por_su_direccion_vuelve_al_formulario(client: ClienteEstricto, abierto: int) -> None:
    for paso in ("revisar", "liquidar"):
        assert client.get(f"/tramites/{abierto}/{paso}").location == f"/tramites/{abierto}"


@pytest.mark.parametrize(
    ("campo", "valor"), [("documento", "12ab"), ("nombre", ""), ("correo", "x"), ("tipo_documento", "X")]
)
def test_un_dato_mal_escrito_se_corrige_sin_perder_los_demas(
    client: ClienteEstricto, abierto: int, campo: str, valor: str
) -> None:
    for respuesta in (revisar(client, abierto, **{campo: valor}), emitir_propia(client, abierto, **{campo: valor})):
        assert respuesta.status_code == 422
        assert "Hay un problema" in respuesta.text
        assert campo == "nombre" or "Ana María Ñáñez" in respuesta.text
    assert emitidas() == []


def test_otro_total_se_muestra_de_nuevo_y_no_emite(client: ClienteEstricto, abierto: int) -> None:
    respuesta = emitir_propia(client, abierto, total_visto="1")
    assert respuesta.status_code == 409
    assert "El valor cambió mientras usted revisaba" in respuesta.text
    assert emitidas() == []


def test_dos_toques_llevan_a_la_misma(client: ClienteEstricto, abierto: int) -> None:
    primera, segunda = emitir_propia(client, abierto), emitir_propia(client, abierto)
    assert primera.location == segunda.location
    assert len(emitidas()) == 1


def test_un_extrano_no_llega_a_la_pagina_privada_ni_ve_el_nombre(
    client: ClienteEstricto, app: Flask, abierto: int
) -> None:
    emitir_propia(client, abierto)
    (suya,) = emitidas()
    otro = extrano(app)
    for respuesta in (revisar(otro, abierto, nombre="Otro"), emitir_propia(otro, abierto, nombre="Otro")):
        assert respuesta.status_code == 409
        assert "Ya hay una liquidación sin pagar" in respuesta.text
        assert suya.codigo not in respuesta.text
        assert "Ñáñez" not in respuesta.text
        assert str(suya.facturas[0].numero) in respuesta.text, "what the look-up says of that document"
    assert len(emitidas()) == 1


def test_nadie_recorre_documentos_ni_llena_la_base(client: ClienteEstricto, app: Flask, abierto: int) -> None:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=3)
    vistas = [revisar(client, abierto).status_code for _ in range(5)]
    assert vistas == [200, 200, 200, 429, 429]
    hechas = [emitir_propia(client, abierto, documento=str(52000111 + i)).status_code for i in range(12)]
    assert hechas == [303] * 10 + [429] * 2


def test_compartir_no_lleva_nombre_ni_documento(client: ClienteEstricto) -> None:
    una = fabricas.liquidacion(nombre="Ana María Ñáñez", documento="52000111")
    texto = client.get(f"/liquidacion/{una.codigo}").text
    enlaces = re.findall(r'href="(https://wa\.me/[^"]*|mailto:\?[^"]*)"', texto)
    assert len(enlaces) == 2
    for enlace in enlaces:
        assert una.codigo in enlace
        assert not re.search("52000111|52.000.111|Ana|a%C3%B1ez", enlace)
    assert f'value="http://localhost/liquidacion/{una.codigo}" readonly' in texto
    assert re.search(r'data-copiar="direccion" hidden', texto), (
        "without scripts nothing copies: the button is not there"
    )


def test_una_vencida_se_liquida_de_nuevo_con_un_toque(client: ClienteEstricto) -> None:
    vieja = emitir(encargo_tramite(), oficial())
    with time_machine.travel(DE_DESPUES.ahora, tick=True):
        pagina = client.get(f"/liquidacion/{vieja.codigo}").text
        assert "Liquidar de nuevo con los valores de hoy" in pagina
        primera = client.enviar(f"/liquidacion/{vieja.codigo}/liquidar-de-nuevo", {})
        segunda = client.enviar(f"/liquidacion/{vieja.codigo}/liquidar-de-nuevo", {})
        nueva = emitidas()[-1]
        assert primera.location == segunda.location == f"/liquidacion/{nueva.codigo}"
        assert "Pagar en línea" in client.get(primera.location).text
        assert f"/liquidacion/{nueva.codigo}" in client.get(f"/liquidacion/{vieja.codigo}").text
    assert nueva.fecha_causacion == DESPUES


def test_lo_que_un_funcionario_debe_mirar_se_dice_en_vez_del_boton(client: ClienteEstricto) -> None:
    parte = emitir(replace(encargo_contrato(), por_retencion=True), oficial())
    una = fabricas.liquidacion(fecha_limite=AHORA.date().replace(year=2024))
    pagina = client.get(f"/liquidacion/{una.codigo}").text
    assert "Un funcionario debe comprobar un dato" in pagina
    assert "liquidar-de-nuevo" not in pagina
    assert client.enviar(f"/liquidacion/{una.codigo}/liquidar-de-nuevo", {}).status_code == 409
    assert "liquidar-de-nuevo" not in client.get(f"/liquidacion/{parte.codigo}").text


def test_buscar_una_vencida_para_pagarla_dice_que_hacer(client: ClienteEstricto) -> None:
    fabricas.liquidacion(fecha_limite=AHORA.date().replace(year=2024))
    texto = client.enviar("/pago", {"tipo_pago": "tramite", "documento": "1212312323"}).text
    assert "liquídela de nuevo con un toque" in texto


def test_el_administrador_abre_y_cierra_y_el_auditor_solo_mira(client: ClienteEstricto, app: Flask) -> None:
    ingresar(client, "administrador")
    vacia = client.enviar(ABIERTOS, {"actos": "P-T-01", "entidad": ""})
    assert vacia.status_code == 422
    assert client.enviar(ABIERTOS, {"actos": "P-C-01", "entidad": "X"}).status_code == 422
    assert client.enviar(ABIERTOS, {"actos": "P-T-01", "entidad": "Contraloría"}).status_code == 303
    repetida = client.enviar(ABIERTOS, {"actos": "P-T-01", "entidad": "Contraloría"})
    assert "ya está abierto para esa entidad" in repetida.text
    uno = db.session.scalars(select(TramiteAbierto)).one().id
    assert "Contraloría" in extrano(app).get("/tramites").text
    auditor = extrano(app)
    ingresar(auditor, "auditor")
    mirada = auditor.get(ABIERTOS).text
    assert "Contraloría" in mirada
    assert "Abrir un trámite" not in mirada
    assert client.enviar(f"{ABIERTOS}/{uno}/cerrar", {}).status_code == 303
    assert "Contraloría" not in extrano(app).get("/tramites").text


def test_lo_que_el_contribuyente_hizo_se_lee_en_las_pantallas_de_rentas(client: ClienteEstricto) -> None:
    nueva = liquidar()
    ingresar(client, "rentas")
    assert "El contribuyente, en línea" in client.get(f"/gestion/liquidaciones/{nueva.codigo}").text
