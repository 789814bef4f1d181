"""No public page reads a whole table: the plan of every statement that it makes finds its rows by an index, on both engines."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from portal.db import db
from portal.pasarelas.base import EstadoPasarela
from tests import fabricas
from tests.bases import ejecutadas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion
from tests.web.test_limites_publicos import LIMITADAS
from tests.web.test_pago import numeros, pagar, responder

pytestmark = pytest.mark.dos_motores
# Those that grow with every person who pays; the rest are lists of a department (acts, banks, days).
GRANDES = (
    "liquidacion",
    "factura",
    "integrante",
    "adhesion",
    "adhesion_factura",
    "pago",
    "pago_factura",
    "recaudo",
    "evento_pago",
    "evento_factura",
    "notificacion",
    "asiento",
    "bitacora",
    "cuota",
    "sello",
)
Orden = tuple[str, Any]


def lecturas_enteras(orden: Orden) -> list[str]:
    """The steps that read a big table whole.

    An empty PostgreSQL would rather read its few rows: it may not, where an index gives another way. What it really does with
    a million is looked at by `bench/partes/crecimiento.py`.
    """
    with db.engine.connect() as conexion:
        if conexion.dialect.name == "sqlite":
            filas = conexion.exec_driver_sql(f"EXPLAIN QUERY PLAN {orden[0]}", orden[1])
            pasos, leer = [f"{paso[3]} " for paso in filas], "SCAN {} "
        else:
            conexion.execute(text("SET LOCAL enable_seqscan = off"))
            filas = conexion.exec_driver_sql(f"EXPLAIN {orden[0]}", orden[1])
            pasos, leer = [str(paso[0]) for paso in filas], "Seq Scan on {} "
    return [paso for paso in pasos for tabla in GRANDES if leer.format(tabla) in paso]


def _lee(orden: str) -> bool:
    return orden.lstrip().upper().startswith(("SELECT", "WITH")) and "INSERT" not in orden


def test_ninguna_pagina_publica_lee_una_tabla_entera(app: Flask, client: ClienteEstricto) -> None:
    guion = app.extensions["pasarela"] = PasarelaGuion()
    una = fabricas.liquidacion()
    with ejecutadas() as ordenes:
        for _, pedir in LIMITADAS.values():
            pedir(client, 1)
        for documento in ("1212312323", str(una.numero), "99"):
            client.enviar("/consulta", {"tipo_pago": "tramite", "documento": documento, "pagina": "2"})
        client.get(f"/liquidacion/{una.codigo}")
        pagar(client, numeros(una))
    codigo = responder(guion, EstadoPasarela.APROBADO).codigo
    with ejecutadas() as despues:
        client.get(f"/pago/{codigo}")
        client.get("/")
    lecturas = [(orden, valores) for orden, valores in ordenes + despues if _lee(orden)]
    assert len(lecturas) > 50
    assert {orden: enteras for orden, valores in lecturas if (enteras := lecturas_enteras((orden, valores)))} == {}


MALAS = {
    "sin índice": "SELECT factura.valor FROM factura WHERE factura.exacto = 'x'",
    "dos tablas y una o": "SELECT factura.valor FROM factura JOIN liquidacion ON liquidacion.id = factura.liquidacion_id "
    "WHERE factura.numero = 1 OR liquidacion.numero = 1",
}


def test_control_una_mala_se_nota(app: Flask) -> None:
    """The second is what the search by number would be without its union; PostgreSQL walks an index through all of it."""
    enteras = {nombre for nombre, orden in MALAS.items() if lecturas_enteras((orden, ()))}
    assert enteras == (set(MALAS) if db.engine.dialect.name == "sqlite" else {"sin índice"})
