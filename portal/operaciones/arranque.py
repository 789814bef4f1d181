"""What a portal needs of its database and its machine before it serves anybody. Reads only.

Each check answers with one Spanish sentence about what is wrong and how to mend it, or with nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from ctypes import CDLL
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import sqlite_version_info

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from portal.db import SQLITE_CON_WAL_SANO, db
from portal.dominio.calendario import BOGOTA
from portal.dominio.errores import NoExiste
from portal.models import Usuario
from portal.operaciones import normativa
from portal.operaciones.esquema import Esquema, esquema_de

RELOJ = timedelta(seconds=30)
_DOMINIO_DEMO = "%@demo.portal.test"
# What WeasyPrint looks for, by its names on Linux and on macOS.
_BIBLIOTECAS = (
    ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
)
# The append-only tables are those whose trigger refuses a change.
_TABLAS_SELLADAS = text(
    "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgname LIKE '%\\_no\\_cambia' ORDER BY 1"
)
_PERMISOS = text(
    "SELECT has_table_privilege(current_user, CAST(:tabla AS regclass), 'UPDATE') "
    "OR has_table_privilege(current_user, CAST(:tabla AS regclass), 'DELETE') "
    "OR has_table_privilege(current_user, CAST(:tabla AS regclass), 'TRUNCATE')"
)


@dataclass(frozen=True)
class Comprobacion:
    """One check: its name for people, what is wrong (empty when nothing is), and whether that forbids to serve."""

    nombre: str
    falta: str
    impide: bool = True


def base_de_datos_lista(carpeta: Path, *, esquema_posterior: bool = False) -> str:
    """Whether its tables are those of this code. `carpeta` is that of the migrations."""
    esquema = esquema_de(carpeta)
    if esquema is Esquema.ATRASADO:
        return "A la base de datos le faltan migraciones; ejecute «flask db upgrade»."
    if esquema is Esquema.AL_DIA or esquema_posterior:
        return ""
    return (
        "La base de datos es de una versión posterior del portal; instale esa versión, "
        "o use PORTAL_ESQUEMA_POSTERIOR=si mientras renueva las máquinas."
    )


def reloj_en_hora(ahora: datetime) -> str:
    """Whether this machine and the database server agree on the time; on SQLite they are the same machine."""
    if _motor() != "postgresql":
        return ""
    servidor: datetime = db.session.scalar(text("SELECT clock_timestamp()"))
    diferencia = abs(ahora - servidor.astimezone(UTC))
    if diferencia <= RELOJ:
        return ""
    segundos = round(diferencia.total_seconds())
    return f"El reloj de esta máquina y el de la base de datos difieren en {segundos} segundos; ponga en hora las dos."


def diario_sano() -> str:
    """Whether SQLite keeps its journal in the way that this release can be trusted with, and checks what tables refer to."""
    if _motor() != "sqlite":
        return ""
    if db.session.scalar(text("PRAGMA journal_mode")) == "wal" and sqlite_version_info < SQLITE_CON_WAL_SANO:
        return (
            "DATABASE_URL usa WAL con un SQLite anterior al 3.51.3, que puede dañarla; ciérrela en los demás programas."
        )
    return (
        ""
        if db.session.scalar(text("PRAGMA foreign_keys"))
        else "DATABASE_URL: SQLite no está revisando las llaves foráneas."
    )


def guarda_lo_confirmado() -> str:
    """Whether a PostgreSQL server keeps what it said to have kept, in UTF-8."""
    if _motor() != "postgresql":
        return ""
    for nombre in ("fsync", "full_page_writes", "synchronous_commit"):
        if db.session.scalar(text("SELECT current_setting(:nombre)"), {"nombre": nombre}) == "off":
            return f"El servidor de DATABASE_URL tiene {nombre}=off: un apagón perdería pagos ya confirmados; póngalo en on."
    codificacion = db.session.scalar(text("SELECT current_setting('server_encoding')"))
    return (
        "" if codificacion == "UTF8" else "La base de datos de DATABASE_URL no guarda UTF8; créela con ENCODING 'UTF8'."
    )


def cuenta_sin_poder_de_mas() -> str:
    """Whether the account of the database can only do what pages do (a command migrates with another account)."""
    if _motor() != "postgresql":
        return ""
    rol = db.session.execute(
        text(
            "SELECT rolsuper, rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        )
    ).one()
    if any(rol):
        return "La cuenta de DATABASE_URL administra el servidor de bases de datos; use una que solo lea y escriba sus tablas."
    if db.session.scalar(text("SELECT has_schema_privilege(current_user, current_schema(), 'CREATE')")):
        return "La cuenta de DATABASE_URL puede crear y cambiar tablas; quítele CREATE y migre con otra cuenta."
    for tabla in db.session.scalars(_TABLAS_SELLADAS).all():
        if db.session.scalar(_PERMISOS, {"tabla": tabla}):
            return f"La cuenta de DATABASE_URL puede cambiar o borrar filas de «{tabla}»; quítele UPDATE, DELETE y TRUNCATE."
    return ""


def libro_protegido() -> str:
    """Whether the database itself refuses to change the ledger."""
    consulta = {
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname = 'asiento_no_cambia' AND tgenabled <> 'D'",
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'asiento_no_%'",
    }[_motor()]
    if db.session.scalar(text(consulta)):
        return ""
    return (
        "A la base de datos le faltan los disparadores que protegen el libro; restáurela completa o vuelva a migrarla."
    )


def sin_cuentas_de_demostracion() -> str:
    """Whether nobody can come in with the password of a demonstration."""
    alguna = db.session.scalar(select(Usuario.id).where(Usuario.correo.like(_DOMINIO_DEMO), Usuario.activo).limit(1))
    return (
        ""
        if alguna is None
        else "La base de datos tiene activas cuentas de la demostración (@demo.portal.test); desactívelas."
    )


def normas_cargadas(departamento: str) -> str:
    """Whether there are rules to assess with."""
    try:
        normativa.normativa_de(departamento)
    except NoExiste as error:
        return error.mensaje
    return ""


def valores_del_ano(departamento: str, hoy: datetime) -> str:
    """Whether the yearly values that the rules use are published for today."""
    if normas_cargadas(departamento):
        return ""
    faltan = normativa.indicadores_sin_valor(departamento, hoy.astimezone(BOGOTA).date())
    return f"Faltan valores de este año: {', '.join(faltan)}." if faltan else ""


def hora_de_colombia() -> str:
    """Whether the data of time zones are here and right."""
    medio_dia = datetime(2025, 6, 15, 17, tzinfo=UTC).astimezone(BOGOTA)
    return (
        ""
        if medio_dia.hour == 12
        else "Los datos de zonas horarias de esta máquina dan mal la hora de Colombia; instale tzdata."
    )


def bibliotecas_de_la_imprenta() -> str:
    """Whether what lays out documents is installed."""
    faltan = [nombres[0] for nombres in _BIBLIOTECAS if not any(_abre(nombre) for nombre in nombres)]
    return f"Falta {', '.join(faltan)}, con que se hacen los PDF; instale Pango y HarfBuzz." if faltan else ""


def archivos_de_las_paginas(carpeta: Path) -> str:
    """Whether the sheets and programs of the pages are in `carpeta`."""
    if any(carpeta.glob("*.css")) and any(carpeta.glob("**/htmx*.js")) and any(carpeta.glob("fuentes/*.ttf")):
        return ""
    return f"Faltan archivos de las páginas en {carpeta}; instale el portal completo."


def comprobar(comprobaciones: Iterable[tuple[str, Callable[[], str], bool]]) -> Sequence[Comprobacion]:
    """Run each (name, check, whether it forbids to serve).

    A database that does not answer is no wrong setting: it may be back soon, and pages say so meanwhile.
    """
    hechas = []
    for nombre, revisar, impide in comprobaciones:
        try:
            hechas.append(Comprobacion(nombre, revisar(), impide))
        except OperationalError:
            db.session.rollback()
            hechas.append(Comprobacion(nombre, "La base de datos de DATABASE_URL no responde.", impide=False))
    db.session.rollback()
    return hechas


def _motor() -> str:
    return db.engine.dialect.name


def _abre(nombre: str) -> bool:
    try:
        CDLL(nombre)
    except OSError:
        return False
    return True
