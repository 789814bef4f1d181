"""Which days are working days in Colombia: holidays from dated rules, days that administrators declare, outages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from portal.dominio.errores import NormaNoVigente

DIAS_DE_LA_SEMANA = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_LUNES, _SABADO, _DOMINGO = 0, 5, 6
UN_DIA = timedelta(days=1)


class ReglaFestivo(StrEnum):
    """How a holiday's day follows from the year."""

    FIJO = "fijo"
    TRASLADABLE = "trasladable"
    PASCUA = "pascua"


@dataclass(frozen=True)
class Festivo:
    """One holiday of the law, which rules from the year `desde` to `hasta`. `dias` are from Easter Sunday."""

    nombre: str
    regla: ReglaFestivo
    desde: int
    norma: str
    hasta: int | None = None
    mes: int = 1
    dia: int = 1
    dias: int = 0

    def rige_en(self, ano: int) -> bool:
        """Whether it is a holiday that year."""
        return self.desde <= ano and (self.hasta is None or ano <= self.hasta)

    def dia_en(self, ano: int) -> date:
        """The day on which it is kept, moved to Monday where its rule says so (Ley 51 de 1983).

        >>> Festivo("Todos los Santos", ReglaFestivo.TRASLADABLE, 1984, "", mes=11, dia=1).dia_en(2025)
        datetime.date(2025, 11, 3)
        """
        if self.regla is ReglaFestivo.PASCUA:
            return domingo_de_pascua(ano) + timedelta(days=self.dias)
        fijo = date(ano, self.mes, self.dia)
        if self.regla is ReglaFestivo.FIJO:
            return fijo
        return fijo + timedelta(days=(_LUNES - fijo.weekday()) % 7)


@dataclass(frozen=True)
class Contingencia:
    """Days, both included, on which the portal was out of service; while it still is, `fin` is None. `motivo` is public."""

    inicio: date
    fin: date | None
    motivo: str


@dataclass(frozen=True)
class Calendario:
    """What decides whether a day is a working one, as it is known on the day `hoy`.

    `extraordinarios` are days that administrators declared non-working, with their reason; `contingencias` move due dates.
    """

    reglas: tuple[Festivo, ...]
    hoy: date
    sabado_habil: bool = False
    extraordinarios: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    contingencias: tuple[Contingencia, ...] = ()


def leer_festivo(cruda: Mapping[str, Any]) -> Festivo:
    """A row of the data file. Raises `KeyError` or `ValueError` for one that says too little or something impossible."""
    regla = ReglaFestivo(cruda["regla"])
    cuando = ("dias",) if regla is ReglaFestivo.PASCUA else ("mes", "dia")
    sobran = set(cruda) - {"nombre", "regla", "desde", "hasta", "norma", *cuando}
    if sobran:
        raise ValueError(f"{cruda['nombre']}: {', '.join(sorted(sobran))}")
    leido = Festivo(
        nombre=cruda["nombre"],
        regla=regla,
        desde=cruda["desde"],
        norma=cruda["norma"],
        hasta=cruda.get("hasta"),
        **{clave: cruda[clave] for clave in cuando},
    )
    leido.dia_en(leido.desde)
    return leido


def domingo_de_pascua(ano: int) -> date:
    """Easter Sunday of a Gregorian year, by the anonymous algorithm (Nature, 1876; Meeus, Butcher). Arithmetic, not law.

    >>> domingo_de_pascua(2025)
    datetime.date(2025, 4, 20)
    """
    siglo, del_siglo = divmod(ano, 100)
    aureo = ano % 19
    salto = (siglo - (siglo + 8) // 25 + 1) // 3
    epacta = (19 * aureo + siglo - siglo // 4 - salto + 15) % 30
    hasta_domingo = (32 + 2 * (siglo % 4) + 2 * (del_siglo // 4) - epacta - del_siglo % 4) % 7
    correccion = (aureo + 11 * epacta + 22 * hasta_domingo) // 451
    mes, dia = divmod(epacta + hasta_domingo - 7 * correccion + 114, 31)
    return date(ano, mes, dia + 1)


def festivos(ano: int, reglas: tuple[Festivo, ...]) -> Mapping[date, tuple[Festivo, ...]]:
    """The holidays of a year in order of their day; two may fall on one day (30 June 2025).

    Raises `NormaNoVigente` for a year that no rule speaks of: a day without rules is not a working day, it is unknown.
    """
    vigentes = [regla for regla in reglas if regla.rige_en(ano)]
    if not vigentes:
        raise NormaNoVigente(f"No hay festivos publicados para el año {ano}.")
    dias: dict[date, tuple[Festivo, ...]] = {}
    for dia, regla in sorted(((regla.dia_en(ano), regla) for regla in vigentes), key=lambda par: par[0]):
        dias[dia] = (*dias.get(dia, ()), regla)
    return MappingProxyType(dias)


def por_que_no_es_habil(dia: date, calendario: Calendario) -> str:
    """Why a day is not a working one, in a few Spanish words; empty when it is. Raises as `festivos`."""
    del_dia = festivos(dia.year, calendario.reglas).get(dia, ())
    if del_dia:
        return "festivo: " + " y ".join(f"{uno.nombre}, {uno.norma}" for uno in del_dia)
    if dia in calendario.extraordinarios:
        return f"declarado no hábil: {calendario.extraordinarios[dia]}"
    if dia.weekday() == _DOMINGO or (dia.weekday() == _SABADO and not calendario.sabado_habil):
        return DIAS_DE_LA_SEMANA[dia.weekday()]
    return ""


def es_habil(dia: date, calendario: Calendario) -> bool:
    """Whether it is a working day; an outage of the portal does not change that. Raises as `festivos`."""
    return not por_que_no_es_habil(dia, calendario)


def habiles_despues(dia: date, cuantos: int, calendario: Calendario) -> date:
    """The last of `cuantos` working days counted from the day after `dia` (Ley 4 de 1913 art. 62). Raises as `festivos`."""
    for _ in range(cuantos):
        dia = siguiente_habil(dia, calendario)
    return dia


def siguiente_habil(dia: date, calendario: Calendario) -> date:
    """The first working day after `dia`, which itself never counts. Raises as `festivos`."""
    siguiente = dia + UN_DIA
    while not es_habil(siguiente, calendario):
        siguiente += UN_DIA
    return siguiente
