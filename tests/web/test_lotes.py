"""The screens of an import: upload, dry run, issue, result; bad files get a sentence and a 4xx, and nothing is stored."""

import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.db import db, transaccion
from portal.models import Lote
from portal.operaciones.lotes.archivo import leer_tabla
from portal.operaciones.lotes.importacion import EN_PANTALLA, VIGENCIA
from portal.operaciones.normativa import nueva_edicion
from tests.conftest import AHORA, CLAVE, ingresar
from tests.lotes import contratos, csv_de, de_eps, emitidas, fila, xlsx_de
from tests.navegador_de_pruebas import ClienteEstricto
from tests.operaciones.test_lotes_archivo import MALOS
from tests.reconocimientos import reconocer
from tests.web.pantallas_de_liquidar import HX, instalar, texto_de
from tests.web.pantallas_de_reconocer import quien

pytestmark = pytest.mark.usefixtures("dia_con_valores")

# The screen takes more rows than the reader's own test.
MALOS_EN_PANTALLA = [m for m in MALOS if not m[0].startswith("muchas filas")]
SUBIR = "/gestion/liquidaciones/importar"


def subir(
    client: ClienteEstricto, contenido: bytes, nombre: str = "contratos.csv", a: str = SUBIR, **otros: Any
) -> TestResponse:
    datos = {"csrf_token": client.csrf(), "archivo": FileStorage(io.BytesIO(contenido), nombre)}
    # Encoded here: the client would leave the temporary file of a large body open.
    frontera, cuerpo = encode_multipart(datos)
    return client.post(a, data=cuerpo, content_type=f"multipart/form-data; boundary={frontera}", **otros)


def revisar(client: ClienteEstricto, contenido: bytes) -> tuple[str, TestResponse]:
    """Upload a readable file; returns the address of its dry run and the page."""
    respuesta = subir(client, contenido)
    assert respuesta.status_code == 303, respuesta.text
    return respuesta.location, client.get(respuesta.location)


def emitir(client: ClienteEstricto, direccion: str, pagina: TestResponse) -> TestResponse:
    visto = re.search(r'name="visto" value="([0-9a-f]{64})"', pagina.text)
    assert visto, pagina.text
    return client.enviar(f"{direccion}/emitir", {"visto": visto[1]})


def guardados() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Lote.id)).all())


def test_de_la_plantilla_a_las_liquidaciones(rentas: ClienteEstricto) -> None:
    direccion, revision = revisar(rentas, csv_de(contratos(3)))
    palabras = texto_de(revision.text)
    assert "Se emitirán 3 liquidaciones por $1.410.000." in palabras
    assert "Emitir 3 liquidaciones por $1.410.000" in palabras
    assert "en todos los contratos por emitir" in palabras
    assert emitidas() == []
    respuesta = emitir(rentas, direccion, revision)
    assert (respuesta.status_code, respuesta.location) == (303, direccion)
    hecho = rentas.get(direccion)
    assert "3 liquidaciones emitidas por $1.410.000" in hecho.text
    for una in emitidas():
        assert f'/gestion/liquidaciones/{una.codigo}"' in hecho.text
    libro = leer_tabla(rentas.get(f"{direccion}?exportar=xlsx").data, EN_PANTALLA)
    assert [r.celdas[-1] for r in libro.renglones] == [
        f"http://localhost/liquidacion/{una.codigo}.pdf" for una in emitidas()
    ]
    assert [r.celdas[7:9] for r in libro.renglones] == [("Liquidado", "Emitida")] * 3
    assert rentas.get(libro.renglones[0].celdas[-1].removeprefix("http://localhost")).data.startswith(b"%PDF")  # type: ignore[union-attr]
    assert "contratos.csv" in rentas.get(SUBIR).text, "among the latest imports"


def test_repetir_el_archivo_dice_que_no_hay_nada_por_emitir(rentas: ClienteEstricto) -> None:
    emitir(rentas, *revisar(rentas, csv_de(contratos(2))))
    _, pagina = revisar(rentas, xlsx_de(contratos(2)))
    assert "No hay nada por emitir" in pagina.text
    assert "2 contratos ya están liquidados con estos mismos datos y no cambian." in texto_de(pagina.text)
    assert "/emitir" not in pagina.text


def test_los_errores_se_muestran_por_fila_y_columna_y_se_descargan(rentas: ClienteEstricto) -> None:
    direccion, pagina = revisar(rentas, csv_de([fila(Valor="mil"), *contratos(2)]))
    palabras = texto_de(pagina.text)
    assert "El archivo tiene errores" in palabras
    assert "1 error en 1 de 3 filas. No se emitió nada." in palabras
    assert "F (Valor)" in palabras
    assert "/emitir" not in pagina.text
    libro = leer_tabla(rentas.get(f"{direccion}/errores.xlsx").data, EN_PANTALLA)
    assert [str(c) for c in libro.renglones[0].celdas[:3]] == ["2", "F", "Valor"]
    sin_ver = rentas.enviar(f"{direccion}/emitir", {"visto": "0" * 64})
    assert sin_ver.status_code == 409
    assert emitidas() == []


def test_los_reconocimientos_que_faltan_se_dicen_y_el_archivo_no_se_sube_otra_vez(
    cundinamarca: ClienteEstricto,
) -> None:
    direccion, pagina = revisar(cundinamarca, csv_de([de_eps("1"), de_eps("2") | {"Valor": "mil"}]))
    palabras = texto_de(pagina.text)
    assert "El archivo tiene errores" in palabras
    assert "Regla C-EX-04" in palabras
    assert "Además, faltan reconocimientos: regístrelos también." in palabras
    assert "/emitir" not in pagina.text
    libro = leer_tabla(cundinamarca.get(f"{direccion}/errores.xlsx").data, EN_PANTALLA)
    assert [r.celdas[3] for r in libro.renglones] == ["C-EX-04", None]
    direccion, pagina = revisar(cundinamarca, csv_de([de_eps("1")]))
    palabras = texto_de(pagina.text)
    assert "Faltan reconocimientos" in palabras
    assert "No hay que subirlo otra vez: regístrelos y revise de nuevo." in palabras
    assert "Subir el archivo corregido" not in palabras
    assert f'href="{direccion}"' in pagina.text
    reconocer(quien())
    otra_vez = cundinamarca.get(direccion)
    assert "Se emitirá 1 liquidación por $0." in texto_de(otra_vez.text)
    assert emitir(cundinamarca, direccion, otra_vez).status_code == 303


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("contenido", "frase"), [m[1:] for m in MALOS_EN_PANTALLA], ids=[m[0] for m in MALOS_EN_PANTALLA]
)
def test_un_archivo_malo_recibe_una_frase_junto_al_campo(rentas: ClienteEstricto, contenido: bytes, frase: str) -> None:
    respuesta = subir(rentas, contenido)
    assert respuesta.status_code == 422
    pagina = html.unescape(respuesta.text)
    assert "Hay un problema" in pagina
    assert frase in pagina
    assert "<title>Error: " in pagina
    assert guardados() == 0


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_cada_titulo_malo_es_un_problema_aparte(rentas: ClienteEstricto) -> None:
    pagina = html.unescape(subir(rentas, b"Acto;Valr\r\nP-C-02;1\r\n").text)
    assert "La columna B («Valr») no existe. ¿Quiso decir «Valor»?" in pagina
    assert "Faltan las columnas: Tipo de documento, Número de documento" in pagina


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_sin_archivo_y_con_uno_enorme(rentas: ClienteEstricto) -> None:
    sin_nada = rentas.enviar(SUBIR, {})
    assert (sin_nada.status_code, "Elija el archivo con los contratos." in sin_nada.text) == (422, True)
    assert subir(rentas, b"", nombre="").status_code == 422
    assert "más de 2 MB" in subir(rentas, b"Acto;Valor\r\n" + b"x;1\r\n" * 900_000).text
    assert subir(rentas, b"x" * 9 * 1024**2).status_code == 413
    declarado = rentas.post(
        SUBIR,
        data={"x": "1"},
        content_type="multipart/form-data",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3)},
    )
    assert declarado.status_code == 413


def test_las_demas_paginas_siguen_sin_admitir_envios_grandes(rentas: ClienteEstricto) -> None:
    assert subir(rentas, b"x" * 600_000, a="/gestion/liquidaciones").status_code == 413


def test_lo_que_parece_una_formula_o_una_etiqueta_es_un_dato(rentas: ClienteEstricto) -> None:
    filas = [fila(Objeto="=1+1", **{"Nombre del contratista": "<script>alert(1)</script>"})]
    direccion, revision = revisar(rentas, csv_de(filas))
    emitir(rentas, direccion, revision)
    (una,) = emitidas()
    assert (una.objeto, una.nombre) == ("=1+1", "<script>alert(1)</script>")
    assert html.escape(una.nombre) in rentas.get(direccion).text
    libro = leer_tabla(rentas.get(f"{direccion}?exportar=xlsx").data, EN_PANTALLA)
    assert libro.renglones[0].celdas[3] == una.nombre


@pytest.mark.parametrize("formato", ["xlsx", "csv"])
@pytest.mark.parametrize("departamento", ["putumayo", "narino", "cundinamarca"])
def test_la_plantilla_llena_se_importa_y_su_ejemplo_no(
    rentas: ClienteEstricto, app: Flask, departamento: str, formato: str
) -> None:
    instalar(app, departamento)
    plantilla = rentas.get(f"{SUBIR}/plantilla/{formato}")
    assert f"plantilla-contratos.{formato}" in plantilla.headers["Content-Disposition"]
    tabla = leer_tabla(plantilla.data, EN_PANTALLA)
    _, pagina = revisar(rentas, plantilla.data)
    assert "1 error en 1 de 1 filas" in texto_de(pagina.text)
    assert "Es la fila de ejemplo de la plantilla. Bórrela." in pagina.text
    propia = dict(zip(tabla.titulos, tabla.renglones[0].celdas, strict=True)) | {"Número de contrato": "12"}
    _, pagina = revisar(rentas, csv_de([propia]))
    assert "Se emitirá 1 liquidación por" in texto_de(pagina.text)


def test_con_htmx_llega_solo_el_fragmento_y_su_direccion(rentas: ClienteEstricto) -> None:
    subida = subir(rentas, csv_de(contratos(1)), headers=HX)
    pagina = rentas.get(subida.location, headers=HX)
    assert pagina.text.startswith('<section id="lote"')
    assert pagina.headers["HX-Push-Url"] == subida.location
    mala = subir(rentas, b"", headers=HX)
    assert (mala.status_code, mala.text.startswith('<section id="lote"')) == (422, True)


def test_si_algo_cambia_entre_revisar_y_emitir_se_muestra_de_nuevo(rentas: ClienteEstricto) -> None:
    direccion, vieja = revisar(rentas, csv_de(contratos(2)))
    with transaccion():
        db.session.execute(text("UPDATE tarifa SET valor = '3' WHERE departamento = 'putumayo'"))
        nueva_edicion()
    respuesta = emitir(rentas, direccion, vieja)
    assert respuesta.status_code == 409
    assert "Lo que se va a emitir cambió desde la revisión" in respuesta.text
    assert emitidas() == []
    assert emitir(rentas, direccion, respuesta).status_code == 303
    assert len(emitidas()) == 2


def test_confirmar_dos_veces_importa_una(rentas: ClienteEstricto) -> None:
    direccion, revision = revisar(rentas, csv_de(contratos(2)))
    assert emitir(rentas, direccion, revision).status_code == 303
    segunda = emitir(rentas, direccion, revision)
    assert (segunda.status_code, segunda.location) == (303, direccion)
    assert "Ese archivo ya se importó." in rentas.get(direccion).text
    assert len(emitidas()) == 2


def test_el_archivo_que_espera_vence_y_se_puede_borrar(rentas: ClienteEstricto) -> None:
    direccion, _ = revisar(rentas, csv_de(contratos(1)))
    primera, _ = revisar(rentas, csv_de(contratos(2)))
    assert guardados() == 1, "one file waits per person"
    assert rentas.get(direccion).status_code == 404
    borrado = rentas.enviar(f"{SUBIR}/descartar", {})
    assert (borrado.status_code, borrado.location, guardados()) == (303, SUBIR, 0)
    assert rentas.get(primera).status_code == 404
    direccion, revision = revisar(rentas, csv_de(contratos(1)))
    with time_machine.travel(AHORA + VIGENCIA + timedelta(minutes=1), tick=True):
        ingresar_de_nuevo(rentas)
        assert rentas.get(direccion).status_code == 404
        assert emitir(rentas, direccion, revision).status_code == 404
    assert emitidas() == []


def ingresar_de_nuevo(client: ClienteEstricto) -> None:
    client.enviar("/ingresar", {"correo": "rentas@demo.portal.test", "clave": CLAVE})


def test_nadie_ve_el_archivo_que_otra_persona_no_ha_importado(app: Flask, rentas: ClienteEstricto) -> None:
    direccion, revision = revisar(rentas, csv_de(contratos(1)))
    with transaccion():
        db.session.execute(text("UPDATE usuario SET correo = 'otra@demo.portal.test'"))
    otra = app.test_client()
    ingresar(otra, "rentas")
    for pagina in ("", "/errores.xlsx", "?exportar=xlsx"):
        assert otra.get(direccion + pagina).status_code == 404
    assert emitir(otra, direccion, revision).status_code == 404
    assert emitir(rentas, direccion, revision).status_code == 303
    assert otra.get(direccion).status_code == 200, "what was issued is everybody's of the office"


def test_las_paginas_del_resultado(rentas: ClienteEstricto) -> None:
    direccion, revision = revisar(rentas, csv_de(contratos(51)))
    emitir(rentas, direccion, revision)
    primera, segunda = (texto_de(rentas.get(f"{direccion}?pagina={n}").text) for n in (1, 3))
    assert "Filas 2 a 26 del archivo, de 51 contratos" in primera
    assert "Filas 52 a 52 del archivo, de 51 contratos" in segunda
    for rara in ("0", "99", "-1", "x", "9" * 30):
        assert rentas.get(f"{direccion}?pagina={rara}").status_code == 200


def test_sin_token_no_se_sube_ni_se_emite(rentas: ClienteEstricto) -> None:
    direccion, _ = revisar(rentas, csv_de(contratos(1)))
    assert rentas.post(SUBIR, data={"archivo": (io.BytesIO(b"x"), "x")}).status_code == 400
    assert rentas.post(f"{direccion}/emitir", data={"visto": "x"}).status_code == 400
    assert emitidas() == []
