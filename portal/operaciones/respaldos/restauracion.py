"""Putting a backup in the place of the database, and what must follow before anybody uses it.

What was there is set aside, never deleted: a file beside the new one, or a schema of its own.
"""

import shutil
from collections.abc import Iterator, Set
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect, select, text, update

from portal.db import db
from portal.models import Consecutivo, EnlaceCuenta, IngresoPendiente, Labor, Sesion
from portal.operaciones.bitacora import anotar
from portal.operaciones.respaldos.copia import APARTADO, asegurar, contenido_de_archivo, exigir_igual
from portal.operaciones.respaldos.manifiesto import Manifiesto, RespaldoInservible, leer_contenido
from portal.operaciones.respaldos.postgresql_cliente import correr
from portal.operaciones.sellos import SERIE as SERIE_SELLOS

# Both chains are consecutive without gaps: what was lost of them is written again with the same numbers.
_SERIES_DE_CADENAS = ("asiento", SERIE_SELLOS)
# SQLite keeps beside its file what is not in it yet.
_ACOMPANANTES = ("", "-wal", "-shm", "-journal")


def exigir_restaurable(manifiesto: Manifiesto, *, departamento: str, migraciones: Set[str], confirmado: bool) -> None:
    """Raises `RespaldoInservible` when the backup is not for this installation, or would cover something without consent."""
    if manifiesto.motor != db.engine.dialect.name:
        raise RespaldoInservible(
            f"El respaldo es de {manifiesto.motor} y esta instalación usa {db.engine.dialect.name}."
        )
    if manifiesto.departamento != departamento:
        raise RespaldoInservible(
            f"El respaldo es de {manifiesto.departamento} y esta instalación es de {departamento}."
        )
    if manifiesto.contenido.migracion not in migraciones:
        raise RespaldoInservible(
            f"Esta versión del portal no conoce la migración {manifiesto.contenido.migracion}: instale una más nueva."
        )
    if not confirmado and hay_algo():
        raise RespaldoInservible(
            "La base de datos no está vacía. Detenga el portal y repita la orden con --confirmar: lo que hay se aparta."
        )


def hay_algo() -> bool:
    """Whether the place of the database has any table."""
    with db.engine.connect() as conexion:
        hay = bool(inspect(conexion).get_table_names())
    db.engine.dispose()
    return hay


def poner(archivo: Path, manifiesto: Manifiesto, *, ahora: datetime) -> str:
    """Put the copy in its place and compare it with its manifest; where the former was set aside, or an empty text.

    When it cannot be put, or says another thing, everything stays as it was. Raises `RespaldoInservible`.
    """
    marca = f"{APARTADO}_{ahora:%Y%m%d%H%M%S}"
    db.session.remove()
    db.engine.dispose()
    if manifiesto.motor == "sqlite":
        return _poner_archivo(archivo, manifiesto, marca)
    return _poner_en_postgresql(archivo, manifiesto, marca)


def _poner_archivo(archivo: Path, manifiesto: Manifiesto, marca: str) -> str:
    lugar = Path(str(db.engine.url.database))
    nueva = lugar.with_name(f".{lugar.name}.nueva")
    try:
        shutil.copyfile(archivo, nueva)
        nueva.chmod(0o600)
        exigir_igual(manifiesto.contenido, contenido_de_archivo(nueva))
        asegurar(nueva)
        apartada = lugar.with_name(f"{lugar.name}.{marca}")
        hubo = lugar.exists() and lugar.stat().st_size > 0
        for resto in _ACOMPANANTES:
            una = lugar.with_name(lugar.name + resto)
            if hubo and una.exists():
                una.rename(apartada.with_name(apartada.name + resto))
            una.unlink(missing_ok=True)
        nueva.replace(lugar)
        asegurar(lugar.parent)
    finally:
        for resto in _ACOMPANANTES:
            nueva.with_name(nueva.name + resto).unlink(missing_ok=True)
    return str(apartada) if hubo else ""


def _poner_en_postgresql(archivo: Path, manifiesto: Manifiesto, marca: str) -> str:
    with _esquema_libre(marca) as hubo:
        opciones = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        correr("pg_restore", *opciones, str(archivo), base=db.engine.url)
        with db.engine.connect() as conexion:
            exigir_igual(manifiesto.contenido, leer_contenido(conexion))
    return f"el esquema {marca}" if hubo else ""


@contextmanager
def _esquema_libre(marca: str) -> Iterator[bool]:
    """An empty `public`; what it had waits in the schema `marca`, and comes back when the block fails."""
    hubo = hay_algo()
    if hubo:
        _mandar(f"ALTER SCHEMA public RENAME TO {marca}", "CREATE SCHEMA public")
    try:
        yield hubo
    except BaseException:
        db.engine.dispose()
        _mandar(
            "DROP SCHEMA public CASCADE", f"ALTER SCHEMA {marca} RENAME TO public" if hubo else "CREATE SCHEMA public"
        )
        raise


def _mandar(*ordenes: str) -> None:
    with db.engine.begin() as conexion:
        conexion.execute(text("SET LOCAL lock_timeout = '30s'"))
        for orden in ordenes:
            conexion.execute(text(orden))


def concluir(manifiesto: Manifiesto, *, salto: int, ahora: datetime) -> int:
    """What a database that goes back in time needs before it is used; returns how many sessions it ended.

    Nobody's session or one-use link of that day comes back, nor the turn of who was doing a job, the backup itself among
    them. Numbers that may have been told to somebody after the backup are never given to another thing: a paper with a lost
    factura's number must not pay a different one.
    """
    abiertas = update(Sesion).where(Sesion.terminada_en.is_(None)).values(terminada_en=ahora).returning(Sesion.huella)
    terminadas = len(db.session.scalars(abiertas).all())
    for una in (EnlaceCuenta, IngresoPendiente):
        db.session.execute(update(una).where(una.terminado_en.is_(None)).values(terminado_en=ahora))
    db.session.execute(update(Labor).values(tomada_por=None, vence_en=None))
    for serie in db.session.scalars(select(Consecutivo).where(Consecutivo.serie.not_in(_SERIES_DE_CADENAS))):
        serie.siguiente += salto
    anotar(
        "respaldo.restaurar",
        f"respaldo:{manifiesto.sha256[:16]}",
        ahora=ahora,
        usuario_id=None,
        hecho_en=manifiesto.hecho_en,
        asientos=manifiesto.contenido.libro[0],
        salto=salto,
    )
    db.session.flush()
    return terminadas
