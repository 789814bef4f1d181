"""Databases of tests on both engines: naming, making, copying and dropping them whole."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, make_url

from portal.db import db


def base_de(uri: str, nombre: str) -> str:
    """The address of another database of the same PostgreSQL server."""
    partes = uri.split("?", 1)
    raiz = partes[0].rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{raiz}/{nombre}" + (f"?{partes[1]}" if len(partes) > 1 else "")


@contextmanager
def administrar(uri: str) -> Iterator[Callable[[str], object]]:
    """Orders to the PostgreSQL server of `uri` outside of any transaction."""
    directa = base_de(uri, "postgres").replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(directa, autocommit=True) as conexion:
        yield conexion.execute


def sin_prisa_por_el_disco(uri: str) -> None:
    """Spare a server that lasts as long as the tests what protects from a power cut. Processes that die lose nothing by it."""
    ajustes = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "checkpoint_timeout": "'1h'"}
    with administrar(uri) as ejecutar:
        for nombre, valor in ajustes.items():
            ejecutar(f"ALTER SYSTEM SET {nombre} = {valor}")
        ejecutar("SELECT pg_reload_conf()")


def rehacer_sqlite(plantilla: Path, archivo: Path) -> str:
    """Put a copy of `plantilla` in the place of `archivo`; a process that still had the old one open keeps the old one."""
    nueva = shutil.copy(plantilla, archivo.with_suffix(".nueva"))
    for resto in ("-wal", "-shm", "-journal", "-limites", "-limites-wal", "-limites-shm"):
        archivo.with_name(archivo.name + resto).unlink(missing_ok=True)
    nueva.replace(archivo)
    return f"sqlite:///{archivo}"


def rehacer_postgresql(servidor: str, plantilla: str, nombre: str) -> str:
    """Make the database `nombre` equal to `plantilla`, whoever is still connected to it."""
    with administrar(servidor) as ejecutar:
        ejecutar(f"DROP DATABASE IF EXISTS {nombre} WITH (FORCE)")
        # Files copied as files take half the processor that their pages written through the log do.
        ejecutar(f"CREATE DATABASE {nombre} TEMPLATE {plantilla} STRATEGY FILE_COPY")
    return base_de(servidor, nombre)


def guardar_copia(base_datos: str, nombre: str, carpeta: Path) -> str:
    """Keep a database to which nobody is connected as `nombre`; returns what `restaurar` needs."""
    url = make_url(base_datos)
    if url.get_backend_name() == "sqlite":
        return str(shutil.copy(str(url.database), carpeta / f"{nombre}.sqlite"))
    with administrar(base_datos) as ejecutar:
        ejecutar(f"CREATE DATABASE {nombre} TEMPLATE {url.database}")
    return nombre


def restaurar(base_datos: str, copia: str) -> None:
    """Make a database to which nobody is connected equal to what `guardar_copia` kept."""
    url = make_url(base_datos)
    if url.get_backend_name() == "sqlite":
        shutil.copy(copia, str(url.database))
        return
    rehacer_postgresql(base_datos, copia, str(url.database))


@contextmanager
def contando() -> Iterator[list[str]]:
    """The statements that run meanwhile, in the portal that is open."""
    ordenes: list[str] = []
    with _oyendo(lambda orden, _valores: ordenes.append(orden)):
        yield ordenes


@contextmanager
def ejecutadas() -> Iterator[list[tuple[str, Any]]]:
    """The same, each with its values."""
    ordenes: list[tuple[str, Any]] = []
    with _oyendo(lambda orden, valores: ordenes.append((orden, valores))):
        yield ordenes


@contextmanager
def _oyendo(anotar: Callable[[str, Any], None]) -> Iterator[None]:
    def oir(_conexion: object, _cursor: object, orden: str, valores: Any, *_: object) -> None:
        anotar(orden, valores)

    event.listen(db.engine, "before_cursor_execute", oir)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", oir)
