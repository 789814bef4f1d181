"""Making a backup while people pay: one instant is read and copied, and both must say the same."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from portal.db import db
from portal.operaciones.respaldos.manifiesto import (
    NOMBRE,
    Contenido,
    Manifiesto,
    RespaldoInservible,
    leer_contenido,
    sha256_de,
)
from portal.operaciones.respaldos.postgresql_cliente import correr

# Where a restoration sets aside what it found: an earlier one is no part of the portal's data.
APARTADO = "antes_de_restaurar"


def crear(destino: Path, *, departamento: str, clave: str, ahora: datetime) -> Manifiesto:
    """Write a backup in the new folder `destino`, whole or not at all. Raises `RespaldoInservible` and `OSError`.

    Neither the private key of the stamps nor any other secret goes in it: `clave` is only the key's id.
    """
    if destino.exists():
        raise RespaldoInservible(f"{destino} ya existe; cada respaldo tiene su propia carpeta.")
    borrador = destino.with_name(f".{destino.name}.{os.getpid()}")
    borrador.mkdir(mode=0o700)
    try:
        motor = db.engine.dialect.name
        archivo = borrador / ("base.sqlite" if motor == "sqlite" else "base.dump")
        with _un_instante() as conexion:
            contenido = leer_contenido(conexion)
            copiar(conexion, archivo)
        archivo.chmod(0o600)
        if motor == "sqlite":
            exigir_igual(contenido, contenido_de_archivo(archivo))
        manifiesto = Manifiesto(
            departamento=departamento,
            motor=motor,
            hecho_en=ahora.isoformat(timespec="seconds"),
            archivo=archivo.name,
            octetos=archivo.stat().st_size,
            sha256=sha256_de(archivo),
            clave=clave,
            contenido=contenido,
        )
        (borrador / NOMBRE).write_bytes(manifiesto.a_json())
        (borrador / NOMBRE).chmod(0o600)
        for uno in (archivo, borrador / NOMBRE, borrador):
            asegurar(uno)
        borrador.rename(destino)
        asegurar(destino.parent)
    except BaseException:
        shutil.rmtree(borrador, ignore_errors=True)
        raise
    return manifiesto


@contextmanager
def _un_instante() -> Iterator[Connection]:
    """A connection that sees one instant for as long as the copy takes."""
    with db.engine.connect() as conexion:
        if conexion.dialect.name == "postgresql":
            conexion = conexion.execution_options(isolation_level="REPEATABLE READ")
            conexion.execute(text("SET LOCAL statement_timeout = 0"))
            conexion.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield conexion


def copiar(conexion: Connection, archivo: Path) -> None:
    """Copy what this connection sees. Raises `RespaldoInservible`."""
    if conexion.dialect.name == "postgresql":
        foto = conexion.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        formato = ("--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={APARTADO}*")
        correr("pg_dump", *formato, f"--snapshot={foto}", f"--file={archivo}", base=db.engine.url)
        return
    cruda = conexion.connection.driver_connection
    assert isinstance(cruda, sqlite3.Connection)
    with closing(sqlite3.connect(archivo)) as copia:
        cruda.backup(copia)


def contenido_de_archivo(archivo: Path) -> Contenido:
    """What a copy of SQLite holds, once its pages are known to be sound. Raises `RespaldoInservible`."""
    motor = create_engine(f"sqlite:///{archivo}")
    try:
        with motor.connect() as conexion:
            if conexion.execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
                raise RespaldoInservible(f"{archivo} está dañado.")
            return leer_contenido(conexion)
    finally:
        motor.dispose()


def exigir_igual(original: Contenido, copia: Contenido) -> None:
    """Raises `RespaldoInservible` naming what a copy lacks or has too much of."""
    if diferencias := original.diferencias(copia):
        raise RespaldoInservible("La copia no dice lo mismo que la base: " + "; ".join(diferencias[:5]) + ".")


def asegurar(ruta: Path) -> None:
    """Wait until the disk has it: a backup that a power cut can take back is none."""
    descriptor = os.open(ruta, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
