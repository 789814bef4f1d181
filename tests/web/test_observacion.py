"""What the portal tells of itself: a log without people in it, and metrics whose table in the docs is the whole truth."""

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from portal.db import db
from portal.operaciones.metricas import METRICAS
from portal.pasarelas.base import EstadoPasarela, PasarelaNoDisponible
from portal.web import metricas as borde
from portal.web import registros
from portal.web.registros import FormatoJson, FormatoTexto
from tests import fabricas
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion
from tests.respaldos import orden
from tests.web.test_pago import numeros, pagar, responder, unico_pago

DOCUMENTO = Path(__file__).resolve().parents[2] / "docs" / "operacion.md"
# Nobody else in the tests is called so.
CANARIOS = {
    "documento": "1098765431",
    "nombre": "Canaria Amarilla",
    "correo": "canario.amarillo@correo.test",
    "telefono": "3119876543",
}


@pytest.fixture
def bitacora(app: Flask) -> Iterator[io.StringIO]:
    """All that any logger says, in the form of production."""
    salida, raiz = io.StringIO(), logging.getLogger()
    manejador = logging.StreamHandler(salida)
    manejador.setFormatter(FormatoJson())
    antes = raiz.level
    raiz.addHandler(manejador)
    raiz.setLevel(logging.DEBUG)
    app.after_request_funcs[None].append(registros._contar)
    yield salida
    app.after_request_funcs[None].remove(registros._contar)
    raiz.removeHandler(manejador)
    raiz.setLevel(antes)


def _lineas(salida: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(linea) for linea in salida.getvalue().splitlines()]


def test_un_recorrido_entero_no_deja_a_nadie_en_la_bitacora(
    app: Flask, client: ClienteEstricto, runner: FlaskCliRunner, bitacora: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    guion = app.extensions["pasarela"] = PasarelaGuion()
    una = fabricas.liquidacion(documento=CANARIOS["documento"], nombre=CANARIOS["nombre"])
    client.enviar("/consulta", {"tipo": "tramite", "documento": CANARIOS["documento"]})
    client.get(f"/no-existe/{CANARIOS['documento']}?correo={CANARIOS['correo']}")
    salida = pagar(client, numeros(una), **{k: CANARIOS[k] for k in ("documento", "nombre", "correo", "telefono")})
    assert salida.status_code == 303
    pago = unico_pago()
    guion.sesiones[str(pago.id_pasarela)] = PasarelaNoDisponible(CANARIOS["correo"])
    client.get(f"/pago/{pago.codigo}")
    responder(guion, EstadoPasarela.APROBADO)
    client.get(f"/pago/{pago.codigo}")
    client.enviar("/ingresar", {"correo": CANARIOS["correo"], "clave": CANARIOS["nombre"]})
    ingresar(client, "tesoreria")
    orden(runner, "pagos", "sondear")
    orden(runner, "correo", "enviar")

    def romperse(*_args: object, **_otros: object) -> None:
        raise RuntimeError(f"se esperaba {CANARIOS['documento']}")

    monkeypatch.setattr("portal.blueprints.publico.views.liquidaciones.por_codigo", romperse)
    assert client.get(f"/liquidacion/{una.codigo}").status_code == 500
    logging.getLogger("gunicorn.error").warning("Invalid request /pago?d=%s %s", *list(CANARIOS.values())[::2])
    dicho, lineas = bitacora.getvalue(), _lineas(bitacora)
    testigos = [client.get_cookie("portal"), *CANARIOS.values(), pago.codigo, una.codigo, pago.clave_formulario]
    secretos = [t.value if hasattr(t, "value") else str(t) for t in testigos if t]
    assert [s for s in secretos if s in dicho] == []
    peticiones = [x for x in lineas if x["suceso"] == "petición"]
    assert {"pago.pagar", "login.ingresar", "ninguna", "publico.liquidacion"} <= {x["ruta"] for x in peticiones}
    assert all(x["peticion"] and x["ms"] >= 0 for x in peticiones)
    fallida = next(x for x in lineas if "error inesperado" in x["suceso"])
    assert "RuntimeError" in fallida["suceso"]
    assert any(x["suceso"] == "pago enviado" and x["referencia"] == pago.referencia for x in lineas)


def _registro(mensaje: str, nombre: str = "portal.x", **extra: Any) -> logging.LogRecord:
    return logging.makeLogRecord({"name": nombre, "msg": mensaje, "levelname": "INFO", "created": 1.0, **extra})


def test_una_linea_es_un_suceso_aunque_el_texto_traiga_otras() -> None:
    malo = _registro('bien\n{"nivel":"ERROR"}\r\u2028x\x1b[31m', datos={"ruta": "a\nb"})
    for formato in (FormatoJson(), FormatoTexto()):
        assert len(formato.format(malo).splitlines()) == 1
    assert json.loads(FormatoJson().format(malo))["ruta"] == "a\nb"


def test_lo_que_no_se_puede_escribir_se_pierde_en_silencio(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-40: the log's disk is full, or what is said cannot be put in words."""

    class Llena(io.StringIO):
        def write(self, _texto: str) -> int:
            raise OSError(28, "No space left on device")

    class Mudo:
        def __str__(self) -> str:
            raise RuntimeError

    monkeypatch.setattr(logging, "raiseExceptions", False)
    for formato in (FormatoJson(), FormatoTexto()):
        manejador = logging.StreamHandler(Llena())
        manejador.setFormatter(formato)
        manejador.handle(_registro("algo"))
        manejador.handle(_registro("%s", args=(Mudo(),)))


def _leer(client: ClienteEstricto, **cabeceras: str) -> tuple[int, str]:
    dicho = client.get("/metrics", headers=cabeceras)
    return dicho.status_code, dicho.text


def test_las_metricas_son_las_de_la_tabla_de_alertas() -> None:
    en_la_tabla = re.findall(r"^\| `(portal_[a-z_]+)`", DOCUMENTO.read_text(), re.MULTILINE)
    assert sorted(en_la_tabla) == sorted(m.nombre for m in METRICAS)


@pytest.mark.dos_motores
def test_las_metricas_dicen_como_esta_todo(app: Flask, client: ClienteEstricto, runner: FlaskCliRunner) -> None:
    guion = app.extensions["pasarela"] = PasarelaGuion()
    pago = fabricas.pago(fabricas.liquidacion())
    otro = fabricas.pago(fabricas.liquidacion())
    guion.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago, valor=pago.total + 1)
    client.get(f"/pago/{pago.codigo}")
    orden(runner, "correo", "enviar")
    contado = app.extensions["contado"]
    contado.sumas.contar("peticiones", "pago.ver 200", 3)
    contado.sumas.contar("pdf_ms", cuanto=1500)
    # What the factories made, they made when the tests began.
    with time_machine.travel(fabricas.AHORA + timedelta(minutes=1), tick=False):
        estado, dicho = _leer(client)
    assert estado == 200
    valores = dict(linea.rsplit(" ", 1) for linea in dicho.splitlines() if not linea.startswith("#"))
    esperados = {
        'portal_pagos{estado="aprobado"}': "0",
        'portal_pagos{estado="pendiente"}': "1",
        'portal_pagos_sin_resolver{edad="menos_de_15_min"}': "2",
        'portal_casos_abiertos{clase="valor_distinto"}': "1",
        "portal_respuestas_en_cuarentena_total": "1",
        'portal_labor_fallos{labor="correo"}': "0",
        'portal_peticiones_total{ruta="pago.ver",estado="200"}': "3",
        "portal_pdf_segundos_total": "1.5",
        'portal_cadena_quiebres{cadena="libro"}': "0",
    }
    assert {k: valores.get(k) for k in esperados} == esperados
    assert float(valores["portal_pago_sin_resolver_segundos"]) >= 0
    assert all(any(linea.startswith(m.nombre) for linea in valores) for m in METRICAS[:13])
    assert otro.documento not in dicho


def test_solo_esta_maquina_o_quien_tenga_la_clave_las_lee(app: Flask, client: ClienteEstricto) -> None:
    de_afuera = {"REMOTE_ADDR": "203.0.113.7"}
    assert _leer(client)[0] == 200
    assert _leer(client, **{"X-Forwarded-For": "203.0.113.7"})[0] == 404, "a proxy of this machine makes nobody local"
    assert client.get("/metrics", environ_base=de_afuera).status_code == 404
    ajustes = app.extensions["ajustes"]
    clave = "k" * 40
    app.extensions["ajustes"] = replace(ajustes, observacion=replace(ajustes.observacion, clave=clave))
    for dicha, estado in ((f"Bearer {clave}", 200), ("Bearer ", 404), ("Bearer ñ", 404), (clave[:-1], 404)):
        assert client.get("/metrics", environ_base=de_afuera, headers={"Authorization": dicha}).status_code == estado


def test_lo_contado_se_suma_y_si_la_base_no_puede_se_suma_despues(app: Flask, client: ClienteEstricto) -> None:
    """F-40: counting never stops a page."""
    app.extensions["ajustes"] = replace(
        app.extensions["ajustes"], observacion=replace(app.extensions["ajustes"].observacion, segundos=0)
    )
    app.after_request_funcs[None].append(borde._contar)
    try:
        with db.engine.begin() as conexion:
            conexion.execute(text("ALTER TABLE contador RENAME TO escondida"))
        assert client.get("/salud").status_code == 200
        with db.engine.begin() as conexion:
            conexion.execute(text("ALTER TABLE escondida RENAME TO contador"))
        assert client.get("/salud").status_code == 200
        dicho = _leer(client)[1]
    finally:
        app.after_request_funcs[None].remove(borde._contar)
    assert 'portal_peticiones_total{ruta="publico.salud",estado="200"} 2' in dicho


def test_listo_es_no_si_falta_una_migracion_y_si_cuando_la_base_va_adelante(
    app: Flask, client: ClienteEstricto
) -> None:
    """While a version is being installed the code before it goes on serving, on the schema that is already the new one."""

    def con_migracion(cual: str) -> tuple[int, str]:
        with db.engine.begin() as conexion:
            conexion.execute(text("DELETE FROM alembic_version"))
            if cual:
                conexion.execute(text("INSERT INTO alembic_version VALUES (:cual)"), {"cual": cual})
        dicho = client.get("/listo")
        return dicho.status_code, dicho.text

    for cual in ("042", ""):
        assert "Faltan migraciones" in con_migracion(cual)[1]
    assert "Faltan migraciones" not in con_migracion("999")[1]
