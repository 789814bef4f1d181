"""The migrations build exactly the models, on both engines, and can be undone."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select

from portal.db import Base, db
from portal.models import ClaseMovimiento, Contrato
from portal.operaciones import expedientes, liquidaciones
from tests import fabricas
from tests.encargos import dejar_sin_efecto, emitir, encargo_contrato, oficial


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


def test_los_contratos_de_antes_empiezan_su_libro_al_migrar(app: Flask) -> None:
    rentas = oficial()
    vigente = emitir(encargo_contrato(), rentas)
    dejar_sin_efecto(emitir(encargo_contrato(numero="648"), rentas).id, rentas)
    sin_cuantia = fabricas.contrato("649", valor_acto=None)
    codigos = [vigente.codigo, sin_cuantia.codigo]
    db.session.rollback()
    downgrade(revision="003")
    upgrade()
    db.session.expire_all()
    assert db.session.scalar(select(func.count(Contrato.id))) == 3
    libros = [expedientes.leer(liquidaciones.por_codigo(codigo)) for codigo in codigos]
    assert [x.valor for x in libros] == [46_911_499, 0]
    assert [[(m.clase, m.orden, m.documento) for m in x.movimientos] for x in libros] == [
        [(ClaseMovimiento.INICIAL, 1, "647")],
        [(ClaseMovimiento.INICIAL, 1, "649")],
    ]
    assert not any(x.por_retencion or x.cuentas for x in libros)
    dejar_sin_efecto(vigente.id, rentas)
    assert emitir(encargo_contrato(), rentas).vigente
