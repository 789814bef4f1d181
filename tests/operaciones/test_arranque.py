"""What forbids to serve, on the engine where it can happen: each wrong thing is one sentence, and a sound portal has none."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.config import Ajustes
from portal.db import db, transaccion
from portal.operaciones import arranque
from portal.operaciones.usuarios import crear_usuario
from portal.web.arranque import comprobar_arranque, exigir_arranque
from tests.bases import administrar
from tests.conftest import AHORA, CLAVE

RAIZ = Path(__file__).resolve().parents[2]
MIGRACIONES = RAIZ / "migrations"
en_sqlite = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
en_postgresql = pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)


def poner_version(version: str | None) -> None:
    db.session.rollback()
    with db.engine.begin() as conexion:
        conexion.execute(text("DELETE FROM alembic_version"))
        if version:
            conexion.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": version})


def test_un_portal_sano_arranca_y_lo_dice(app: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.web.arranque.ahora", lambda: datetime.now(UTC))
    hechas = [una for una in comprobar_arranque() if una.nombre != "Valores del año"]
    assert [una.falta for una in hechas] == [""] * len(hechas)
    assert len(hechas) >= 8
    exigir_arranque(app)


def test_una_base_de_datos_de_otra_version_no_se_sirve(app: Flask, runner: FlaskCliRunner) -> None:
    poner_version(None)
    assert "flask db upgrade" in arranque.base_de_datos_lista(MIGRACIONES)
    poner_version("999_futura")
    assert "posterior" in arranque.base_de_datos_lista(MIGRACIONES)
    assert arranque.base_de_datos_lista(MIGRACIONES, esquema_posterior=True) == ""
    db.session.rollback()
    with pytest.raises(SystemExit, match=r"El portal no puede arrancar: La base de datos es de una versión posterior"):
        exigir_arranque(app)
    hecho = runner.invoke(args=["comprobar"])
    assert hecho.exit_code == 1
    assert "✗  Migraciones: La base de datos es de una versión posterior" in hecho.output


@en_sqlite
def test_wal_en_un_sqlite_viejo_no_se_sirve(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranque, "sqlite_version_info", (3, 51, 2))
    assert arranque.diario_sano() == ""
    db.session.rollback()
    cruda = db.engine.raw_connection()
    cruda.driver_connection.execute("PRAGMA journal_mode=WAL")
    cruda.close()
    assert "WAL" in arranque.diario_sano()
    monkeypatch.setattr(arranque, "sqlite_version_info", (3, 51, 3))
    assert arranque.diario_sano() == ""


def test_un_libro_sin_disparadores_no_se_sirve(app: Flask) -> None:
    assert arranque.libro_protegido() == ""
    db.session.rollback()
    with db.engine.begin() as conexion:
        if db.engine.dialect.name == "sqlite":
            nombres = conexion.scalars(text("SELECT name FROM sqlite_master WHERE name LIKE 'asiento_no_%'")).all()
            for nombre in nombres:
                conexion.execute(text(f"DROP TRIGGER {nombre}"))
        else:
            conexion.execute(text("DROP TRIGGER asiento_no_cambia ON asiento"))
    assert "disparadores" in arranque.libro_protegido()


@en_postgresql
def test_un_reloj_atrasado_no_se_sirve(app: Flask) -> None:
    assert arranque.reloj_en_hora(datetime.now(UTC) - timedelta(seconds=20)) == ""
    assert "segundos" in arranque.reloj_en_hora(datetime.now(UTC) - timedelta(seconds=40))
    assert "segundos" in arranque.reloj_en_hora(datetime.now(UTC) + timedelta(seconds=40))


@pytest.fixture
def rol(ajustes: Ajustes) -> Iterator[str]:
    """A role of the PostgreSQL server that may read and add, and no more."""
    with administrar(ajustes.base_datos.replace("+psycopg", "")) as ejecutar:
        ejecutar("CREATE ROLE portal_de_prueba")
        try:
            yield "portal_de_prueba"
        finally:
            ejecutar("DROP ROLE IF EXISTS portal_de_prueba")


@en_postgresql
def test_una_cuenta_con_poder_de_mas_no_se_sirve(app: Flask, rol: str) -> None:
    assert "administra el servidor" in arranque.cuenta_sin_poder_de_mas()
    db.session.rollback()
    pasos = (
        ("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {}", ""),
        ("GRANT CREATE ON SCHEMA public TO {}", "crear y cambiar tablas"),
        ("REVOKE CREATE ON SCHEMA public FROM {}", ""),
        ("GRANT UPDATE ON asiento TO {}", "«asiento»"),
        ("REVOKE UPDATE ON asiento FROM {}", ""),
        ("GRANT DELETE ON bitacora TO {}", "«bitacora»"),
    )
    try:
        for orden, dice in pasos:
            with db.engine.begin() as conexion:
                conexion.execute(text(orden.format(rol)))
            db.session.execute(text(f"SET ROLE {rol}"))
            falta = arranque.cuenta_sin_poder_de_mas()
            assert (dice in falta) if dice else falta == "", orden
            db.session.execute(text("RESET ROLE"))
            db.session.rollback()
    finally:
        db.session.rollback()
        with db.engine.begin() as conexion:
            conexion.execute(text(f"RESET ROLE; DROP OWNED BY {rol}"))


@en_postgresql
def test_un_servidor_que_olvida_en_un_apagon_no_se_sirve(app: Flask) -> None:
    """The server of the tests is in such a hurry."""
    assert "fsync=off" in arranque.guarda_lo_confirmado()


@en_sqlite
def test_en_produccion_las_cuentas_de_la_demostracion_no_entran(app: Flask) -> None:
    with transaccion():
        una = crear_usuario(correo="rentas@demo.portal.test", nombre="Rentas", rol="rentas", clave=CLAVE, ahora=AHORA)
    exigir_arranque(app)  # a demonstration makes its key
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], ambiente="produccion")
    with pytest.raises(SystemExit, match=r"@demo\.portal\.test"):
        exigir_arranque(app)
    with transaccion():
        una = db.session.merge(una)
        una.activo = False
    exigir_arranque(app)


@en_sqlite
def test_lo_que_falta_en_la_maquina_se_nombra(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(tmp_path) in arranque.archivos_de_las_paginas(tmp_path)
    with monkeypatch.context() as parche:
        parche.setattr(arranque, "_BIBLIOTECAS", (("libpango-inventada.so.0",),))
        assert "libpango-inventada" in arranque.bibliotecas_de_la_imprenta()
        parche.setattr(arranque, "BOGOTA", UTC)
        assert "tzdata" in arranque.hora_de_colombia()
    clave = app.extensions["ajustes"].clave_estampillas
    clave.write_text("no es una clave")
    clave.chmod(0o644)
    with pytest.raises(SystemExit, match="chmod 600"):
        exigir_arranque(app)


@en_sqlite
def test_sin_normas_no_se_sirve_y_se_dice_como_cargarlas(app: Flask, runner: FlaskCliRunner) -> None:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], departamento="amazonas")
    frase = "No hay normas cargadas de ese departamento. Ejecute: flask normativa cargar"
    with pytest.raises(SystemExit, match=frase):
        exigir_arranque(app)
    hecho = runner.invoke(args=["comprobar"])
    assert hecho.exit_code == 1
    assert f"✗  Normas del departamento: {frase}" in hecho.output


@en_sqlite
def test_lo_que_se_arregla_desde_el_portal_no_le_impide_arrancar(app: Flask) -> None:
    assert "Faltan valores de este año: " in arranque.valores_del_ano(
        "cundinamarca", datetime(2031, 1, 1, 12, tzinfo=UTC)
    )

    def caida() -> str:
        raise OperationalError("", {}, Exception())

    [una] = arranque.comprobar([("Base", caida, True)])
    assert (una.falta, una.impide) == ("La base de datos de DATABASE_URL no responde.", False)


def test_el_servidor_se_niega_con_una_frase_y_sin_traza(tmp_path: Path) -> None:
    vacia = {"PATH": "/usr/bin:/bin", "DATABASE_URL": f"sqlite:///{tmp_path}/vacia.sqlite"}
    orden = [sys.executable, "-c", "import wsgi"]
    hecho = subprocess.run(orden, cwd=RAIZ, env=vacia, capture_output=True, text=True, check=False)
    assert hecho.returncode == 1
    assert hecho.stderr.strip().splitlines() == [
        "El portal no puede arrancar: A la base de datos le faltan migraciones; ejecute «flask db upgrade»."
    ]
    de_orden = subprocess.run(orden, cwd=RAIZ, env=vacia | {"FLASK_RUN_FROM_CLI": "true"}, check=False)
    assert de_orden.returncode == 0, "a command may prepare the database"
