"""A file that is handed back: to whom it belongs, as a download that runs nothing, and written down (B-35, B-53)."""

from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.archivos import PDF, limpiar_nombre
from portal.models import Archivo, Bitacora
from portal.operaciones.archivos import guardar
from portal.web.descargas import entregar
from tests.archivos import pdf
from tests.conftest import ingresar
from tests.devoluciones import doble, pedir
from tests.fabricas import AHORA, liquidacion
from tests.navegador_de_pruebas import ClienteEstricto
from tests.ordenes import legalizacion, tesorero

RUTA = "/gestion/tesoreria/ordenes/evidencia"


def la_prueba() -> Archivo:
    return legalizacion(liquidacion(), tesorero()).archivo


def anotado(accion: str) -> list[tuple[int | None, str]]:
    db.session.rollback()
    filas = db.session.execute(select(Bitacora.usuario_id, Bitacora.objeto).where(Bitacora.accion == accion))
    return [tuple(fila) for fila in filas]


def test_se_baja_y_no_corre_y_queda_anotado(app: Flask, client: ClienteEstricto) -> None:
    suya = la_prueba()
    codigo, archivo_id = suya.codigo, suya.id
    auditor = ingresar(client, "auditor").id
    bajado = client.get(f"{RUTA}/{codigo}")
    assert (bajado.status_code, bajado.data, bajado.headers["Content-Type"]) == (200, pdf(), "application/pdf")
    assert bajado.headers["Content-Disposition"] == "attachment; filename=certificado.pdf"
    assert bajado.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert bajado.headers["X-Content-Type-Options"] == "nosniff"
    assert bajado.headers["Cache-Control"] == "no-store"
    assert anotado("archivo.descargar") == [(auditor, f"archivo:{archivo_id}")]


def test_el_de_otro_asunto_no_existe_para_quien_no_le_toca_y_queda_anotado(app: Flask, client: ClienteEstricto) -> None:
    la_prueba()
    certificado = pedir(doble()).certificacion
    codigo, archivo_id = certificado.codigo, certificado.id
    auditor = ingresar(client, "auditor").id
    ajeno, inventado = client.get(f"{RUTA}/{codigo}"), client.get(f"{RUTA}/{'x' * 32}")
    assert (ajeno.status_code, inventado.status_code) == (404, 404)
    propio = [(ajeno, codigo), (inventado, "x" * 32)]
    iguales = {r.text.replace(r.headers["X-Request-Id"], "").replace(pedido, "") for r, pedido in propio}
    assert len(iguales) == 1, "only the number of the request and the address that was asked for differ"
    assert anotado("acceso_ajeno") == [(auditor, f"archivo:{archivo_id}")]
    assert anotado("archivo.descargar") == []


@pytest.mark.parametrize(("rol", "estado"), [("tesoreria", 200), ("rentas", 403), ("funcionario", 403)])
def test_sin_el_rol_ni_se_pregunta(app: Flask, client: ClienteEstricto, rol: str, estado: int) -> None:
    codigo = la_prueba().codigo
    assert client.get(f"{RUTA}/{codigo}").status_code == 303
    ingresar(client, rol)
    assert client.get(f"{RUTA}/{codigo}").status_code == estado
    for numero in ("1", "../1", "%2e%2e%2f1", "%00"):
        assert client.get(f"{RUTA}/{numero}").status_code in (403, 404)


@pytest.mark.parametrize(
    ("nombre", "llano", "entero"),
    [
        ("recibo.pdf", "recibo.pdf", ""),
        ("certificación núm. 1.pdf", '"certificacion num. 1.pdf"', "certificación núm. 1.pdf"),
        ("документ.pdf", "archivo.pdf", "документ.pdf"),
        ('a"b; filename=x.exe', '"a b filename x.pdf"', ""),
        ("../../etc/passwd", "passwd.pdf", ""),
        ("a\r\nSet-Cookie: x.pdf", '"a Set-Cookie x.pdf"', ""),
        ("nul.pdf", '"archivo nul.pdf"', ""),
        ("\u202efdp.exe", "fdp.pdf", ""),
        ("ﬁrma½.pdf", "firma12.pdf", "ﬁrma½.pdf"),
    ],
)
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_el_nombre_va_escrito_para_los_que_leen_y_para_los_que_no(
    app: Flask, nombre: str, llano: str, entero: str
) -> None:
    with transaccion():
        archivo = guardar(nombre, pdf(), ahora=AHORA, usuario=None)
    assert archivo.nombre == limpiar_nombre(nombre, PDF)
    dicho = entregar(archivo).headers["Content-Disposition"]
    assert dicho.isascii()
    simple, _, extendido = dicho.removeprefix("attachment; filename=").partition("; filename*=UTF-8''")
    assert (simple, unquote(extendido)) == (llano, entero)
