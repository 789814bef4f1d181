"""What one test wrote on PostgreSQL never reaches the next one: it is forgotten whole, or the database is made again."""

from time import sleep
from typing import Any

import pytest
from flask import Flask

from portal.db import db
from tests import cuadre, fabricas
from tests.como_nueva import ComoNueva

pytestmark = pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)


def retrato() -> dict[str, Any]:
    """Every row and every sequence."""
    with db.engine.connect() as conexion:
        leer = conexion.exec_driver_sql
        tablas = {
            tabla: leer(f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {tabla} t").one()
            for tabla in db.metadata.tables
        }
        return {**tablas, "secuencias": leer("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1").all()}


def test_lo_escrito_se_olvida_entero(app: Flask, postgresql: ComoNueva) -> None:
    antes = retrato()
    una = fabricas.liquidacion()
    fabricas.pago(una)
    cambiado = retrato()
    assert cambiado["factura"] != antes["factura"]
    assert cambiado["consecutivo"] != antes["consecutivo"], "a row that the template has"
    assert cambiado["secuencias"] != antes["secuencias"]
    assert "factura" in cuadre.con_filas()
    db.session.remove()
    with db.engine.begin() as conexion:
        # Of the whole server, as the deployment's own roles are when another test makes them.
        conexion.exec_driver_sql("CREATE ROLE ajeno")
        conexion.exec_driver_sql("ALTER ROLE ajeno SET work_mem = '1MB'")
    # Who was connected before this test may still be leaving.
    assert any(postgresql.limpiar(db.engine) or sleep(0.1) for _ in range(50))
    assert retrato() == antes
    assert "factura" not in cuadre.con_filas()
    db.session.remove()
    with db.engine.begin() as conexion:
        conexion.exec_driver_sql("DROP ROLE ajeno")


@pytest.mark.descuadra
@pytest.mark.parametrize(
    "orden",
    [
        "ALTER TABLE asiento DISABLE TRIGGER USER",
        "CREATE INDEX otro ON factura (valor)",
        "ALTER TABLE factura ADD COLUMN otra text",
        "UPDATE tarifa SET norma = norma",
        "ALTER DATABASE prueba SET work_mem = '1MB'",
    ],
)
def test_lo_que_no_se_sabe_deshacer_pide_otra_copia(app: Flask, postgresql: ComoNueva, orden: str) -> None:
    with db.engine.begin() as conexion:
        conexion.exec_driver_sql(orden)
    assert not postgresql.limpiar(db.engine)


def test_con_alguien_adentro_no_se_limpia(app: Flask, postgresql: ComoNueva) -> None:
    with db.engine.connect() as conexion:
        conexion.exec_driver_sql("SELECT 1")
        assert not postgresql.limpiar(db.engine)
