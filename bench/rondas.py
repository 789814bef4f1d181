"""What every part of the bench says: rounds of several measures taken in turns, and the ratios that are asked of them.

Absolute times mean nothing beyond the machine and the minute: a ratio is taken inside each round, between neighbours in time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

RONDAS = 5


@dataclass(frozen=True)
class Medida:
    """One thing measured: what, in which unit, and what each round said."""

    nombre: str
    unidad: str
    rondas: Sequence[float]

    @property
    def mediana(self) -> float:
        return median(self.rondas)


@dataclass(frozen=True)
class Meta:
    """What is asked of `una` against `otra` (names of measures of the same part): at most or at least so many times."""

    que: str
    una: str
    otra: str
    maximo: float | None = None
    minimo: float | None = None
    # Why it is not met, when it is known to be beyond the limit: what the limit is.
    limite: str = ""


@dataclass
class Parte:
    """A section of the report. `hechos` are figures without rounds (bytes, errors), `notas` sentences; both are told as is."""

    titulo: str
    explicacion: str
    medidas: list[Medida] = field(default_factory=list)
    metas: list[Meta] = field(default_factory=list)
    hechos: dict[str, str] = field(default_factory=dict)
    notas: list[str] = field(default_factory=list)

    def medida(self, nombre: str) -> Medida:
        """The measure of that name. Raises `StopIteration` when there is none."""
        return next(m for m in self.medidas if m.nombre == nombre)

    def razones(self, meta: Meta) -> list[float]:
        """`una` over `otra` in each round."""
        return [a / b for a, b in zip(self.medida(meta.una).rondas, self.medida(meta.otra).rondas, strict=True)]

    def cumple(self, meta: Meta) -> bool:
        """Whether the median of the ratios is within what is asked."""
        razon = median(self.razones(meta))
        return (meta.maximo is None or razon <= meta.maximo) and (meta.minimo is None or razon >= meta.minimo)


def medir_por_turnos(
    que: Mapping[str, Callable[[], float]], unidad: str, rondas: int = RONDAS, *, calentar: bool = True
) -> list[Medida]:
    """Measure each of `que` once in every round, beginning each round with the next one; the first, unmeasured, warms up."""
    if calentar:
        for medir in que.values():
            medir()
    valores: dict[str, list[float]] = {nombre: [] for nombre in que}
    for orden in _turnos(list(que), rondas):
        for nombre in orden:
            valores[nombre].append(que[nombre]())
    return [Medida(nombre, unidad, tuple(valores[nombre])) for nombre in que]


def _turnos(nombres: list[str], rondas: int) -> Iterator[list[str]]:
    for ronda in range(rondas):
        corte = ronda % len(nombres)
        yield nombres[corte:] + nombres[:corte]
