"""When the return of a month falls due: the department's term and the calendar, read once for many agents and months."""

from collections.abc import Callable
from datetime import date
from functools import cache

from portal.dominio.plazos import Vencimiento, vencimiento
from portal.operaciones.agentes.registro import reglas_de
from portal.operaciones.calendario import calendario_de

# Of a month (its first day), when it falls due and why; None where no norm gives a term.
Plazos = Callable[[date], Vencimiento | None]


def plazos_de(departamento: str, hoy: date) -> Plazos:
    """The due dates of a department as they are known on the Colombian day `hoy`. Raises as `vencimiento` when it is asked."""
    plazo = reglas_de(departamento).plazo
    if plazo is None:
        return lambda _mes: None
    calendario = calendario_de(hoy)
    return cache(lambda mes: vencimiento(mes, plazo, calendario))
