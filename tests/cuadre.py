"""Every invariant of money, asked only of what a test wrote: the answer of the rest is known beforehand.

An invariant is a question about rows. On the fresh database each one answers nothing, and what it read for that is noted.
While those tables go on as empty as they were, it would read the same and answer the same, so it is not asked again.
"""

import re
from collections.abc import Callable, Iterable

from sqlalchemy import text

from portal.db import db
from portal.operaciones import normativa
from portal.operaciones.verificacion import INVARIANTES, Invariante
from tests.bases import contando

# The rules' own review is slow and has its tests.
DE_DINERO = tuple(i for i in INVARIANTES if i.quiebres is not normativa.verificar)
_PALABRA = re.compile(r"\w+")
# The tables that each question reads of a fresh database, when all of them are empty there.
_vacias: dict[Callable[[], Iterable[str]], frozenset[str]] = {}


def aprender() -> None:
    """Note what each invariant reads of the fresh database that is open."""
    if _vacias:
        return
    llenas = con_filas()
    for invariante in DE_DINERO:
        db.session.rollback()
        with contando() as ordenes:
            assert list(invariante.quiebres()) == [], f"{invariante.codigo} is broken before any test"
        leidas = {palabra for orden in ordenes for palabra in _PALABRA.findall(orden)} & set(db.metadata.tables)
        assert leidas, f"{invariante.codigo} reads nothing"
        if not leidas & llenas:
            _vacias[invariante.quiebres] = frozenset(leidas)
    db.session.rollback()
    assert _vacias


def descuadres() -> list[str]:
    """What breaks an invariant of money in the database that is open."""
    return [f"{invariante.codigo}: {fila}" for invariante in en_duda(DE_DINERO) for fila in invariante.quiebres()]


def en_duda(invariantes: Iterable[Invariante]) -> list[Invariante]:
    """Those of them whose answer what was written may have changed; all of them while nothing was learnt."""
    db.session.rollback()
    escritas = con_filas()
    return [i for i in invariantes if i.quiebres not in _vacias or _vacias[i.quiebres] & escritas]


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
