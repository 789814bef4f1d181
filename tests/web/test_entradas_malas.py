"""Bad input that no other file sends: the shape of requests, what both engines answer to each field, floods of forgeries."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.blueprints.notificaciones import views as notificaciones
from portal.config import Ajustes
from portal.db import db
from portal.documentos import pdf
from portal.dominio.errores import DatoInvalido, DocumentoImposible, ServicioOcupado
from portal.dominio.lectura import leer_porcentaje
from portal.models import Caso, Notificacion
from portal.operaciones import normativa
from portal.web.seguridad import DE_TODOS
from tests import fabricas
from tests.azar.formas import leer
from tests.bases import rehacer_postgresql, rehacer_sqlite
from tests.como_nueva import ComoNueva
from tests.conftest import AHORA, ajustes_de_prueba, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion

en_uno = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
# B-01 … B-09, those that engines take differently (M22) among them.
VALORES = (
    "sNaN", "1e400", "1_000", "1,423,500", "١٢٣", "9" * 5000, "9223372036854775808", "-1", "2025-02-31", "9999-12-31",
    "x" * 10_000, "e" + "\u0301" * 400, "a\u202eb", "😀", "' OR 1=1--", "%",
)  # fmt: skip
PAGINAS = {
    "": ("/consulta", "/pago", "/pago/no-aparece", "/devolucion/consultar", "/verificar"),
    "rentas": ("/gestion/liquidaciones/nueva/P-T-01", "/gestion/liquidaciones", "/gestion/certificados"),
    "administrador": (
        "/gestion/normativa/nueva/UVT",
        "/gestion/calendario/dias/nuevo",
        "/gestion/agentes/registro/nuevo",
    ),
    "tesoreria": ("/gestion/tesoreria/ordenes/legalizar", "/gestion/tesoreria/buscar"),
}


class _SinRevisar(ClienteEstricto):
    """Pages give back what was typed, which is bad on purpose."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()
        with self.application.app_context():
            return FlaskClient.open(self, *args, **kwargs)


def respuestas(app: Flask) -> dict[tuple[str, str, str], int]:
    """What each field of each page answers to each bad value, the others being well filled."""
    halladas = {}
    for rol, paginas in PAGINAS.items():
        cliente = app.test_client()
        if rol:
            ingresar(cliente, rol)
        for pagina in paginas:
            formas = [
                f for f in leer(cliente.get(pagina).text)[1] if f.metodo == "POST" and f.accion not in ("/salir",)
            ]
            forma = max(formas, key=lambda una: len(una.campos))
            direccion = (forma.accion or pagina).partition("?")[0]
            base = {
                c.nombre: c.valor or next((o for o in c.opciones if o), "1") for c in forma.campos if c.tipo != "file"
            }
            for campo in (
                c.nombre
                for c in forma.campos
                if c.tipo in ("text", "textarea", "search", "date", "email", "tel", "select")
            ):
                for malo in VALORES:
                    estado = cliente.post(direccion, data=base | {campo: malo}).status_code
                    halladas[direccion, campo, malo[:20]] = estado
    return halladas


def test_cada_campo_responde_lo_mismo_en_los_dos_motores(
    plantilla_sqlite: Path,
    servidor_postgresql: str,
    postgresql: ComoNueva,
    portal_armado: Callable[[Ajustes], Flask],
    tmp_path: Path,
) -> None:
    """T-16, over B-01 … B-10."""
    bases = (
        rehacer_sqlite(plantilla_sqlite, tmp_path / "dos.sqlite"),
        rehacer_postgresql(servidor_postgresql, postgresql.plantilla, "dos_motores"),
    )
    todas: list[dict[tuple[str, str, str], int]] = []
    for base in bases:
        app = portal_armado(ajustes_de_prueba(tmp_path, base, consultas_limite=100_000))
        app.test_client_class = _SinRevisar
        with time_machine.travel(AHORA, tick=True), app.app_context():
            todas.append(respuestas(app))
            db.session.remove()
            db.engine.dispose()
        normativa._guardadas.clear()
    una, otra = todas
    assert len(una) > 300
    assert {cual: (estado, otra[cual]) for cual, estado in una.items() if otra[cual] != estado} == {}
    assert {cual: estado for cual, estado in una.items() if estado >= 500 or estado in (400, 404)} == {}


@en_uno
def test_cabeza_y_opciones_responden_como_la_pagina_y_sin_cuerpo(client: ClienteEstricto) -> None:
    """B-11."""
    for ruta in ("/", "/consulta", "/salud", "/ayuda"):
        pagina, cabeza = client.get(ruta), client.head(ruta)
        assert (cabeza.status_code, cabeza.data) == (200, b"")
        assert cabeza.headers["Content-Type"] == pagina.headers["Content-Type"]
        permitidos = client.options(ruta)
        assert "GET" in permitidos.headers["Allow"]
        assert "TRACE" not in permitidos.headers["Allow"]


@en_uno
def test_un_host_ajeno_se_rechaza_aunque_lo_demas_tambien_este_mal(client: ClienteEstricto) -> None:
    """B-12: no page can be made for it, not even an error's."""
    malo = client.get("/consulta?a=1&a=2", headers={"Host": "malo.test"})
    assert (malo.status_code, malo.mimetype) == (400, "text/plain")
    assert "no pertenece al portal" in malo.text


@en_uno
def test_la_marca_del_formulario_no_vale_en_la_direccion_ni_de_otra_sesion(client: ClienteEstricto, app: Flask) -> None:
    """B-15."""
    datos = {"tipo_pago": "tramite", "documento": "1212312323"}
    assert client.post(f"/consulta?csrf_token={client.csrf()}", data=datos).status_code == 400
    ajena = app.test_client().csrf()
    assert client.post("/consulta", data=datos | {"csrf_token": ajena}).status_code == 400


@en_uno
def test_una_parte_sin_nombre_se_rechaza(client: ClienteEstricto) -> None:
    """B-16."""
    cuerpo = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"
    respuesta = client.post("/consulta", data=cuerpo, content_type="multipart/form-data; boundary=x")
    assert respuesta.status_code == 422
    assert "sin nombre" in respuesta.text


@en_uno
def test_un_numero_que_ninguna_fila_tiene_es_una_direccion_que_no_existe(client: ClienteEstricto) -> None:
    """B-14: neither engine can even look for it."""
    ingresar(client, "tesoreria")
    for numero in (2**63 - 1, 2**63, 10**40):
        assert client.get(f"/gestion/tesoreria/cierre/creditos/{numero}").status_code == 404


def test_un_porcentaje_imposible_se_rechaza() -> None:
    """B-05."""
    for malo in ("100,000001", "200", "-1", "3,1234567", "1e1", "NaN", "３", "3.5", "", "%"):
        with pytest.raises(DatoInvalido):
            leer_porcentaje(malo)


@en_uno
def test_lo_que_parece_sql_es_un_correo_que_nadie_tiene(client: ClienteEstricto) -> None:
    """B-08: true or false for a database, the login answers the same."""
    textos = []
    for cierto in ("37=37", "37=38"):
        correo = f'x@y.co") AND {cierto} AND ("68"="68'
        respuesta = client.enviar("/ingresar", {"correo": correo, "clave": "una clave cualquiera"}, "/ingresar")
        sin_lo_suyo = respuesta.text.replace(cierto, "").replace(cierto.replace("=", "&#61;"), "")
        textos.append((respuesta.status_code, re.sub(r'value="[^"]+"|<code>[0-9a-f]+</code>', "", sin_lo_suyo)))
    assert textos[0] == textos[1]


@en_uno
def test_una_avalancha_de_firmas_falsas_no_escribe_una_fila_por_cada_una(
    client: ClienteEstricto, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-27: and a good one in the middle is served."""
    pasarela = PasarelaGuion()
    app.extensions["pasarela"] = pasarela
    monkeypatch.setattr(notificaciones, "encargar", lambda *_: None)
    monkeypatch.setattr(notificaciones, "_FORJADAS", {"cuantas": 0.0, "desde": 0.0})
    for n in range(300):
        assert client.post("/pago/notificaciones/placetopay", data=b"falsa").status_code == 401
        if n == 150:
            buena = client.post("/pago/notificaciones/placetopay", data=b"s1|REF-1", headers={"X-Firma": "buena"})
            assert buena.status_code == 200
    assert db.session.scalar(select(func.count()).select_from(Notificacion)) == 1
    assert db.session.scalar(select(func.count()).select_from(Caso)) == 1


@en_uno
@pytest.mark.parametrize(
    ("error", "estado"), [(DocumentoImposible("No se pudo.", "x"), 422), (ServicioOcupado("Hay muchas.", 15), 503)]
)
def test_lo_que_la_imprenta_no_puede_se_dice(
    client: ClienteEstricto, app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception, estado: int
) -> None:
    """B-54: a refused document is an answer, and a full queue says when to come back."""
    una = fabricas.liquidacion((1000,))

    def rehusar(*_: Any) -> bytes:
        raise error

    monkeypatch.setattr(pdf._archivo, "imprimir", rehusar)
    respuesta = client.get(f"/liquidacion/{una.codigo}.pdf")
    assert respuesta.status_code == estado
    assert respuesta.headers.get("Retry-After") == ("15" if estado == 503 else None)


@en_uno
def test_si_ni_la_pagina_de_error_se_puede_hacer_se_dice_en_palabras(
    client: ClienteEstricto, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def romper(*_: object, **__: object) -> str:
        raise ValueError("1212312323")

    with monkeypatch.context() as parche:
        parche.setattr("portal.web.errores.render_template", romper)
        respuesta = client.get("/no-existe")
    assert (respuesta.status_code, respuesta.mimetype) == (404, "text/plain")
    assert respuesta.headers["X-Request-Id"] in respuesta.text
    assert respuesta.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "1212312323" not in respuesta.text + caplog.text


@en_uno
@pytest.mark.parametrize("ruta", ["/gestion/validacion", "/gestion/tesoreria", "/gestion/tesoreria/consignaciones"])
def test_un_error_antes_de_saber_quien_entra_tambien_tiene_su_pagina(client: ClienteEstricto, ruta: str) -> None:
    respuesta = client.get(f"{ruta}?a=1&a=2")
    assert (respuesta.status_code, respuesta.mimetype) == (422, "text/html")


def test_toda_ruta_lleva_sus_cabeceras_para_cualquiera_y_para_un_funcionario(
    app: Flask, ajustes: Ajustes, client: ClienteEstricto
) -> None:
    """T-10: every route of the map, as anybody and as an official; over https the cookie's name and HSTS too."""
    segura = replace(ajustes, url="https://localhost").a_flask()
    app.config.update({k: v for k, v in segura.items() if k.startswith("SESSION_COOKIE")})
    funcionario = app.test_client()
    ingresar(_DeHttps(funcionario), "tesoreria")
    for cliente in (client, funcionario):
        for regla in app.url_map.iter_rules():
            direccion = re.sub(
                r"<int:[a-z_]+>", "999999", re.sub(r"<((string|path):)?[a-z_]+>", "no-existe", regla.rule)
            )
            metodo = "GET" if "GET" in (regla.methods or ()) else "POST"
            c = cliente.open(direccion, method=metodo, base_url="https://localhost").headers
            assert c["Content-Security-Policy"].startswith("default-src 'none'"), direccion
            assert "unsafe" not in c["Content-Security-Policy"], direccion
            for nombre, valor in ESPERADAS.items():
                assert c[nombre] == SUYAS.get((regla.endpoint, nombre), valor), f"{direccion}: {nombre}"
            assert c.get("Cache-Control") == "no-store" or regla.endpoint in DE_TODOS, direccion
            for galleta in c.getlist("Set-Cookie"):
                assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(galleta.split("; ")), galleta
                assert galleta.startswith(("__Host-portal=", "apariencia=")), galleta


# The address of that page is a secret of one use.
SUYAS = {("login.enlace", "Referrer-Policy"): "no-referrer"}
ESPERADAS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


class _DeHttps:
    """A client that speaks as a browser over https does."""

    def __init__(self, cliente: ClienteEstricto) -> None:
        self._cliente = cliente

    def csrf(self) -> str:
        hallado = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', self._cliente.get("/consulta", base_url="https://localhost").text
        )
        assert hallado
        return hallado[1]

    def post(self, direccion: str, **con: Any) -> Any:
        return self._cliente.post(
            direccion, base_url="https://localhost", headers={"Referer": "https://localhost/ingresar"}, **con
        )
