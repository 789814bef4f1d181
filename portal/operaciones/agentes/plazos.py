"""When the return of a month falls due."""

from collections.abc import Callable
from datetime import date
from typing import Protocol


class Vencimiento(Protocol):
    """A due date."""

    @property
    def dia(self) -> date: ...


# Of a month (its first day), when it falls due; None where no norm gives a term.
Plazos = Callable[[date], Vencimiento | None]


def plazos_de(departamento: str, hoy: date) -> Plazos:
    """The due dates of a department as they are known on the Colombian day `hoy`."""
    return lambda _mes: None
