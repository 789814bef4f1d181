"""The database: base class, money and time column types, transactions, and what each engine needs to be trusted with money."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from time import monotonic
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    CursorResult,
    DateTime,
    Delete,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    Table,
    Update,
    event,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import String, TypeDecorator

from portal.dominio.dinero import MAXIMO_PESOS

CONVENCION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite releases before this one may corrupt a WAL when several connections checkpoint (fixed in 3.51.3);
# they get the rollback journal.
SQLITE_CON_WAL_SANO = (3, 51, 3)


# SQLite gives an automatic key only to INTEGER; PostgreSQL needs BIGINT to hold the same range.
Entero = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Every table, with named constraints so that migrations and errors can name them."""

    registry = registry(metadata=MetaData(naming_convention=CONVENCION), type_annotation_map={int: Entero})


db = SQLAlchemy(model_class=Base)


def tabla(clase: type[Base]) -> Table:
    """The table of a class, for statements that make no objects: they cost half as much, and write nothing that waits."""
    return clase.metadata.tables[clase.__tablename__]


class Pesos(TypeDecorator[Decimal]):
    """Money: `Decimal` pesos (at most two decimals) in Python, an integer number of centavos in the database.

    Refuses float, NaN, fractions of a centavo and anything beyond 10**15 pesos with `ValueError`.
    """

    impl = Entero
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise ValueError(f"money must be Decimal or int, not {type(value).__name__}")
        centavos = Decimal(value) * 100
        if not centavos.is_finite() or centavos != centavos.to_integral_value() or abs(centavos) > MAXIMO_PESOS * 100:
            raise ValueError("money must be a whole number of centavos within 10**15 pesos")
        return int(centavos)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


class Instante(TypeDecorator[datetime]):
    """An instant: aware UTC `datetime` in Python on both engines. Naive values are refused with `ValueError`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_texto(enumeracion: type[StrEnum]) -> Enum:
    """Column type that stores the *value* of a `StrEnum` as text, with its CHECK."""
    return Enum(
        enumeracion,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda clase: [miembro.value for miembro in clase],
        name=enumeracion.__name__.lower(),
    )


class mes_en_bogota(FunctionElement[str]):
    """The Colombian month of an instant, in SQL: `2026-11`. Colombia has kept UTC-5 since before any row of the portal."""

    type = String()
    inherit_cache = True


@compiles(mes_en_bogota, "sqlite")
def _mes_en_sqlite(elemento: Any, compilador: Any, **opciones: Any) -> str:
    return f"strftime('%Y-%m', {compilador.process(elemento.clauses, **opciones)}, '-5 hours')"


@compiles(mes_en_bogota, "postgresql")
def _mes_en_postgresql(elemento: Any, compilador: Any, **opciones: Any) -> str:
    return f"to_char(({compilador.process(elemento.clauses, **opciones)}) AT TIME ZONE 'America/Bogota', 'YYYY-MM')"


_DEVUELTA = "devuelta"
_SIN_SALUDAR_SEGUNDOS = 1
_escribiendo: ContextVar[bool] = ContextVar("escribiendo", default=False)
_ESPERA_SQLITE_SEGUNDOS = 5
# Threads that wait for SQLite's lock look at it from time to time and in no order, so that one may never find it free. Within
# a process they wait for each other instead; whoever gets no turn asks the database, which is the one that decides.
_TURNO = threading.Lock()


@contextmanager
def transaccion() -> Iterator[None]:
    """Commit what the block did, or roll everything back. Only the edge (view or command) opens one.

    It starts afresh: what was read before is read again, so that checking and acting see one state; on SQLite the write
    lock is taken at once, because a lock taken after reading is refused under contention. Not nestable.
    """
    if _escribiendo.get():
        raise RuntimeError("transaccion() inside transaccion(): the inner commit would split one business act in two")
    db.session.rollback()
    marca = _escribiendo.set(True)
    mio = db.engine.dialect.name == "sqlite" and _TURNO.acquire(timeout=_ESPERA_SQLITE_SEGUNDOS)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        if mio:
            _TURNO.release()
        _escribiendo.reset(marca)


def ejecutar(orden: Update | Delete) -> int:
    """Run a conditional UPDATE or a DELETE and return how many rows it touched: the database's answer to "was it me?"."""
    return cast(CursorResult, db.session.execute(orden)).rowcount


def foto() -> None:
    """Begin a reading that sees one instant until `fuera_de_transaccion`, whatever others commit meanwhile.

    SQLite always reads so; PostgreSQL only when asked. Raises `RuntimeError` inside `transaccion()`.
    """
    fuera_de_transaccion()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def fuera_de_transaccion() -> None:
    """End the reading that is open before waiting for another system, so that no lock or connection waits with it.

    Raises `RuntimeError` inside `transaccion()`: no network call is made while writing.
    """
    if _escribiendo.get():
        raise RuntimeError("a network call inside transaccion() would hold its locks")
    soltar_lectura()


def soltar_lectura() -> None:
    """End the reading that is open before a wait inside this machine, such as the press's; nothing while writing, where what
    was read must stand. An open reading keeps a connection and, on SQLite, every commit waiting."""
    # To roll back what was never begun would make a session for it.
    if not _escribiendo.get() and db.session.registry.has():
        db.session.rollback()


@event.listens_for(Session, "before_flush")
def _escribir_solo_en_transaccion(_sesion: Session, _contexto: Any, _objetos: Any) -> None:
    if not _escribiendo.get():
        raise RuntimeError("writes happen inside `with transaccion():`")


@event.listens_for(Engine, "connect")
def _preparar_sqlite(conexion: Any, _registro: Any) -> None:
    if not isinstance(conexion, sqlite3.Connection):
        return
    # Transactions are begun by `_empezar`: the driver's own deferred BEGIN loses updates under contention.
    conexion.isolation_level = None
    wal = sqlite3.sqlite_version_info >= SQLITE_CON_WAL_SANO
    for pragma in (
        f"busy_timeout={_ESPERA_SQLITE_SEGUNDOS * 1000}",
        f"journal_mode={'WAL' if wal else 'DELETE'}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
    ):
        conexion.execute(f"PRAGMA {pragma}")


@event.listens_for(Pool, "checkin")
def _anotar_vuelta(_conexion: Any, registro: ConnectionPoolEntry) -> None:
    registro.info[_DEVUELTA] = monotonic()


@event.listens_for(Pool, "checkout")
def _saludar(conexion: Any, registro: ConnectionPoolEntry, _prestada: Any) -> None:
    """Ask a server whether it is still there, on a connection that nobody used for a moment: asking each time would double the
    questions of a page. Whoever finds it gone leaves the other old connections behind too."""
    reciente = monotonic() - registro.info.get(_DEVUELTA, monotonic()) < _SIN_SALUDAR_SEGUNDOS
    if reciente or isinstance(conexion, sqlite3.Connection):
        return
    try:
        conexion.cursor().execute("SELECT 1")
        conexion.rollback()
    except Exception as error:
        raise InvalidatePoolError from error


@event.listens_for(Engine, "begin")
def _empezar(conexion: Connection) -> None:
    if conexion.dialect.name != "sqlite":
        return
    if _escribiendo.get():
        conexion.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # It takes no lock and cannot fail: nothing needs to be told of its errors.
        cast(sqlite3.Connection, conexion.connection.dbapi_connection).execute("BEGIN")
