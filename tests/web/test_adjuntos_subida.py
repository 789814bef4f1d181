"""Files that come through the doors of the portal: each bad one gets its sentence, each good one enters (B-50, B-51, B-52)."""

import http.client
import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.db import db
from portal.dominio.archivos import MAXIMO_BYTES
from portal.models import Archivo, Devolucion, OrdenTesoreria
from portal.operaciones import archivos, revision_pdf
from portal.operaciones.limites import Limite
from portal.operaciones.revision_pdf import OBJECIONES
from portal.web import frenos
from tests.archivos import pdf, png
from tests.conftest import ingresar
from tests.devoluciones import doble
from tests.fabricas import HOY, liquidacion
from tests.navegador_de_pruebas import ClienteEstricto
from tests.ordenes import MOTIVO
from tests.pdfs import AJENOS, BUENOS, MALOS
from tests.portal_en_marcha import CLAVE_DEMO, PortalEnMarcha
from tests.web.test_devolucion import CLAVE, DATOS

LEGALIZAR = "/gestion/tesoreria/ordenes/legalizar"
SOLO_SQLITE = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)


def mandar(client: ClienteEstricto, ruta: str, contenido: bytes, nombre: str = "soporte.pdf", **datos: str) -> Any:
    """A form with its file, as a browser sends it."""
    archivo = FileStorage(BytesIO(contenido), nombre, content_type="application/pdf")
    borde, cuerpo = encode_multipart({"csrf_token": client.csrf(), **datos, "archivo": archivo})
    return client.post(ruta, data=cuerpo, content_type=f'multipart/form-data; boundary="{borde}"')


def una_orden(referencia: str = "6") -> dict[str, str]:
    una = liquidacion()
    return {
        "facturas": ", ".join(str(f.numero) for f in una.facturas),
        "valor": "9.000",
        "banco": "Banco de prueba",
        "fecha_banco": (HOY - timedelta(days=1)).isoformat(),
        "referencia_banco": f"12345{referencia}",
        "motivo": MOTIVO,
    }


def cuantos(modelo: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(modelo)) or 0


@pytest.fixture
def tesoreria(app: Flask, client: ClienteEstricto) -> ClienteEstricto:
    ingresar(client, "tesoreria")
    return client


@SOLO_SQLITE
def test_cada_archivo_malo_tiene_su_frase_y_no_entra(tesoreria: ClienteEstricto) -> None:
    datos = una_orden()
    frases = {nombre: OBJECIONES.get(palabra, "más de 50 páginas") for nombre, (_, palabra) in MALOS.items()}
    malos = {nombre: hacer() for nombre, (hacer, _) in MALOS.items()} | AJENOS
    for nombre, contenido in malos.items():
        respuesta = mandar(tesoreria, LEGALIZAR, contenido, **datos)
        frase = frases.get(nombre, "El archivo está vacío" if not contenido else "no es un PDF, PNG o JPG completo")
        assert (respuesta.status_code, frase in respuesta.text) == (422, True), nombre
        assert 'href="#archivo"' in respuesta.text, nombre
        assert 'value="Banco de prueba"' in respuesta.text, nombre
    assert (cuantos(OrdenTesoreria), cuantos(Archivo)) == (0, 0)


@SOLO_SQLITE
def test_cada_archivo_bueno_entra_tal_como_vino(tesoreria: ClienteEstricto) -> None:
    for n, (nombre, hacer) in enumerate(BUENOS.items()):
        contenido = hacer()
        assert mandar(tesoreria, LEGALIZAR, contenido, **una_orden(f"{n + 1}")).status_code == 303, nombre
        db.session.rollback()
        assert db.session.scalars(select(Archivo.contenido).order_by(Archivo.id.desc())).first() == contenido, nombre


@pytest.mark.parametrize("que", ["JavaScript al abrir", "con contraseña", "cincuenta y una páginas"])
def test_la_certificacion_de_una_devolucion_se_revisa_igual(client: ClienteEstricto, que: str) -> None:
    codigo = doble().codigo
    campos = {"pago": codigo, "clave": CLAVE} | DATOS
    hacer, palabra = MALOS[que]
    respuesta = mandar(client, "/devolucion/enviar", hacer(), **campos)
    assert (respuesta.status_code, OBJECIONES.get(palabra, "más de 50 páginas") in respuesta.text) == (422, True)
    assert (cuantos(Devolucion), cuantos(Archivo)) == (0, 0)
    assert mandar(client, "/devolucion/enviar", pdf(), **campos).status_code == 303


def test_si_la_revision_se_cae_no_hay_error_interno_ni_archivo(
    tesoreria: ClienteEstricto, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    programa = tmp_path / "muere.py"
    programa.write_text("import os; os.abort()")
    monkeypatch.setattr(revision_pdf, "PROGRAMA", programa)
    respuesta = mandar(tesoreria, LEGALIZAR, pdf(), **una_orden())
    assert (respuesta.status_code, "No se pudo revisar el PDF" in respuesta.text) == (422, True)
    assert cuantos(Archivo) == 0
    imagen = mandar(tesoreria, LEGALIZAR, png(), "foto.png", **una_orden("7"))
    assert imagen.status_code == 303, "a picture is not opened at all"


@pytest.mark.parametrize(
    ("megas", "estado", "frase"), [(11, 422, "más de 5 MB"), (21, 413, "El archivo pesa demasiado")]
)
def test_lo_que_pesa_de_mas_se_dice(tesoreria: ClienteEstricto, megas: int, estado: int, frase: str) -> None:
    respuesta = mandar(tesoreria, LEGALIZAR, pdf(b"x" * megas * 1024**2), **una_orden())
    assert (respuesta.status_code, frase in respuesta.text) == (estado, True)
    assert cuantos(Archivo) == 0


@pytest.mark.parametrize(
    ("nombre", "guardado"),
    [
        ("../../x", "x.pdf"),
        ("C:/Users/ana/recibo.pdf", "recibo.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("CON.pdf", "archivo CON.pdf"),
        ("com1.x.pdf", "archivo com1.x.pdf"),
        ("recibo\u202efdp.exe", "recibo fdp.pdf"),
        ("'recibo' <b>.pdf", "recibo b.pdf"),
        ("certificación.pdf", "certificación.pdf"),
        (";.pdf", "evidencia.pdf"),
    ],
)
@SOLO_SQLITE
def test_el_nombre_es_solo_un_rotulo(tesoreria: ClienteEstricto, nombre: str, guardado: str) -> None:
    respuesta = mandar(tesoreria, LEGALIZAR, pdf(), nombre, **una_orden())
    assert respuesta.status_code == 303
    pagina = tesoreria.get(respuesta.location).text
    assert f">{guardado}</a>" in pagina
    db.session.rollback()
    archivo = db.session.scalars(select(Archivo)).one()
    assert archivo.nombre == guardado
    assert f"/ordenes/evidencia/{archivo.codigo}" in pagina
    assert guardado not in re.findall(r'href="([^"]*evidencia[^"]*)"', pagina)[0]


@pytest.mark.parametrize("crudo", [b"a\0b.pdf", b"a\r\nSet-Cookie: x=1\r\n.pdf", b'a"; x="y.pdf', b"\xff\xfe.pdf"])
@SOLO_SQLITE
def test_un_nombre_con_bytes_que_ningun_navegador_manda(tesoreria: ClienteEstricto, crudo: bytes) -> None:
    """In the header of the part, as they come: whatever the parser makes of them, nothing leaves in a header of ours."""
    borde, campos = encode_multipart({"csrf_token": tesoreria.csrf(), **una_orden()})
    parte = b'--%s\r\nContent-Disposition: form-data; name="archivo"; filename="%s"\r\n\r\n%s\r\n' % (
        borde.encode(),
        crudo,
        pdf(),
    )
    respuesta = tesoreria.post(LEGALIZAR, data=parte + campos, content_type=f'multipart/form-data; boundary="{borde}"')
    assert respuesta.status_code in (303, 400, 413, 422)
    db.session.rollback()
    for archivo in db.session.scalars(select(Archivo)):
        bajado = tesoreria.get(f"/gestion/tesoreria/ordenes/evidencia/{archivo.codigo}")
        assert bajado.status_code == 200
        assert "Set-Cookie" not in bajado.headers
        assert not set(archivo.nombre) & set('\0\r\n"\\/')


def test_el_cupo_del_dia_se_dice_con_429_y_cuando_volver(
    tesoreria: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archivos, "ARCHIVOS_POR_DIA", Limite("archivos", 1, 86400))
    assert mandar(tesoreria, LEGALIZAR, pdf(), **una_orden("1")).status_code == 303
    assert mandar(tesoreria, LEGALIZAR, pdf(), **una_orden("2")).status_code == 303, "the same again takes nothing"
    respuesta = mandar(tesoreria, LEGALIZAR, pdf(b"otro"), **una_orden("3"))
    assert (respuesta.status_code, "Podrá subir más desde" in respuesta.text) == (429, True)
    assert 0 < int(respuesta.headers["Retry-After"]) <= 86400
    assert (cuantos(OrdenTesoreria), cuantos(Archivo)) == (2, 1)


def test_quien_hace_revisar_sin_fin_se_frena(tesoreria: ClienteEstricto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frenos, "_REVISIONES_POR_HORA", 1)
    activo = MALOS["JavaScript al abrir"][0]()
    estados = [mandar(tesoreria, LEGALIZAR, activo, **una_orden(str(n))).status_code for n in range(2)]
    assert estados == [422, 429]
    assert mandar(tesoreria, LEGALIZAR, b"MZ", **una_orden("9")).status_code == 422, "what is not opened is not counted"


def _en_trozos(portal: PortalEnMarcha, cookie: str, tipo: str, cuerpo: bytes, mega: int) -> tuple[int, str]:
    """A body without its length, in chunks of 1 MB, of which `mega` more are zeros."""
    partes = urlsplit(portal.url)
    conexion = http.client.HTTPConnection(str(partes.hostname), partes.port, timeout=60)
    conexion.putrequest("POST", LEGALIZAR)
    for nombre, valor in (("Cookie", cookie), ("Content-Type", tipo), ("Transfer-Encoding", "chunked")):
        conexion.putheader(nombre, valor)
    conexion.endheaders()
    try:
        for trozo in (cuerpo, *[bytes(1024**2)] * mega):
            conexion.send(b"%x\r\n%s\r\n" % (len(trozo), trozo))
        conexion.send(b"0\r\n\r\n")
    except OSError:
        pass  # the server answered and hung up before reading it all
    respuesta = conexion.getresponse()
    leido = respuesta.read().decode()
    conexion.close()
    return respuesta.status, leido


@SOLO_SQLITE
def test_sin_decir_cuanto_pesa_tampoco_pasa(portal: PortalEnMarcha) -> None:
    with httpx2.Client(base_url=portal.url, trust_env=False) as navegador:
        ficha = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', navegador.get("/ingresar").text)
        assert ficha
        cuenta_demo = {"correo": "tesoreria@demo.portal.test", "clave": CLAVE_DEMO, "csrf_token": ficha[1]}
        assert navegador.post("/ingresar", data=cuenta_demo).status_code == 303
        otra = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', navegador.get(LEGALIZAR).text)
        assert otra
        cookie = "; ".join(f"{c.name}={c.value}" for c in navegador.cookies.jar)
    campos = {"csrf_token": otra[1], "motivo": MOTIVO, "archivo": FileStorage(BytesIO(pdf()), "s.pdf")}
    borde, cuerpo = encode_multipart(campos)
    tipo = f'multipart/form-data; boundary="{borde}"'
    assert _en_trozos(portal, cookie, tipo, cuerpo, 0)[0] == 422, "what fits is read: its other fields are missing"
    estado, texto = _en_trozos(portal, cookie, tipo, cuerpo, 4 * MAXIMO_BYTES // 1024**2 + 1)
    assert (estado, "El archivo pesa demasiado" in texto) == (413, True)
    assert _en_trozos(portal, cookie, "application/pdf", pdf(), 0)[0] in (400, 415)
    assert _en_trozos(portal, cookie, "application/pdf", pdf(), 30)[0] in (400, 413, 415)
    assert httpx2.get(f"{portal.url}/salud", trust_env=False).status_code == 200
