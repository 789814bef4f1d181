"""What the deployment's gunicorn does at its start: it loads and looks once, and its processes are copies."""

import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask import Flask
from gunicorn.app.wsgiapp import run
from sqlalchemy import text

from portal.config import Ajustes
from portal.db import db, transaccion
from tests import criadero
from tests.portal_en_marcha import _puerto_libre

RAIZ = Path(__file__).resolve().parents[2]
CONF = RAIZ / "docs" / "despliegue" / "gunicorn.conf.py"
# What few processes ever need, and takes long to load. `alembic` is not here: the look at the database needs it.
PESADOS = (
    *("weasyprint", "pydyf", "fontTools", "pikepdf", "PIL", "segno", "barcode"),
    *("webauthn", "OpenSSL", "redis", "xlsxwriter", "httpcore2"),
)


def test_arrancar_no_carga_lo_que_pocos_usan() -> None:
    """In a process of its own, as gunicorn loads it; the look at the database is left out, and no module with it."""
    guion = "import sys, wsgi; print(*sorted(set(sys.modules) & set(sys.argv[1:])))"
    orden = [sys.executable, "-c", guion, *PESADOS]
    entorno = {nombre: valor for nombre, valor in os.environ.items() if not nombre.startswith("PORTAL_")}
    hecho = subprocess.run(
        orden, env=entorno | {"FLASK_RUN_FROM_CLI": "true"}, cwd=RAIZ, capture_output=True, text=True, check=True
    )
    assert hecho.stdout.split() == []
    # The control: every name is that of a module that can be loaded.
    assert [nombre for nombre in PESADOS if find_spec(nombre) is None] == []


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_gunicorn_mira_una_vez_y_no_en_cada_proceso_que_renueva(app: Flask, ajustes: Ajustes) -> None:
    assert runpy.run_path(str(CONF))["preload_app"]
    with gunicorn(ajustes) as (maestro, responde):
        assert responde()
        (primero,) = hijos(maestro)
        # A next version begins to migrate.
        with transaccion():
            db.session.execute(text("DELETE FROM alembic_version"))
        os.kill(primero, signal.SIGTERM)
        esperar(lambda: hijos(maestro) not in ([primero], []))
        assert responde(), "a copy is not asked again"
    # The control: a start is.
    hecho = criadero.terminar(servir, 0, entorno=entorno_de(ajustes))
    assert hecho.codigo != 0
    assert "le faltan migraciones" in hecho.se_quejo


@contextmanager
def gunicorn(ajustes: Ajustes) -> Iterator[tuple[int, Callable[[], bool]]]:
    """The deployment's own settings with one process; its number, and whether it answers."""
    puerto = _puerto_libre()
    proceso = criadero.empezar(servir, puerto, entorno=entorno_de(ajustes))

    def responde() -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{puerto}/salud", timeout=10) as respuesta:
                return bool(respuesta.status == 200)
        except OSError:
            return False

    try:
        esperar(responde)
        assert proceso.pid is not None
        yield proceso.pid, responde
    finally:
        proceso.terminate()
        proceso.join()


def servir(puerto: int) -> None:
    """Become gunicorn."""
    os.environ["PORTAL_ESCUCHA"] = f"127.0.0.1:{puerto}"
    sys.argv = ["gunicorn", "-c", str(CONF), "wsgi:app"]
    run()


def entorno_de(ajustes: Ajustes) -> dict[str, str]:
    heredado = {n: v for n, v in os.environ.items() if not n.startswith(("PORTAL_", "FLASK_"))}
    return heredado | {"DATABASE_URL": ajustes.base_datos, "PORTAL_PROCESOS": "1"}


def hijos(maestro: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{maestro}/task/{maestro}/children").read_text().split()]


def esperar(que: Callable[[], bool], segundos: float = 30) -> None:
    plazo = time.monotonic() + segundos
    while not que():
        assert time.monotonic() < plazo, "never"
        time.sleep(0.05)
