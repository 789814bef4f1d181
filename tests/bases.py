"""Databases of tests on both engines: naming, making, copying and dropping them whole."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


def base_de(uri: str, nombre: str) -> str:
    """The address of another database of the same PostgreSQL server."""
    partes = uri.split("?", 1)
    raiz = partes[0].rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{raiz}/{nombre}" + (f"?{partes[1]}" if len(partes) > 1 else "")


@contextmanager
def administrar(uri: str) -> Iterator[Callable[[str], object]]:
    """Orders to the PostgreSQL server of `uri` outside of any transaction."""
    motor = create_engine(base_de(uri, "postgres"), isolation_level="AUTOCOMMIT")
    with motor.connect() as conexion:
        yield lambda orden: conexion.execute(text(orden))
    motor.dispose()


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
    with administrar(base_datos) as ejecutar:
        ejecutar(f"DROP DATABASE {url.database} WITH (FORCE)")
        ejecutar(f"CREATE DATABASE {url.database} TEMPLATE {copia}")
