"""Brackets of a tariff by what the contract is worth, and the least and the most that a line may be: the law's data."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.dominio.dinero import escribir_pesos


class AlCruzar(StrEnum):
    """What an addition that moves its contract to another bracket pays (Ley 1697 de 2013 left it open; each norm decides).

    `TODO`: the whole contract takes the new rate, and the addition pays the difference. `ADICION`: only the addition takes it.
    """

    TODO = "todo"
    ADICION = "adicion"


@dataclass(frozen=True)
class TramoTarifa:
    """One bracket: `valor` per cent up to `hasta` units, which belong to it when `incluido`. The last one has no limit."""

    valor: Decimal
    hasta: Decimal | None = None
    incluido: bool = True

    def contiene(self, pesos: Decimal, unidad: Decimal) -> bool:
        """Whether an amount above the earlier brackets is in this one; `unidad` is worth so many pesos."""
        if self.hasta is None:
            return True
        limite = self.hasta * unidad
        return pesos < limite or (self.incluido and pesos == limite)


@dataclass(frozen=True)
class Escala:
    """The brackets of a rate, from low to high, measured in units of `indicador` or, without one, in pesos.

    What the contract adds up to decides: its amount and what the fact `anterior` says that was assessed before. The unit is
    the one of the day in the fact `fecha`, or of the act's day.
    """

    tramos: tuple[TramoTarifa, ...]
    al_cruzar: AlCruzar
    cita: str
    indicador: str = ""
    fecha: str = ""
    anterior: str = ""

    def tramo(self, pesos: Decimal, unidad: Decimal) -> TramoTarifa:
        """The bracket of an amount."""
        return next(tramo for tramo in self.tramos if tramo.contiene(pesos, unidad))

    def nombre_de(self, tramo: TramoTarifa) -> str:
        """The bracket for people: `más de 2.000 SMMLV y menos de 6.000 SMMLV`."""
        lugar = self.tramos.index(tramo)
        partes = []
        if lugar:
            debajo = self.tramos[lugar - 1]
            partes.append(f"más de {self._unidades(debajo)}" if debajo.incluido else f"{self._unidades(debajo)} o más")
        if tramo.hasta is not None:
            partes.append(f"{'hasta' if tramo.incluido else 'menos de'} {self._unidades(tramo)}")
        return " y ".join(partes) or "cualquier valor"

    def _unidades(self, tramo: TramoTarifa) -> str:
        assert tramo.hasta is not None, "only the last bracket is open"
        return escribir_cantidad(tramo.hasta, self.indicador)


@dataclass(frozen=True)
class Limite:
    """The least or the most of a line: units of `indicador` or, without one, pesos. `cita` when its article is another one."""

    cantidad: Decimal
    indicador: str = ""
    cita: str = ""

    @property
    def texto(self) -> str:
        """`0,5 UVT` or `$5.000`."""
        return escribir_cantidad(self.cantidad, self.indicador)


def escribir_cantidad(cantidad: Decimal, indicador: str) -> str:
    """So many units of an indicator, or pesos: `2.000 SMMLV`, `0,5 UVT`, `$5.000`."""
    if not indicador:
        return escribir_pesos(cantidad)
    entero, _, decimales = f"{cantidad:f}".partition(".")
    miles = escribir_pesos(Decimal(entero)).removeprefix("$")
    return f"{miles}{',' if decimales else ''}{decimales} {indicador}"
