"""Long lists by pages, as staff read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from portal.db import db

# What an account that never chose sees.
POR_PAGINA = 25
# A spreadsheet that somebody can still read; more is a report's work.
MAXIMO_EXPORTADO = 5000

Fila = TypeVar("Fila")


@dataclass(frozen=True)
class Pagina(Generic[Fila]):
    """Some rows of a list; `total` counts all of them."""

    filas: Sequence[Fila]
    total: int
    numero: int

    @property
    def paginas(self) -> int:
        return _paginas(self.total)


def paginar(consulta: Select[Any], pagina: int) -> Pagina[Any]:
    """The rows of a page of a query that has its order; beyond the last page, the last."""
    total = contar(consulta)
    numero = min(max(pagina, 1), _paginas(total))
    filas = db.session.scalars(consulta.limit(POR_PAGINA).offset((numero - 1) * POR_PAGINA))
    return Pagina(filas.all(), total, numero)


def contar(consulta: Select[Any]) -> int:
    """How many rows a query has."""
    return db.session.scalar(select(func.count()).select_from(consulta.order_by(None).subquery())) or 0


def contar_desde(consulta: Select[Any], columna: str) -> tuple[int, Any]:
    """How many rows a query of one entity has, and the least value of one of its columns; None when there is none."""
    filas = consulta.order_by(None).subquery()
    cuantas, menor = db.session.execute(select(func.count(), func.min(filas.c[columna]))).one()
    return cuantas, menor


def _paginas(total: int) -> int:
    return max(1, -(-total // POR_PAGINA))
