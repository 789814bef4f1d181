"""The screens of the bank's files: upload, dry run, import, what was done; who may see them and who may act."""

import io
import re

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.db import db, transaccion
from portal.models import ArchivoBanco, EntregaBanco
from portal.operaciones.archivos_banco import entregas
from tests.banco import CONVENIO, Pagado, archivo, importar, por_pse, resultados
from tests.conftest import ingresar
from tests.fabricas import AHORA, estados_de, liquidacion
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import HX, texto_de

LISTA = "/gestion/tesoreria/archivos-del-banco"


@pytest.fixture
def tesoreria(client: ClienteEstricto) -> ClienteEstricto:
    ingresar(client, "tesoreria")
    return client


def subir(client: ClienteEstricto, contenido: bytes, nombre: str = "banco.txt", **otros: object) -> TestResponse:
    datos = {"csrf_token": client.csrf(), "archivo": FileStorage(io.BytesIO(contenido), nombre)}
    # Encoded here: the client would leave the temporary file of a large body open.
    frontera, cuerpo = encode_multipart(datos)
    return client.post(LISTA, data=cuerpo, content_type=f"multipart/form-data; boundary={frontera}", **otros)


def confirmar(client: ClienteEstricto, direccion: str, pagina: str) -> TestResponse:
    visto = re.search(r'name="visto" value="([0-9a-f]{64})"', pagina)
    dudosas = re.search(r'type="hidden" name="dudosas" value="([a-z]*)"', pagina)
    assert visto, pagina
    assert dudosas, pagina
    return client.enviar(f"{direccion.split('?')[0]}/importar", {"visto": visto[1], "dudosas": dudosas[1]})


def test_del_archivo_al_resultado(app: Flask, tesoreria: ClienteEstricto) -> None:
    una = liquidacion((4000, 5000))
    contenido = archivo([Pagado(una.facturas[0].numero, 4000), Pagado(77, 1500), por_pse("5", 10)])
    direccion = subir(tesoreria, contenido).location
    revision = tesoreria.get(direccion).text
    palabras = texto_de(revision)
    for dicho in (
        "Revise antes de importar",
        "Legaliza su factura",
        "Referencia desconocida",
        "PSE: la pasarela no lo ha dicho",
        "Resumen de 3 pagos",
        "Total: $5.510",
        "Importar 3 pagos por $5.510",
        "no tienen su NIT",
    ):
        assert dicho in palabras
    assert resultados() == []
    respuesta = confirmar(tesoreria, direccion, revision)
    assert (respuesta.status_code, respuesta.location) == (303, f"{LISTA}/1")
    hecho = texto_de(tesoreria.get(respuesta.location).text)
    assert "quedó importado" in hecho
    assert "Ninguna factura tiene ese número" in hecho
    assert estados_de(una) == ["legalizada", "liquidada"]
    assert "Archivo 1" in texto_de(tesoreria.get(LISTA).text)
    assert db.session.scalars(db.select(EntregaBanco.id)).all() == []
    libro = tesoreria.get(f"{LISTA}/1?exportar=xlsx")
    assert libro.content_type.startswith("application/vnd.openxmlformats")
    assert libro.data.startswith(b"PK")


def test_con_htmx_sube_y_muestra_el_mismo_fragmento(app: Flask, tesoreria: ClienteEstricto) -> None:
    direccion = subir(tesoreria, archivo([Pagado(77, 1500)]), headers=HX).location
    respuesta = tesoreria.get(direccion, headers=HX)
    assert respuesta.text.lstrip().startswith("<section")
    assert respuesta.headers["HX-Push-Url"] == direccion


def test_un_archivo_malo_se_explica_linea_por_linea_y_no_se_guarda(app: Flask, tesoreria: ClienteEstricto) -> None:
    sano = archivo([Pagado(77, 1500)])
    for malo, dicho in (
        (b"", "vacío"),
        (b"\x00\x01", "no se cargó nada"),
        (sano.replace(b"150000", b"1500O0"), "Problemas del archivo, por línea"),
        (sano[:-170], "llegó incompleto"),
        (archivo([Pagado(1, 1)], servicio="7709998928305"), "sus referencias son de otras deudas"),
    ):
        respuesta = subir(tesoreria, malo)
        assert respuesta.status_code == 422
        assert dicho in texto_de(respuesta.text), texto_de(respuesta.text)
    assert tesoreria.enviar(LISTA, {}).status_code == 422
    assert db.session.scalars(db.select(EntregaBanco.id)).all() == []


def test_lo_ya_importado_se_dice_y_no_se_ofrece(app: Flask, tesoreria: ClienteEstricto) -> None:
    contenido = archivo([Pagado(77, 1500), Pagado(78, 1)])
    importar(contenido)
    pagina = tesoreria.get(subir(tesoreria, contenido).location).text
    assert "Este archivo ya se importó" in texto_de(pagina)
    assert 'name="visto"' not in pagina
    pagina = tesoreria.get(subir(tesoreria, archivo([Pagado(78, 1), Pagado(77, 1500)], modificador="B")).location).text
    assert "Otro archivo ya había traído todos estos pagos" in texto_de(pagina)
    assert 'name="visto"' not in pagina


def test_las_dudas_se_deciden_antes_de_importar(app: Flask, tesoreria: ClienteEstricto) -> None:
    importar(archivo([Pagado(77, 1500), Pagado(78, 1)]))
    direccion = subir(tesoreria, archivo([Pagado(77, 1500), Pagado(79, 2)], modificador="B")).location
    pagina = tesoreria.get(direccion).text
    assert "¿Son los mismos?" in texto_de(pagina)
    assert 'name="visto"' not in pagina
    decidida = f"{direccion}?dudosas=nuevas"
    assert confirmar(tesoreria, decidida, tesoreria.get(decidida).text).status_code == 303
    assert len(resultados()) == 4


def test_lo_que_cambio_desde_la_revision_se_revisa_otra_vez(app: Flask, tesoreria: ClienteEstricto) -> None:
    una = liquidacion((4000,))
    numero = una.facturas[0].numero
    direccion = subir(tesoreria, archivo([Pagado(numero, 4000)])).location
    vista = tesoreria.get(direccion).text
    importar(archivo([Pagado(numero, 4000, numero=5)], modificador="B"))
    respuesta = confirmar(tesoreria, direccion, vista)
    assert respuesta.status_code == 409
    assert "cambió desde la revisión" in texto_de(respuesta.text)
    assert resultados() == ["legalizado"]
    assert confirmar(tesoreria, direccion, respuesta.text).status_code == 303
    assert resultados() == ["legalizado", "ya_pagada"]


def test_dos_clics_importan_una_vez(app: Flask, tesoreria: ClienteEstricto) -> None:
    direccion = subir(tesoreria, archivo([Pagado(77, 1500)])).location
    vista = tesoreria.get(direccion).text
    assert confirmar(tesoreria, direccion, vista).status_code == 303
    assert confirmar(tesoreria, direccion, vista).status_code == 404
    assert resultados() == ["referencia_desconocida"]


def test_un_archivo_muy_largo_va_por_la_orden(
    app: Flask, tesoreria: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.blueprints.archivos_banco.views.MAXIMO_EN_PANTALLA", 1)
    direccion = subir(tesoreria, archivo([Pagado(77, 1500), Pagado(78, 1)])).location
    pagina = tesoreria.get(direccion).text
    assert "flask pagos importar" in texto_de(pagina)
    assert 'name="visto"' not in pagina
    assert tesoreria.enviar(f"{direccion}/importar", {"visto": "", "dudosas": ""}).status_code == 409
    assert resultados() == []


def test_lo_que_no_se_importa_se_borra(app: Flask, tesoreria: ClienteEstricto) -> None:
    direccion = subir(tesoreria, archivo([Pagado(77, 1500)])).location
    assert tesoreria.enviar(f"{LISTA}/descartar", {}).status_code == 303
    assert tesoreria.get(direccion).status_code == 404
    subir(tesoreria, archivo([Pagado(77, 1500)]))
    with transaccion():
        assert entregas.olvidar_vencidas(AHORA) == 0
        assert entregas.olvidar_vencidas(AHORA + 2 * entregas.VIGENCIA) == 1


def test_muchas_lineas_van_por_paginas(app: Flask, tesoreria: ClienteEstricto) -> None:
    contenido = archivo([Pagado(1000 + n, 10) for n in range(60)])
    direccion = subir(tesoreria, contenido).location
    assert "Página 1 de 3" in texto_de(tesoreria.get(direccion).text)
    importar(contenido)
    segunda = texto_de(tesoreria.get(f"{LISTA}/1?pagina=3").text)
    assert "3 de 3" in segunda
    assert "1059" in segunda
    for rara in ("0", "x", "99", "-1"):
        assert tesoreria.get(f"{LISTA}/1?pagina={rara}").status_code == 200


@pytest.mark.parametrize(
    ("rol", "lee"), [("auditor", True), ("administrador", True), ("rentas", False), ("agente", False)]
)
def test_los_demas_leen_o_no_entran(app: Flask, client: ClienteEstricto, rol: str, lee: bool) -> None:
    importar(archivo([Pagado(77, 1500)]))
    ingresar(client, rol)
    for direccion in (LISTA, f"{LISTA}/1", f"{LISTA}/1?exportar=xlsx"):
        assert client.get(direccion).status_code == (200 if lee else 403)
    if lee:
        assert "Revisar el archivo" not in client.get(LISTA).text
        assert "Archivos del banco" in client.get("/gestion").text
    assert subir(client, archivo([])).status_code == 403
    assert client.get(f"{LISTA}/revisar/nada").status_code == 403
    assert client.enviar(f"{LISTA}/revisar/nada/importar", {"visto": ""}).status_code == 403


def test_lo_que_no_existe_es_404(app: Flask, tesoreria: ClienteEstricto) -> None:
    assert tesoreria.get(f"{LISTA}/9").status_code == 404
    assert tesoreria.get(f"{LISTA}/9?exportar=xlsx").status_code == 404
    assert tesoreria.get(f"{LISTA}/revisar/nada").status_code == 404
    assert db.session.scalars(db.select(ArchivoBanco.id)).all() == []
    assert CONVENIO.nit
