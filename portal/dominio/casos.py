"""Cases of treasury: what cannot settle itself waits in a queue with an owner, an age and the ways out that it admits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class ClaseCaso(StrEnum):
    """The queues."""

    PAGO_DOBLE = "pago_doble"
    VALOR_DISTINTO = "valor_distinto"
    REFERENCIA_DESCONOCIDA = "referencia_desconocida"
    PAGO_TARDIO = "pago_tardio"
    REVERSION = "reversion"
    FIRMA_INVALIDA = "firma_invalida"
    SIN_RESOLVER = "sin_resolver"
    RESPUESTA_CONTRADICTORIA = "respuesta_contradictoria"
    DIFERENCIA = "diferencia"
    NO_APARECE = "no_aparece"
    DEVOLUCION_REBOTADA = "devolucion_rebotada"


class SalidaCaso(StrEnum):
    """How a case ends."""

    # The money went back to whoever paid it.
    DEVUELTO = "devuelto"
    # The money was put on a factura.
    APLICADO = "aplicado"
    # Somebody looked and nothing had to move.
    REVISADO = "revisado"
    # The money was taken back, or the payment was legalised, by two people.
    ORDENADO = "ordenado"
    # What it waited for came afterwards: the gateway's answer, the bank's line.
    RESUELTO_SOLO = "resuelto_solo"


@dataclass(frozen=True)
class Cola:
    """What people read of a queue; `plazo` is the age from which a case of it is late."""

    nombre: str
    explica: str
    plazo: timedelta
    salidas: tuple[SalidaCaso, ...]


_S = SalidaCaso
_DIA = timedelta(days=1)
COLAS: Mapping[ClaseCaso, Cola] = MappingProxyType(
    {
        ClaseCaso.PAGO_DOBLE: Cola(
            "Pago doble",
            "La estampilla ya estaba pagada cuando el banco confirmó otro pago. El dinero de más se debe devolver.",
            15 * _DIA,
            (_S.DEVUELTO, _S.APLICADO),
        ),
        ClaseCaso.VALOR_DISTINTO: Cola(
            "Valor distinto",
            "El banco confirmó un valor o una moneda que no son los liquidados. No se legalizó nada.",
            5 * _DIA,
            (_S.DEVUELTO, _S.APLICADO),
        ),
        ClaseCaso.REFERENCIA_DESCONOCIDA: Cola(
            "Referencia desconocida",
            "Llegó un pago o un aviso con una referencia que no es de este portal.",
            5 * _DIA,
            (_S.APLICADO, _S.DEVUELTO, _S.REVISADO),
        ),
        ClaseCaso.PAGO_TARDIO: Cola(
            "Pago tardío",
            "El banco confirmó un pago que ya se daba por no hecho. El dinero cuenta.",
            15 * _DIA,
            (_S.REVISADO, _S.DEVUELTO),
        ),
        ClaseCaso.REVERSION: Cola(
            "Pago revertido por el banco",
            "El banco devolvió un pago que había aprobado: la estampilla se debe de nuevo, aunque se haya usado.",
            2 * _DIA,
            (_S.REVISADO,),
        ),
        ClaseCaso.FIRMA_INVALIDA: Cola(
            "Aviso con firma inválida",
            "Llegaron avisos que no están firmados por la pasarela. No cambiaron nada.",
            5 * _DIA,
            (_S.REVISADO,),
        ),
        ClaseCaso.SIN_RESOLVER: Cola(
            "Sonda sin respuesta",
            "Se pregunta por un pago y la pasarela no da una respuesta definitiva.",
            2 * _DIA,
            (_S.RESUELTO_SOLO, _S.ORDENADO, _S.REVISADO),
        ),
        ClaseCaso.RESPUESTA_CONTRADICTORIA: Cola(
            "Respuesta contradictoria",
            "La pasarela dijo algo que no concuerda con lo que ya había confirmado. No se movió dinero.",
            2 * _DIA,
            (_S.ORDENADO, _S.REVISADO),
        ),
        ClaseCaso.DIFERENCIA: Cola(
            "Diferencia en el cierre",
            "En el cierre de un día, la pasarela, el banco y el libro no dicen lo mismo de un pago.",
            2 * _DIA,
            (_S.RESUELTO_SOLO, _S.ORDENADO, _S.REVISADO),
        ),
        ClaseCaso.NO_APARECE: Cola(
            "Pagué y no aparece",
            "Una persona dice que pagó y la pasarela no lo sabe.",
            2 * _DIA,
            (_S.ORDENADO, _S.DEVUELTO, _S.REVISADO),
        ),
        ClaseCaso.DEVOLUCION_REBOTADA: Cola(
            "Devolución no entregada",
            "El banco no pudo entregar una devolución: el dinero volvió y espera una cuenta que lo reciba.",
            5 * _DIA,
            (_S.DEVUELTO, _S.APLICADO, _S.REVISADO),
        ),
    }
)

NOMBRES_SALIDA: Mapping[SalidaCaso, str] = MappingProxyType(
    {
        _S.DEVUELTO: "El dinero se devolvió",
        _S.APLICADO: "El dinero se aplicó a una factura",
        _S.REVISADO: "Se revisó y no había que mover dinero",
        _S.ORDENADO: "Lo ordenaron dos personas de Tesorería",
        _S.RESUELTO_SOLO: "La pasarela respondió después",
    }
)
# These are facts of the portal's own: nobody declares them.
_SOLAS = (_S.ORDENADO, _S.RESUELTO_SOLO)


def salidas_a_mano(clase: ClaseCaso) -> tuple[SalidaCaso, ...]:
    """The ways out that a person may declare of a case."""
    return tuple(salida for salida in COLAS[clase].salidas if salida not in _SOLAS)


def edad_en_palabras(desde: datetime, ahora: datetime) -> str:
    """How long something has waited, in its largest whole unit.

    >>> from datetime import UTC
    >>> edad_en_palabras(datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 6, 3, 5, tzinfo=UTC))
    '2 días'
    """
    horas = max(0, int((ahora - desde).total_seconds())) // 3600
    for cuantos, una, varias in ((horas // 24, "día", "días"), (horas, "hora", "horas")):
        if cuantos:
            return f"{cuantos} {una if cuantos == 1 else varias}"
    return "menos de una hora"
