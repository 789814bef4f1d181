"""Deposits of collecting agents: what can happen to one, and how a line of the bank resembles it.

A line is a deposit's by its name, never by its amount alone: the slip's number, the value, and days that agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from portal.dominio.declaraciones import EstadoConsignacion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.ordenes import limpiar_comprobante


class EventoConsignacion(StrEnum):
    """What can happen to a deposit."""

    ACEPTAR = "aceptar"
    RECHAZAR = "rechazar"
    # It had been accepted on its slip, and the bank never showed it.
    DESHACER = "deshacer"
    REVERTIR = "revertir"


_E, _V = EstadoConsignacion, EventoConsignacion
TRANSICIONES_CONSIGNACION: Mapping[tuple[EstadoConsignacion, EventoConsignacion], EstadoConsignacion] = (
    MappingProxyType(
        {
            (_E.RECIBIDA, _V.ACEPTAR): _E.ACEPTADA,
            (_E.RECIBIDA, _V.RECHAZAR): _E.RECHAZADA,
            (_E.ACEPTADA, _V.DESHACER): _E.RECHAZADA,
            # The bank took back the credit that it was.
            (_E.ACEPTADA, _V.REVERTIR): _E.REVERTIDA,
        }
    )
)


# What the entity reads of a deposit of which this happened, and what it has to do.
QUE_SIGUE: Mapping[EventoConsignacion, str] = MappingProxyType(
    {
        _V.ACEPTAR: (
            "Tesorería aceptó esta consignación: su valor ya no está por consignar. No tiene que hacer nada más con ella."
        ),
        _V.RECHAZAR: (
            "Tesorería rechazó esta consignación: su valor sigue por consignar. Lea el motivo. "
            "Si el dinero sí llegó al banco, envíela de nuevo con el comprobante correcto."
        ),
        _V.DESHACER: (
            "Tesorería había aceptado esta consignación y retiró su aceptación: su valor está otra vez por consignar. "
            "Lea el motivo. Si el dinero sí llegó al banco, envíela de nuevo con el comprobante correcto."
        ),
        _V.REVERTIR: (
            "El banco devolvió el dinero de esta consignación: su valor está otra vez por consignar. "
            "Pregunte a su banco por qué, consígnelo de nuevo y envíe esa consignación por el portal."
        ),
    }
)


class Parecido(StrEnum):
    """How a line of the bank resembles a deposit, the closest first."""

    EXACTA = "exacta"
    OTRO_DIA = "otro_dia"
    SOLO_VALOR = "solo_valor"
    OTRO_VALOR = "otro_valor"


# What a person of treasury may say that the deposit is; only `EXACTA` is ever linked by itself.
SIRVEN = (Parecido.EXACTA, Parecido.OTRO_DIA, Parecido.SOLO_VALOR)
PORQUES: Mapping[Parecido, str] = MappingProxyType(
    {
        Parecido.EXACTA: "Mismo comprobante, mismo valor y fechas que concuerdan.",
        Parecido.OTRO_DIA: "Mismo comprobante y mismo valor, pero el banco la informó en una fecha lejana.",
        Parecido.SOLO_VALOR: "Mismo valor y fechas que concuerdan, pero otro número. Compárela con el comprobante.",
        Parecido.OTRO_VALOR: "Mismo comprobante, pero por otro valor: no es esta consignación tal como se envió.",
    }
)


@dataclass(frozen=True)
class Dicho:
    """A deposit, or a line of the bank: pesos, the day, and the numbers that name it, as `nombres` gives them."""

    valor: Decimal
    dia: date
    nombres: frozenset[str]


def siguiente_consignacion(estado: EstadoConsignacion, evento: EventoConsignacion) -> EstadoConsignacion:
    """Where `evento` takes a deposit. Raises `TransicionNoPermitida` when the table has no such edge."""
    try:
        return TRANSICIONES_CONSIGNACION[estado, evento]
    except KeyError:
        raise TransicionNoPermitida(f"Una consignación en estado «{estado}» no admite esa operación.") from None


def nombres(*textos: str | None) -> frozenset[str]:
    """The numbers by which the bank may know a deposit, without signs nor zeros on the left.

    >>> sorted(nombres("000123-4", None, "00", "aB1"))
    ['1234', 'AB1']
    """
    return frozenset(limpio for texto in textos if (limpio := limpiar_comprobante(texto or "")))


def parecido(consignacion: Dicho, linea: Dicho, dias_en_transito: int) -> Parecido | None:
    """How a line resembles a deposit; None when nothing but chance joins them."""
    mismo = not consignacion.nombres.isdisjoint(linea.nombres)
    cerca = abs((linea.dia - consignacion.dia).days) <= dias_en_transito
    if linea.valor != consignacion.valor:
        return Parecido.OTRO_VALOR if mismo and cerca else None
    if mismo:
        return Parecido.EXACTA if cerca else Parecido.OTRO_DIA
    return Parecido.SOLO_VALOR if cerca else None
