"""Whoever signed in and looks for a person leaves one row, which says what was found and never what was typed (I-22)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.models import Bitacora
from tests import devoluciones, fabricas
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
DOCUMENTO = "52000111"
NOMBRE = "Ana Ñáñez"
Mirar = Callable[[ClienteEstricto, Any], Any]
TRAMITE = {"tipo_pago": "tramite", "documento": DOCUMENTO}
MIRADAS: dict[str, tuple[str, Mirar]] = {
    "consulta.buscar": ("funcionario", lambda c, una: c.enviar("/consulta", TRAMITE)),
    "liquidacion.buscar": ("rentas", lambda c, una: c.enviar("/gestion/liquidaciones", {"buscar": DOCUMENTO})),
    "liquidacion.ver": ("auditor", lambda c, una: c.get(f"/gestion/liquidaciones/{una.codigo}")),
    "tesoreria.buscar": ("tesoreria", lambda c, una: c.enviar("/gestion/tesoreria/buscar", {"buscar": DOCUMENTO})),
}


def anotadas() -> list[Bitacora]:
    db.session.rollback()
    return [b for b in db.session.scalars(select(Bitacora).order_by(Bitacora.id)) if b.accion != "ingreso"]


@pytest.mark.parametrize("accion", MIRADAS)
def test_cada_mirada_deja_una_fila(client: ClienteEstricto, accion: str) -> None:
    una = fabricas.liquidacion(documento=DOCUMENTO, nombre=NOMBRE)
    rol, mirar = MIRADAS[accion]
    quien = ingresar(client, rol)
    antes = len(anotadas())
    assert mirar(client, una).status_code == 200
    (fila,) = anotadas()[antes:]
    assert (fila.accion, fila.usuario_id) == (accion, quien.id)
    assert len(fila.peticion) == 16
    dicho = json.dumps(fila.detalle, ensure_ascii=False) + fila.objeto
    assert DOCUMENTO not in dicho
    assert NOMBRE not in dicho


def test_un_visitante_no_deja_filas(app: Flask, client: ClienteEstricto) -> None:
    fabricas.liquidacion(documento=DOCUMENTO, nombre=NOMBRE)
    assert NOMBRE not in client.enviar("/consulta", TRAMITE).text
    assert anotadas() == []


def test_un_formulario_vacio_no_es_una_mirada_sin_rastro(client: ClienteEstricto) -> None:
    """Sending nothing brings the page with the account back: that is to look at it too."""
    una = devoluciones.pedir(devoluciones.doble())
    ingresar(client, "tesoreria")
    antes = len(anotadas())
    respuesta = client.enviar(f"/gestion/tesoreria/devoluciones/{una.numero}/estudiar", {}, "/gestion/tesoreria/buscar")
    assert respuesta.status_code == 422
    assert devoluciones.CUENTA.titular in respuesta.text
    assert [fila.accion for fila in anotadas()[antes:]] == ["devolucion.mirar"]
