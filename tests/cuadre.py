"""Every invariant of money, asked only of what a test wrote: the answer of the rest is known beforehand.

An invariant is a question about rows. On the fresh database each one answers nothing, and what it read for that is noted.
While those tables go on as empty as they were, it would read the same and answer the same, so it is not asked again.
"""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import text

from portal.db import db
from portal.operaciones import normativa
from portal.operaciones.verificacion import INVARIANTES, Invariante
from tests.bases import contando

# The rules' own review is slow and has its tests.
DE_DINERO = tuple(i for i in INVARIANTES if i.quiebres is not normativa.verificar)
_PALABRA = re.compile(r"\w+")
# What each invariant reads of a fresh database, by its place in `DE_DINERO`, when all of it is empty there.
_vacias: dict[int, frozenset[str]] = {}


def aprender() -> None:
    """Note what each invariant reads of the fresh database that is open."""
    if _vacias:
        return
    llenas = con_filas()
    for n, invariante in enumerate(DE_DINERO):
        db.session.rollback()
        with contando() as ordenes:
            assert list(invariante.quiebres()) == [], f"{invariante.codigo} is broken before any test"
        leidas = {palabra for orden in ordenes for palabra in _PALABRA.findall(orden)} & set(db.metadata.tables)
        assert leidas, f"{invariante.codigo} reads nothing"
        if not leidas & llenas:
            _vacias[n] = frozenset(leidas)
    db.session.rollback()
    assert _vacias


def descuadres(invariantes: Iterable[Invariante] = DE_DINERO) -> list[str]:
    """What breaks an invariant of money in the database that is open."""
    db.session.rollback()
    escritas = con_filas()
    return [f"{i.codigo}: {fila}" for i in _en_duda(invariantes, escritas) for fila in i.quiebres()]


def _en_duda(invariantes: Iterable[Invariante], escritas: set[str]) -> Iterator[Invariante]:
    for invariante in invariantes:
        vacias = _vacias.get(DE_DINERO.index(invariante))
        if vacias is None or vacias & escritas:
            yield invariante


def con_filas() -> set[str]:
    """The tables of the open database that have rows; on PostgreSQL also those that ever had one."""
    conexion = db.session.connection()
    if conexion.dialect.name == "postgresql":
        return set(conexion.scalars(_CON_PAGINAS))
    tablas = conexion.scalars(_TABLAS).all()
    preguntas = (f"SELECT '{tabla}' WHERE EXISTS (SELECT 1 FROM {tabla})" for tabla in tablas)
    return set(conexion.scalars(text(" UNION ALL ".join(preguntas))))


_TABLAS = text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
# A table that was never written to has no pages: its size is known without opening it.
_CON_PAGINAS = text(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
)
