"""How an exact value becomes whole pesos: rules of the ordinances, as data.

Two modes exist in the sources: up to the next multiple (Nariño, art. 243, parágrafo) and to the nearest multiple (Cundinamarca,
manual 4.2 and 4.6), half up because the manual is silent about the tie (C-A04). A rule may change its multiple by bands.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, localcontext
from enum import StrEnum

# Every figure of an assessment is exact until its one rounding: losing a digit is an error, not an approximation.
EXACTO = Context(prec=80, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])


class Modo(StrEnum):
    """Which multiple is taken."""

    SUPERIOR = "superior"
    CERCANO = "cercano"


@dataclass(frozen=True)
class Tramo:
    """One band: values up to `hasta` pesos, itself included, take `multiplo`; the last band has no limit."""

    multiplo: Decimal
    nombre: str
    hasta: Decimal | None = None


@dataclass(frozen=True)
class Redondeo:
    """A rounding rule with its citation. `nombre` completes "redondeado …"."""

    codigo: str
    nombre: str
    modo: Modo
    tramos: tuple[Tramo, ...]
    cita: str = ""
    desde: date = date.min
    hasta: date | None = None

    def tramo(self, exacto: Decimal) -> Tramo:
        """The band of an exact value in pesos; the value *before* rounding decides (C-A05)."""
        for tramo in self.tramos:
            if tramo.hasta is None or exacto <= tramo.hasta:
                return tramo
        raise ValueError("the last band has no limit")

    def aplicar(self, exacto: Decimal) -> Decimal:
        """Round an exact value in pesos, never negative, to whole pesos.

        >>> superior = Redondeo("c", "a la centena superior", Modo.SUPERIOR, (Tramo(Decimal(100), ""),))
        >>> superior.aplicar(Decimal("4270.50")), superior.aplicar(Decimal(4300))
        (Decimal('4300'), Decimal('4300'))

        Raises `ValueError` for a negative value.
        """
        if exacto < 0:
            raise ValueError("a stamp is never negative")
        multiplo = self.tramo(exacto).multiplo
        with localcontext(EXACTO):
            veces, resto = divmod(exacto, multiplo)
            sube = resto > 0 if self.modo is Modo.SUPERIOR else resto * 2 >= multiplo
            return (veces + sube) * multiplo
