"""Long lists by pages, as staff read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from portal.db import db

# The rows of a page that an account may choose, and those of one that never chose.
TAMANOS = (10, 25, 50, 100)
POR_PAGINA = 25
# A spreadsheet that somebody can still read; more is a report's work.
MAXIMO_EXPORTADO = 5000

Fila = TypeVar("Fila")


@dataclass(frozen=True)
class Pagina(Generic[Fila]):
    """Some rows of a list; `total` counts all of them, `registros` is how many fit in a page."""

    filas: Sequence[Fila]
    total: int
    numero: int
    registros: int = POR_PAGINA

    @property
    def paginas(self) -> int:
        return paginas_de(self.total, self.registros)


def paginar(consulta: Select[Any], pagina: int, registros: int = POR_PAGINA) -> Pagina[Any]:
    """The rows of a page of a query that has its order; beyond the last page, the last."""
    total = contar(consulta)
    numero = min(max(pagina, 1), paginas_de(total, registros))
    filas = db.session.scalars(consulta.limit(registros).offset((numero - 1) * registros))
    return Pagina(filas.all(), total, numero, registros)


def contar(consulta: Select[Any]) -> int:
    """How many rows a query has."""
    return db.session.scalar(select(func.count()).select_from(consulta.order_by(None).subquery())) or 0


def contar_desde(consulta: Select[Any], columna: str) -> tuple[int, Any]:
    """How many rows a query of one entity has, and the least value of one of its columns; None when there is none."""
    filas = consulta.order_by(None).subquery()
    cuantas, menor = db.session.execute(select(func.count(), func.min(filas.c[columna]))).one()
    return cuantas, menor


def paginas_de(total: int, registros: int) -> int:
    """How many pages some rows fill; an empty list is one page."""
    return max(1, -(-total // registros))
