"""The migrations build exactly the models, on both engines, and can be undone."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from portal.db import Base, db


def diferencias() -> list[object]:
    with db.engine.connect() as conexion:
        contexto = MigrationContext.configure(conexion, opts={"compare_type": True})
        return list(compare_metadata(contexto, Base.metadata))


def test_las_migraciones_dan_exactamente_los_modelos(app: Flask) -> None:
    assert diferencias() == []


def test_una_columna_que_falte_se_nota(app: Flask) -> None:
    """Control: the comparison can fail."""
    with db.engine.begin() as conexion:
        conexion.exec_driver_sql("ALTER TABLE cuota DROP COLUMN cuenta")
    assert diferencias() != []


def test_suben_y_bajan(app: Flask) -> None:
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert diferencias() == []
