"""What the offices of an agent took and deposited day by day (Cundinamarca, manual A-GI-MA-010, 6).

Pure: facts come in by day and office, and every day of the month comes out, with those on which nothing happened.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.dominio.declaraciones import mes_siguiente

_CERO = Decimal(0)
_UN_DIA = timedelta(days=1)


@dataclass(frozen=True)
class Hecho:
    """Pesos of one day and office (None: nobody said which): withheld, deposited in slips that stand, and the part accepted."""

    dia: date
    sede: int | None
    retenido: Decimal = _CERO
    consignado: Decimal = _CERO
    aceptado: Decimal = _CERO


@dataclass(frozen=True)
class Dia:
    """A day of an office. `acumulado` is what it had in hand at its end: withheld so far and in no slip."""

    dia: date
    retenido: Decimal
    consignado: Decimal
    aceptado: Decimal
    acumulado: Decimal

    @property
    def diferencia(self) -> Decimal:
        """Withheld that day and not deposited that day."""
        return self.retenido - self.consignado

    @property
    def sin_operaciones(self) -> bool:
        return not self.retenido and not self.consignado


@dataclass(frozen=True)
class RecaudoDeSede:
    """A month of an office, day by day; days after the month are there when its money was deposited on them."""

    sede: int | None
    nombre: str
    dias: Sequence[Dia]

    @property
    def retenido(self) -> Decimal:
        return sum((d.retenido for d in self.dias), _CERO)

    @property
    def consignado(self) -> Decimal:
        return sum((d.consignado for d in self.dias), _CERO)

    @property
    def aceptado(self) -> Decimal:
        return sum((d.aceptado for d in self.dias), _CERO)

    @property
    def diferencia(self) -> Decimal:
        return self.retenido - self.consignado

    @property
    def tramos(self) -> list[list[Dia]]:
        """The days as they are shown: each by itself, and those on which nothing happened together while they follow."""
        tramos: list[list[Dia]] = []
        for dia in self.dias:
            if dia.sin_operaciones and tramos and tramos[-1][-1].sin_operaciones:
                tramos[-1].append(dia)
            else:
                tramos.append([dia])
        return tramos

    @property
    def sin_operaciones(self) -> int:
        """Days on which nothing happened."""
        return sum(d.sin_operaciones for d in self.dias)


@dataclass(frozen=True)
class RecaudoDiario:
    """A month of an agent by office. Its sums are the month's: whatever says no office has a row of its own."""

    mes: date
    sedes: Sequence[RecaudoDeSede]

    @property
    def retenido(self) -> Decimal:
        return sum((s.retenido for s in self.sedes), _CERO)

    @property
    def consignado(self) -> Decimal:
        return sum((s.consignado for s in self.sedes), _CERO)

    @property
    def aceptado(self) -> Decimal:
        return sum((s.aceptado for s in self.sedes), _CERO)

    @property
    def diferencia(self) -> Decimal:
        return self.retenido - self.consignado


def repasar(
    mes: date, hechos: Iterable[Hecho], sedes: Mapping[int, str], abiertas: Iterable[int], *, hasta: date
) -> RecaudoDiario:
    """Lay a month out by office and day, up to the day `hasta`.

    `sedes` names every office by its id; those of `abiertas` are shown even when nothing happened in them. Facts of one day and
    office are added up; no peso of `hechos` is left out.
    """
    todos = list(hechos)
    con_hechos = {h.sede for h in todos}
    orden = [i for i in sorted(sedes, key=lambda i: sedes[i]) if i in con_hechos or i in set(abiertas)]
    claves: list[int | None] = [*orden, *([None] if None in con_hechos else [])]
    ultimo = min(mes_siguiente(mes) - _UN_DIA, hasta)
    return RecaudoDiario(
        mes,
        tuple(
            RecaudoDeSede(
                clave,
                "Sin sede" if clave is None else sedes[clave],
                _dias(mes, ultimo, [h for h in todos if h.sede == clave]),
            )
            for clave in claves
        ),
    )


def _dias(mes: date, ultimo: date, hechos: Sequence[Hecho]) -> tuple[Dia, ...]:
    corridos = {mes + timedelta(days=n) for n in range((ultimo - mes).days + 1)}
    dias, acumulado = [], _CERO
    for dia in sorted(corridos | {h.dia for h in hechos}):
        suyos = [h for h in hechos if h.dia == dia]
        retenido = sum((h.retenido for h in suyos), _CERO)
        consignado = sum((h.consignado for h in suyos), _CERO)
        acumulado += retenido - consignado
        dias.append(Dia(dia, retenido, consignado, sum((h.aceptado for h in suyos), _CERO), acumulado))
    return tuple(dias)


@dataclass(frozen=True)
class RenglonDeSede:
    """What an office assessed and withheld in a month of one stamp on one act."""

    sede: str
    estampilla: str
    acto: str
    liquidadas: int
    liquidado: Decimal
    retenidas: int
    retenido: Decimal


def sumar_renglones(renglones: Iterable[RenglonDeSede]) -> tuple[int, Decimal, int, Decimal]:
    """Assessed, its pesos, withheld, its pesos: the totals of some lines."""
    todos = list(renglones)
    return (
        sum(r.liquidadas for r in todos),
        sum((r.liquidado for r in todos), _CERO),
        sum(r.retenidas for r in todos),
        sum((r.retenido for r in todos), _CERO),
    )
