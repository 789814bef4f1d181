"""What no browser sends: wrong hosts, methods, proxies and shapes get a 4xx in Spanish, never a trace (B-11 … B-20)."""

import re

import pytest
from flask import Flask
from sqlalchemy import text

from portal.db import db
from tests.navegador_de_pruebas import ClienteEstricto

pytestmark = pytest.mark.dos_motores

CSP = "default-src 'none'; script-src 'self'; style-src 'self'"


@pytest.mark.parametrize("ruta", ["/", "/consulta", "/pago", "/ayuda", "/ingresar", "/no-existe", "/gestion"])
def test_toda_respuesta_lleva_sus_cabeceras(client: ClienteEstricto, ruta: str) -> None:
    cabeceras = client.get(ruta).headers
    assert cabeceras["Content-Security-Policy"].startswith(CSP)
    assert "unsafe" not in cabeceras["Content-Security-Policy"]
    assert cabeceras["X-Frame-Options"] == "DENY"
    assert cabeceras["Referrer-Policy"] == "same-origin"
    assert cabeceras["Cache-Control"] == "no-store"
    assert re.fullmatch(r"[0-9a-f]{16}", cabeceras["X-Request-Id"])


@pytest.mark.parametrize("host", ["malo.test", "localhost.malo.test", "", "localhost:80@malo.test"])
def test_un_host_ajeno_se_rechaza(client: ClienteEstricto, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_las_cabeceras_de_un_proxy_que_nadie_configuro_se_ignoran(client: ClienteEstricto, app: Flask) -> None:
    falsas = {"X-Forwarded-Host": "malo.test", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4"}
    respuesta = client.get("/gestion", headers=falsas)
    assert respuesta.location.startswith("/ingresar")
    assert "Strict-Transport-Security" not in respuesta.headers


@pytest.mark.parametrize("metodo", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "INVENTADO"])
def test_un_metodo_desconocido_es_405_con_los_permitidos(client: ClienteEstricto, metodo: str) -> None:
    respuesta = client.open("/consulta", method=metodo)
    assert respuesta.status_code == 405
    assert "POST" in respuesta.headers["Allow"]


def test_un_envio_enorme_se_rechaza(client: ClienteEstricto) -> None:
    token = client.csrf()
    largo = client.post("/consulta", data={"csrf_token": token, "tipo_pago": "tramite", "documento": "1" * 600_000})
    assert largo.status_code == 413
    muchos = {f"x{n}": "1" for n in range(1001)} | {"csrf_token": token}
    partes = client.post("/consulta", data=muchos, content_type="multipart/form-data")
    assert partes.status_code in (413, 422)


@pytest.mark.parametrize("tipo", ["application/json", "text/plain", "multipart/form-data", "application/xml"])
def test_un_tipo_de_contenido_ajeno_se_rechaza(client: ClienteEstricto, tipo: str) -> None:
    assert client.post("/pago", data=b'{"a": 1}', content_type=tipo).status_code in (400, 415)


@pytest.mark.parametrize("ruta", ["/consulta?a=1&a=2", "/consulta?vigencia=%00", "/liquidacion/%00"])
def test_una_direccion_rara_no_pasa(client: ClienteEstricto, ruta: str) -> None:
    assert client.get(ruta).status_code in (404, 422)


def test_cabeceras_htmx_falsas_solo_cambian_la_forma(client: ClienteEstricto) -> None:
    falsas = {"HX-Request": "true", "HX-Target": "../../x", "HX-Current-URL": "https://malo.test"}
    assert client.get("/gestion/liquidaciones", headers=falsas).status_code == 401
    assert "<html" not in client.get("/consulta", headers=falsas).text
    entera = client.get("/consulta", headers=falsas | {"HX-History-Restore-Request": "true"})
    assert "<html" in entera.text


def test_un_error_inesperado_no_muestra_nada_por_dentro(
    client: ClienteEstricto, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explotar(*_: object) -> None:
        raise ValueError("1212312323 secreto")

    monkeypatch.setattr("portal.operaciones.consultas.de_tramite", explotar)
    respuesta = client.enviar("/consulta", {"tipo_pago": "tramite", "documento": "1212312323"})
    assert respuesta.status_code == 500
    for interior in ("Traceback", "ValueError", "1212312323 secreto", "consultas.py"):
        assert interior not in respuesta.text
    assert respuesta.headers["X-Request-Id"] in respuesta.text
    assert "1212312323" not in caplog.text, "a log never holds an identity number"


def test_sin_base_de_datos_responde_503_en_espanol(client: ClienteEstricto, app: Flask) -> None:
    with db.engine.begin() as conexion:
        conexion.execute(text("ALTER TABLE factura RENAME TO factura_perdida"))
    respuesta = client.enviar("/consulta", {"tipo_pago": "tramite", "documento": "1212312323"})
    assert respuesta.status_code in (500, 503)
    assert "Traceback" not in respuesta.text
    assert client.get("/salud").status_code == 200


def test_listo_dice_que_falta(client: ClienteEstricto, app: Flask) -> None:
    assert client.get("/listo").status_code == 200
    with db.engine.begin() as conexion:
        conexion.execute(text("DELETE FROM alembic_version"))
    respuesta = client.get("/listo")
    assert respuesta.status_code == 503
    assert "migraciones" in respuesta.text
