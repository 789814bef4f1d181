"""Orders given to the driver itself answer as through SQLAlchemy, and whatever fails is told by it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Integer, column, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from portal import directo
from portal.db import db
from portal.operaciones import consultas
from portal.operaciones.consultas import Franja, Hallado
from tests import fabricas
from tests.bases import ejecutadas

HOY = date(2025, 6, 24)
UNO = text("SELECT 1").columns(column("uno", Integer))


def _prestadas() -> int:
    pila = db.engine.pool
    assert isinstance(pila, QueuePool)
    return pila.checkedout()


@pytest.fixture
def varias(app: Flask) -> dict[str, Any]:
    """Two trámites of a person and a contract, in every type of column that a look-up reads."""
    tramites = [fabricas.liquidacion(), fabricas.liquidacion((7000,))]
    contrato = fabricas.contrato()
    return {
        "documento": tramites[0].documento,
        "numero": str(tramites[0].facturas[0].numero),
        "contrato": (contrato.vigencia, contrato.documento, contrato.numero_contrato),
    }


def test_responde_lo_mismo_que_por_sqlalchemy(varias: dict[str, Any]) -> None:
    def todas() -> list[Hallado]:
        return [
            consultas.de_tramite(varias["documento"], HOY),
            consultas.de_tramite(varias["documento"], HOY, Franja(0, 1)),
            consultas.de_tramite(varias["documento"], HOY, Franja(2, 1)),
            consultas.de_tramite(varias["numero"], HOY),
            consultas.de_contrato(*varias["contrato"], HOY),
        ]

    directas = todas()
    with ejecutadas() as oidas:
        assert todas() == directas
    assert len(oidas) >= len(directas), "whoever listens hears them"
    assert all(hallado.total for hallado in directas)


def test_una_conexion_que_falla_se_deja_y_se_pregunta_de_nuevo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fallidas = []

    def fallar(conexion: Any, *_: object) -> Any:
        fallidas.append(conexion)
        raise db.engine.dialect.loaded_dbapi.OperationalError("the connection is gone")

    with monkeypatch.context() as mientras:
        mientras.setattr(directo, "_pedir", fallar)
        assert directo.filas(UNO, {}) == [[1]]
    assert directo.filas(UNO, {}) == [[1]]
    assert len(fallidas) == 1
    with db.engine.connect() as conexion:
        assert conexion.connection.dbapi_connection is not fallidas[0], "nobody is given the one that failed"


def test_el_servidor_que_cuelga_no_se_nota(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("only a server can hang up")
    # So that there is one connection, which is lent again.
    db.engine.dispose()
    cual = text("SELECT pg_backend_pid()").columns(column("pid", Integer))
    ((pid,),) = directo.filas(cual, {})
    ajeno = create_engine(db.engine.url)
    with ajeno.begin() as conexion:
        assert conexion.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid}).scalar_one()
    ajeno.dispose()
    ((nuevo,),) = directo.filas(cual, {})
    assert nuevo != pid


def test_una_orden_que_no_vale_lo_dice_sqlalchemy_y_no_deja_conexiones_prestadas(app: Flask) -> None:
    with pytest.raises(DBAPIError):
        directo.filas(text("SELECT nada FROM no_existe").columns(column("nada", Integer)), {})
    assert _prestadas() == 0
