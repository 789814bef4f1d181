"""What is in force on a date: dated entries, both ends included."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.dominio.errores import NormaNoVigente


def rige(desde: date, hasta: date | None, fecha: date) -> bool:
    """Whether an entry that rules from `desde` to `hasta` (no end: `None`) covers `fecha`."""
    return desde <= fecha and (hasta is None or fecha <= hasta)


@dataclass(frozen=True)
class Indicador:
    """A yearly value that tariffs are measured in. `publicado` agrees with the noun: `publicado` or `publicada`."""

    codigo: str
    nombre: str
    publicado: str


@dataclass(frozen=True)
class ValorIndicador:
    """The pesos of an indicator between two days, with the act that fixed them."""

    codigo: str
    valor: Decimal
    desde: date
    hasta: date
    acto: str


def valor_vigente(indicador: Indicador, valores: Iterable[ValorIndicador], fecha: date) -> ValorIndicador:
    """The published value for a date. A year without a published row is refused, never computed with another's value.

    Raises `NormaNoVigente`: *No hay SMMLV publicado para la fecha 2027-01-15*.
    """
    for valor in valores:
        if valor.codigo == indicador.codigo and rige(valor.desde, valor.hasta, fecha):
            return valor
    raise NormaNoVigente(f"No hay {indicador.nombre} {indicador.publicado} para la fecha {fecha.isoformat()}")
