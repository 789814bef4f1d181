"""The first invariant of money (I-01): every amount is whole centavos within what an amount may be."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import CompoundSelect, String, cast, func, literal, or_, select, type_coerce, union_all

from portal.db import Base, Entero, Pesos, db
from portal.dominio.dinero import MAXIMO_PESOS

# Signs are each table's own business, by its CHECKs: the ledger of a contract has negative lines.
_MAXIMO_CENTAVOS = int(MAXIMO_PESOS) * 100


def importes() -> Iterator[str]:
    """Amounts, of any table, that are not whole centavos or pass 10¹⁵ pesos."""
    for tabla, cual, columna in db.session.execute(_importes_que_no_son(db.engine.dialect.name)):
        yield f"{tabla} {cual}: la columna {columna} no es un valor en pesos"


@cache
def _importes_que_no_son(dialecto: str) -> CompoundSelect:
    """One question about every amount of every table, made once: there are many, and each would be a journey."""
    preguntas = []
    for tabla in Base.metadata.sorted_tables:
        for columna in (c for c in tabla.columns if isinstance(c.type, Pesos)):
            crudo = type_coerce(columna, Entero)
            mal = or_(crudo < -_MAXIMO_CENTAVOS, crudo > _MAXIMO_CENTAVOS)
            if dialecto == "sqlite":
                # SQLite keeps whatever it is given: text or a fraction in an amount is found by its type.
                mal = or_(mal, func.typeof(columna).not_in(("integer", "null")))
            clave = cast(next(iter(tabla.primary_key.columns)), String)
            preguntas.append(select(literal(tabla.name), clave, literal(columna.name)).where(mal))
    return union_all(*preguntas)
