"""The limits that the database counts for the pages: one statement for all of them, and what is refused counts no further."""

from flask import Flask
from sqlalchemy import text

from portal.db import cada_orden_sola, db
from portal.operaciones.limites import Limite, primero_agotado
from tests.conftest import AHORA


def test_lo_negado_no_cuenta_en_lo_que_sigue(app: Flask) -> None:
    cuentas = [(Limite("a", 1, 600), "x"), (Limite("b", 9, 600), "y"), (Limite("c", 9, 600), "x")]
    agotados = []
    for _ in range(4):
        with cada_orden_sola() as conexion:
            agotados.append(primero_agotado(conexion, cuentas, AHORA))
    assert [x and x.nombre for x in agotados] == [None, "a", "a", "a"]
    assert dict(db.session.execute(text("SELECT clave, cuenta FROM cuota")).all()) == {"a:x": 4, "b:y": 1, "c:x": 1}
