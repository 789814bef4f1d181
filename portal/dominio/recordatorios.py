"""Which reminder of a due date corresponds to a day, from the days that the department's data give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.dominio.plazos import Vencimiento

# A reminder that nobody sent on its day is still worth sending this many days later, unless another one has come.
_TARDE = 2


@dataclass(frozen=True)
class Recordatorios:
    """Days before and after a due date on which whoever has not reported is reminded, and whether on the day itself."""

    antes: tuple[int, ...]
    el_dia: bool
    despues: tuple[int, ...]


def leer_recordatorios(crudo: Mapping[str, Any]) -> Recordatorios:
    """The `[recordatorios]` of the department's data. Raises `KeyError`, or `ValueError` for a number of days below one."""
    leidos = Recordatorios(tuple(crudo["antes"]), crudo["el_dia"], tuple(crudo["despues"]))
    if any(dias < 1 for dias in (*leidos.antes, *leidos.despues)):
        raise ValueError("Los días de un recordatorio se cuentan desde uno.")
    return leidos


def recordatorio_de(hoy: date, vencimiento: Vencimiento, avisos: Recordatorios, *, presentada: bool) -> str | None:
    """The reminder of a day: `antes-5`, `el-dia`, `despues-10`; None when none corresponds.

    The same one corresponds to its day and to the two after it, so that a day on which nothing ran loses none: whoever sends it
    sends each once. What was presented needs none, and while an outage moves the date every day nobody is hurried.
    """
    if presentada or vencimiento.se_extiende:
        return None
    pasados = (hoy - vencimiento.dia).days
    if pasados < 0:
        marcas = {-dias: f"antes-{dias}" for dias in avisos.antes}
    elif pasados == 0:
        marcas = {0: "el-dia"} if avisos.el_dia else {}
    else:
        marcas = {dias: f"despues-{dias}" for dias in avisos.despues}
    vigentes = [marca for marca in marcas if 0 <= pasados - marca <= _TARDE]
    return marcas[max(vigentes)] if vigentes else None


def cuanto_falta(hoy: date, vence: date) -> str:
    """How far a due date is, as the subject of a notice begins: `Faltan 5 días`, `Vence hoy`, `Vencida hace 1 día`.

    >>> cuanto_falta(date(2025, 5, 11), date(2025, 5, 12))
    'Falta 1 día'
    """
    dias = abs((vence - hoy).days)
    if dias == 0:
        return "Vence hoy"
    cuantos = f"{dias} {'día' if dias == 1 else 'días'}"
    if hoy > vence:
        return f"Vencida hace {cuantos}"
    return f"{'Falta' if dias == 1 else 'Faltan'} {cuantos}"
