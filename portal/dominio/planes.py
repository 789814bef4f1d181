"""What publishing a draft does to the dated rows of one kind, as data: the same plan is shown, simulated and carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Fila = Mapping[str, Any]
# A live row is known by its code and its first day.
Clave = tuple[str, date]


@dataclass(frozen=True)
class Plan:
    """Rows that begin, rows whose last day changes (`None`: no last day) and rows that stop existing.

    `clase` is the kind of row: `tarifa` or `valor_indicador`.
    """

    clase: str
    nuevas: tuple[Fila, ...] = ()
    finales: Mapping[Clave, date | None] = field(default_factory=dict)
    quitadas: frozenset[Clave] = frozenset()

    def sobre(self, filas: Sequence[Fila]) -> list[Fila]:
        """The rows as they would be."""
        quedan = [fila for fila in filas if clave(fila) not in self.quitadas]
        cambiadas = [{**f, "hasta": self.finales[clave(f)]} if clave(f) in self.finales else f for f in quedan]
        return [*cambiadas, *self.nuevas]


def clave(fila: Fila) -> Clave:
    """Code and first day of a row."""
    return fila["codigo"], fila["desde"]
