"""The screen of a list: paste or upload, read the state, download it; what is bad gets a sentence and a 422."""

import html
import io
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.db import db
from portal.models import Bitacora, Lote
from portal.operaciones.listas import LIMITES
from portal.operaciones.lotes.archivo import Limites, leer_tabla
from tests.conftest import ingresar
from tests.fabricas import contrato
from tests.navegador_de_pruebas import ClienteEstricto
from tests.operaciones.test_lotes_archivo import MALOS
from tests.ordenes import pagada
from tests.web.pantallas_de_liquidar import HX, texto_de

LISTA = "/gestion/validacion/lista"
TITULOS = "Número de contrato;Vigencia;NIT\n"
_AMPLIOS = Limites(filas=2000, bytes=8 * 1024**2)
# The screen takes more rows than the reader's own test.
MALOS_DE_UNA_LISTA = [m for m in MALOS if not m[0].startswith("muchas filas")]


@pytest.fixture
def funcionario(client: ClienteEstricto) -> ClienteEstricto:
    ingresar(client, "funcionario")
    return client


def pegar(client: ClienteEstricto, texto: str, **otros: Any) -> TestResponse:
    return client.enviar(LISTA, {"lista": texto}, **otros)


def subir(client: ClienteEstricto, contenido: bytes, nombre: str = "lista.csv", **datos: str) -> TestResponse:
    campos = {"csrf_token": client.csrf(), "archivo": FileStorage(io.BytesIO(contenido), nombre), **datos}
    frontera, cuerpo = encode_multipart(campos)
    return client.post(LISTA, data=cuerpo, content_type=f"multipart/form-data; boundary={frontera}")


def test_una_lista_pegada_dice_el_estado_de_cada_fila(funcionario: ClienteEstricto) -> None:
    pagada(contrato("647"))
    una = contrato("648")
    pagina = pegar(funcionario, TITULOS + "647;2025;901805364\n648;2025;901805364\n1;2025;901805364\n")
    palabras = texto_de(pagina.text)
    assert pagina.status_code == 200
    assert "3 filas: 1 con todo pagado, 1 con pendientes, 1 no encontradas, 0 con errores." in palabras
    assert "Por pagar: $470.000" in palabras
    assert "No encontrado" in palabras
    # An official who does not assess opens the page that the contributor has.
    assert f'href="/liquidacion/{una.codigo}"' in pagina.text


def test_rentas_va_a_la_pagina_del_personal(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    una = contrato("648")
    assert f'href="/gestion/liquidaciones/{una.codigo}"' in pegar(client, TITULOS + "648;2025;901805364").text


def test_un_fragmento_trae_solo_la_lista(funcionario: ClienteEstricto) -> None:
    contrato("647")
    fragmento = pegar(funcionario, "647;2025;901805364", headers=HX)
    assert fragmento.text.lstrip().startswith("<section")


def test_quinientas_filas_caben_y_quinientas_una_no(funcionario: ClienteEstricto) -> None:
    contrato("7")
    filas = "".join(f"{n};2025;901805364\n" for n in range(1, LIMITES.filas + 1))
    pagina = subir(funcionario, (TITULOS + filas).encode())
    assert pagina.status_code == 200
    assert "500 filas: 0 con todo pagado, 1 con pendientes, 499 no encontradas" in texto_de(pagina.text)
    larga = subir(funcionario, (TITULOS + filas + "501;2025;901805364\n").encode())
    assert larga.status_code == 422
    assert "más de 500" in larga.text


def test_lo_que_se_ve_se_descarga_y_ninguna_celda_corre(funcionario: ClienteEstricto) -> None:
    contrato("647", nombre="=HYPERLINK(1)")
    pagina = pegar(funcionario, TITULOS + "647;2025;901805364\n\n=1+1;2025;901805364\n")
    escondida = re.search(r'name="lista" value="([^"]*)"', pagina.text)
    assert escondida
    libro = funcionario.enviar(LISTA, {"lista": html.unescape(escondida[1]), "exportar": "xlsx"})
    assert libro.status_code == 200
    assert b"<f>" not in _hoja(libro.data)
    csv = funcionario.enviar(LISTA, {"lista": html.unescape(escondida[1]), "exportar": "csv"})
    tabla = leer_tabla(csv.data, _AMPLIOS)
    assert [r.celdas[0] for r in tabla.renglones] == ["2", "4"]
    assert tabla.renglones[0].celdas[5] == "Encontrado"
    assert "'=HYPERLINK(1)" in csv.text
    assert "'=1+1" in csv.text
    assert "\n=" not in csv.text
    assert ";=" not in csv.text


def _hoja(libro: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(libro)) as archivo:
        return b"".join(archivo.read(n) for n in archivo.namelist() if "worksheets" in n)


def test_un_archivo_malo_recibe_una_frase(funcionario: ClienteEstricto) -> None:
    for nombre, contenido, _ in MALOS_DE_UNA_LISTA:
        respuesta = subir(funcionario, contenido)
        assert respuesta.status_code == 422, nombre
        assert "Hay un problema" in respuesta.text


def test_lo_pegado_no_se_pierde_cuando_esta_mal(funcionario: ClienteEstricto) -> None:
    respuesta = pegar(funcionario, "Objeto;Valor\nuno;2")
    assert respuesta.status_code == 422
    assert "Objeto;Valor\nuno;2</textarea>" in respuesta.text.replace("\r", "")
    assert pegar(funcionario, " \n ").status_code == 422
    dos = subir(funcionario, b"Factura\n1", lista="Factura\n1")
    assert dos.status_code == 422
    assert "no las dos cosas" in dos.text


def test_nada_se_guarda_y_la_bitacora_no_dice_documentos(app: Flask, funcionario: ClienteEstricto) -> None:
    contrato("647")
    pegar(funcionario, TITULOS + "647;2025;901805364\n")
    db.session.rollback()
    assert db.session.scalars(select(Lote)).all() == []
    filas = db.session.scalars(select(Bitacora).where(Bitacora.accion == "validacion.lista")).all()
    assert len(filas) == 1
    assert "901805364" not in str(filas[0].detalle)


@pytest.mark.parametrize("rol", ["agente", "administrador"])
def test_quien_no_valida_no_entra(client: ClienteEstricto, rol: str) -> None:
    ingresar(client, rol)
    assert client.get(LISTA).status_code == 403
