"""The help says what the screens say: each word it tells people to look for is on some screen, and each picture is a file."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select

from portal.app import create_app
from portal.config import Ajustes
from portal.db import db, transaccion
from portal.dominio.estados import EstadoPublico
from portal.models import Liquidacion, Pago, Usuario
from portal.pasarelas.base import EstadoPasarela
from tests import fabricas
from tests.adhesiones import DEPENDENCIA, adherir
from tests.conftest import ingresar
from tests.estampillas import pagada
from tests.fotos_ayuda import ALTO, ANCHO, MAXIMO_BYTES, NITIDEZ
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion
from tests.web.test_pago import hasta_revisar, numeros, pagar

PAGINAS = ("/ayuda", "/ayuda/pagar", "/ayuda/consultar")
ESTATICOS = Path(__file__).resolve().parents[2] / "portal/static"


@pytest.fixture
def pasarela(app: Flask) -> PasarelaGuion:
    app.extensions["pasarela"] = guion = PasarelaGuion()
    return guion


def arbol(texto: str) -> Any:
    return html5lib.parse(texto, namespaceHTMLElements=False)


def dichos(texto: str) -> set[str]:
    """Whatever a page says as one thing: whole elements, and each of their pieces."""
    hallados: set[str] = set()
    for elemento in arbol(texto).find("body").iter():
        piezas = ("".join(elemento.itertext()), elemento.text or "", elemento.tail or "")
        hallados.update(" ".join(pieza.split()) for pieza in piezas)
    return hallados


def desenlace(client: ClienteEstricto, pasarela: PasarelaGuion, estado: EstadoPasarela) -> str:
    """The page of the last payment once the gateway answers that."""
    db.session.expire_all()
    pago = db.session.scalars(select(Pago).order_by(Pago.id.desc()).limit(1)).one()
    pasarela.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago, estado)
    return client.get(f"/pago/{pago.codigo}").text


def pantallas_publicas(client: ClienteEstricto, pasarela: PasarelaGuion) -> Iterator[str]:
    yield client.get("/").text
    fabricas.contrato(valores=(235_000,))
    contrato = {"tipo_pago": "contrato", "vigencia": "2025", "nit": "901805364", "numero_contrato": "647"}
    yield client.enviar("/consulta", contrato).text
    una = fabricas.liquidacion()
    yield client.enviar("/consulta", {"tipo_pago": "tramite", "documento": "1212312323"}).text
    yield client.get("/pago").text
    yield client.get(f"/liquidacion/{una.codigo}").text
    yield client.enviar("/pago", {"tipo_pago": "tramite", "documento": str(una.facturas[0].numero)}).text
    yield hasta_revisar(client, numeros(una)).text
    yield client.get(pagar(client, numeros(una)).location).text
    yield client.enviar("/consulta", {"tipo_pago": "tramite", "documento": "1212312323"}).text
    yield desenlace(client, pasarela, EstadoPasarela.PENDIENTE)
    for estado in (EstadoPasarela.APROBADO, EstadoPasarela.RECHAZADO):
        pagar(client, numeros(fabricas.liquidacion()))
        yield desenlace(client, pasarela, estado)
    yield client.enviar("/consulta", {"tipo_pago": "tramite", "documento": "1212312323"}).text
    yield client.get(f"/v/{pagada()[0].codigo}").text


def pantallas_de_funcionario(client: ClienteEstricto) -> Iterator[str]:
    usuario = ingresar(client, "funcionario")
    with transaccion():
        db.session.get_one(Usuario, usuario.id).dependencia = DEPENDENCIA
    yield client.get("/gestion").text
    yield client.get("/gestion/validacion").text
    yield client.get("/gestion/certificados").text
    una = db.session.get_one(Liquidacion, pagada()[0].factura.liquidacion_id)
    yield client.get(f"/gestion/validacion/actos/{una.numero}").text
    numero = adherir(una, db.session.get_one(Usuario, usuario.id)).numero
    yield client.get(f"/gestion/validacion/adhesiones/{numero}").text
    yield client.enviar("/consulta", {"tipo_pago": "tramite", "documento": una.documento}).text


def test_cada_palabra_que_la_ayuda_manda_buscar_esta_en_una_pantalla(
    client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    teclas = {
        "".join(b.itertext())
        for pagina in PAGINAS
        for b in arbol(client.get(pagina).text).findall(".//b[@class='tecla']")
    }
    assert len(teclas) > 30
    pantallas = [*pantallas_publicas(client, pasarela), *pantallas_de_funcionario(client)]
    vistas = set().union(*map(dichos, pantallas))
    assert sorted(teclas - vistas) == []


@pytest.mark.parametrize("pagina", PAGINAS)
def test_cada_foto_existe_pesa_poco_y_tiene_el_tamano_que_se_dice(client: ClienteEstricto, pagina: str) -> None:
    fotos = arbol(client.get(pagina).text).findall(".//img")
    assert bool(fotos) == (pagina != "/ayuda")
    for foto in fotos:
        archivo = ESTATICOS / re.sub(r"^/static/|\?.*", "", foto.get("src"))
        datos = archivo.read_bytes()
        assert len(datos) <= MAXIMO_BYTES
        assert tamano_webp(datos) == (ANCHO * NITIDEZ, ALTO * NITIDEZ)
        assert (foto.get("width"), foto.get("height"), foto.get("loading")) == (str(ANCHO), str(ALTO), "lazy")
        assert len(foto.get("alt")) > 40, "who does not see it reads what it shows"


def tamano_webp(datos: bytes) -> tuple[int, int]:
    """The size in pixels that the header of an extended WebP gives."""
    assert (datos[:4], datos[8:16]) == (b"RIFF", b"WEBPVP8X")
    return int.from_bytes(datos[24:27], "little") + 1, int.from_bytes(datos[27:30], "little") + 1


def test_no_sobra_ninguna_foto(client: ClienteEstricto) -> None:
    textos = "".join(client.get(pagina).text for pagina in PAGINAS)
    assert [f.name for f in (ESTATICOS / "ayuda").iterdir() if f"/static/ayuda/{f.name}" not in textos] == []


def test_cada_enlace_de_la_ayuda_a_la_ayuda_llega(client: ClienteEstricto) -> None:
    paginas = {pagina: client.get(pagina).text for pagina in PAGINAS}
    for pagina, texto in paginas.items():
        for destino, ancla in re.findall(r'href="(/ayuda[^"#]*|)#([^"]+)"', texto):
            if ancla != "contenido":
                assert f'id="{ancla}"' in paginas[destino or pagina], f"{pagina}: #{ancla}"


def test_el_indice_explica_todos_los_estados(client: ClienteEstricto) -> None:
    pagina = client.get("/ayuda").text
    assert [estado.value for estado in EstadoPublico if estado.value not in pagina] == []


@pytest.mark.parametrize(
    ("departamento", "dicho"),
    [
        ("putumayo", ("Oficina de Rentas", "rentas@putumayo.gov.co")),
        ("narino", ("Subsecretaría de Rentas", "Gobernación de Nariño")),
        ("cundinamarca", ("Dirección de Rentas y Gestión Tributaria", "(601) 749 1449", "Calle 26 # 51 - 53")),
    ],
)
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_el_contacto_es_el_del_departamento(ajustes: Ajustes, departamento: str, dicho: tuple[str, ...]) -> None:
    app = create_app(replace(ajustes, departamento=departamento))
    app.test_client_class = ClienteEstricto
    paginas = {pagina: app.test_client().get(pagina).text for pagina in PAGINAS}
    assert [dato for dato in dicho if dato not in paginas["/ayuda"]] == []
    assert [p for p, texto in paginas.items() if "Putumayo" in texto and departamento != "putumayo"] == []


def test_lo_que_explica_un_campo_dice_de_cual_habla(client: ClienteEstricto) -> None:
    explicaciones = arbol(client.get("/consulta").text).findall(".//details[@class='ayuda-campo']")
    nombres = [" ".join("".join(uno.find("summary").itertext()).split()) for uno in explicaciones]
    assert nombres == [f"¿Qué es esto? {campo}" for campo in ("Vigencia", "NIT")]


@pytest.mark.parametrize(
    "direccion", ["/no-existe", "/accesibilidad", "/privacidad", "/devolucion", "/v/AAAA-AAAA-AAAA"]
)
def test_donde_alguien_se_queda_sin_salida_se_dice_a_quien_preguntar(client: ClienteEstricto, direccion: str) -> None:
    principal = arbol(client.get(direccion).text).find(".//main")
    enlaces = [a.get("href") for a in principal.findall(".//a")]
    assert "mailto:rentas@putumayo.gov.co" in enlaces


def test_a_donde_sigue_una_pagina_se_dice_en_espanol(client: ClienteEstricto) -> None:
    respuesta = client.get("/users/login")
    assert (respuesta.status_code, respuesta.mimetype) == (308, "text/plain")
    assert respuesta.text == f"La página sigue en {respuesta.location}\n"
