"""PostgreSQL's database of tests, as new again without being made again: its connections stay, and what they learnt of it.

What was written to is emptied, and looks as never written to; what the template has and a test changed gets the template's
rows back. Whatever else is different (a schema, rules of more than a page, somebody still connected) asks for a new copy.
"""

from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from tests.bases import base_de, rehacer_postgresql

NOMBRE = "prueba"
_PAGINA = 8192
# Every change of a schema writes a row of the catalogue: another number of them, or one by a later transaction, tells it.
_ESQUEMA = " UNION ALL ".join(
    f"SELECT '{catalogo}', count(*), max(xmin::text::bigint) FROM {catalogo} WHERE {cuales}"
    for catalogo, cuales in {
        "pg_class": "relnamespace = 'public'::regnamespace",
        "pg_attribute": "attrelid >= 16384",
        "pg_attrdef": "true",
        "pg_constraint": "connamespace = 'public'::regnamespace",
        "pg_index": "indexrelid >= 16384",
        "pg_trigger": "true",
        "pg_proc": "pronamespace = 'public'::regnamespace",
        "pg_namespace": "true",
        # Those that reach this database and who tries in it: the roles that another test makes are of the whole server.
        "pg_db_role_setting": "setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
        " AND setrole IN (0, current_user::regrole)",
    }.items()
)
# A table that was never written to, or that was emptied and vacuumed, has no pages.
_CON_PAGINAS = """SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"""
_SECUENCIAS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
_TRABAJANDO = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' AND state <> 'idle'"""


@dataclass
class ComoNueva:
    """The database of tests of one server. `dar` it to each test; `limpiar` after those that can leave it as it was."""

    servidor: str
    plantilla: str
    _limpia: bool = False
    # Whose connections to it are still open.
    _de: Engine | None = None
    # What the template is like: its schema, its tables with rows and how many bytes they take, their rows, its sequences.
    _esquema: list[Any] = field(default_factory=list)
    _bytes: dict[str, int] = field(default_factory=dict)
    _filas: dict[str, list[bytes]] = field(default_factory=dict)
    _secuencias: dict[str, int | None] = field(default_factory=dict)
    # The last transaction that wrote each of those tables, in the template and in the database of tests.
    _escritas: dict[str, Any] = field(default_factory=dict)
    _ahora: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        directa = base_de(self.servidor, self.plantilla).replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(directa, autocommit=True) as conexion:
            self._esquema = conexion.execute(_ESQUEMA).fetchall()
            self._bytes = dict(conexion.execute(_CON_PAGINAS).fetchall())
            self._secuencias = dict(conexion.execute(_SECUENCIAS).fetchall())
            self._escritas = self._escrituras(conexion)
            for tabla in self._bytes:
                with conexion.cursor().copy(f"COPY {tabla} TO STDOUT") as copia:
                    self._filas[tabla] = [bytes(fila) for fila in copia]

    def dar(self) -> str:
        """The address of the database, equal to the template."""
        if not self._limpia:
            self.enfriar()
            self._ahora = dict(self._escritas)
            rehacer_postgresql(self.servidor, self.plantilla, NOMBRE)
        self._limpia = False
        return base_de(self.servidor, NOMBRE)

    def enfriar(self, salvo: Engine | None = None) -> None:
        """Close the connections that stayed, unless they are of `salvo`."""
        if self._de is not None and self._de is not salvo:
            self._de.dispose()
            self._de = None

    def limpiar(self, motor: Engine) -> bool:
        """Whether the database could be made equal to the template; its connections stay open then, for the next test."""
        if motor.url.database != NOMBRE or motor.pool.checkedout():
            return False
        try:
            prestada = motor.raw_connection()
        except DBAPIError:
            return False
        try:
            self._limpia = self._vaciar(prestada.driver_connection)
        except psycopg.Error:
            prestada.invalidate()
        finally:
            prestada.close()
        self._de = motor if self._limpia else None
        return self._limpia

    def _vaciar(self, conexion: Any) -> bool:
        conexion.rollback()
        conexion.autocommit = True
        try:
            cambiadas = self._cambiadas(conexion)
            if cambiadas is None:
                return False
            self._borrar(conexion, cambiadas)
            return True
        finally:
            conexion.autocommit = False

    def _cambiadas(self, conexion: Any) -> list[str] | None:
        """The tables to put back, or None when that would not be enough."""
        if conexion.execute(_TRABAJANDO).fetchone() != (0,) or conexion.execute(_ESQUEMA).fetchall() != self._esquema:
            return None
        llenas = dict(conexion.execute(_CON_PAGINAS).fetchall())
        escrituras = self._escrituras(conexion)
        propias = [tabla for tabla in self._bytes if escrituras[tabla] != self._ahora[tabla]]
        if any(self._bytes[tabla] > _PAGINA for tabla in propias):
            return None
        return [*propias, *(llenas.keys() - self._bytes.keys())]

    def _borrar(self, conexion: Any, tablas: list[str]) -> None:
        with conexion.transaction():
            # Without triggers and foreign keys: every table that was written to is put back.
            conexion.execute(
                "SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '1s'", prepare=False
            )
            if tablas:
                conexion.execute("; ".join(f"DELETE FROM {tabla}" for tabla in tablas), prepare=False)
            for tabla in self._filas.keys() & set(tablas):
                with conexion.cursor().copy(f"COPY {tabla} FROM STDIN") as copia:
                    for fila in self._filas[tabla]:
                        copia.write(fila)
            for nombre, ultimo in dict(conexion.execute(_SECUENCIAS).fetchall()).items():
                antes = self._secuencias[nombre]
                if ultimo != antes:
                    conexion.execute(f"SELECT setval('{nombre}', {antes or 1}, {antes is not None})", prepare=False)
        if tablas:
            conexion.execute(f"VACUUM {', '.join(tablas)}", prepare=False)
        self._ahora = self._escrituras(conexion)

    def _escrituras(self, conexion: Any) -> dict[str, Any]:
        if not self._bytes:
            return {}
        preguntas = (f"SELECT '{t}', count(*) || ' ' || max(xmin::text::bigint) FROM {t}" for t in self._bytes)
        return dict(conexion.execute(" UNION ALL ".join(preguntas)).fetchall())
