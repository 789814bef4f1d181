"""The monthly return of a collecting agent: its states, its lines, and its text, of which a digest tells any change.

Cundinamarca, manual A-GI-MA-010, 4.5, 6 and 6.1: one per entity and month, due even without operations. What an agent
declares is what it withheld: the amounts follow from what it registered and nobody types them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.cierre import limites
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida


class EstadoDeclaracion(StrEnum):
    """State of one version of a month's return."""

    BORRADOR = "borrador"
    PRESENTADO = "presentado"
    ACEPTADO = "aceptado"
    DEVUELTO = "devuelto"
    # Another version took its place.
    CORREGIDO = "corregido"


class EventoDeclaracion(StrEnum):
    """What can happen to a version."""

    PRESENTAR = "presentar"
    ACEPTAR = "aceptar"
    DEVOLVER = "devolver"
    CORREGIR = "corregir"


_E, _V = EstadoDeclaracion, EventoDeclaracion
TRANSICIONES_DECLARACION: Mapping[tuple[EstadoDeclaracion, EventoDeclaracion], EstadoDeclaracion] = MappingProxyType(
    {
        (_E.BORRADOR, _V.PRESENTAR): _E.PRESENTADO,
        (_E.PRESENTADO, _V.ACEPTAR): _E.ACEPTADO,
        (_E.PRESENTADO, _V.DEVOLVER): _E.DEVUELTO,
        # The department asks for a correction of what it had accepted.
        (_E.ACEPTADO, _V.DEVOLVER): _E.DEVUELTO,
        # The version that corrects it was filed. The agent may correct by itself what nobody gave back.
        (_E.PRESENTADO, _V.CORREGIR): _E.CORREGIDO,
        (_E.ACEPTADO, _V.CORREGIR): _E.CORREGIDO,
        (_E.DEVUELTO, _V.CORREGIR): _E.CORREGIDO,
    }
)
# The version that stands before the department: it was filed and no other took its place.
EN_PIE = (_E.PRESENTADO, _E.ACEPTADO, _E.DEVUELTO)


class FormaRetencion(StrEnum):
    """How an agent collects (manual, 4.4)."""

    DESCUENTO = "descuento"
    CONSIGNACION = "consignacion"


FORMAS: Mapping[FormaRetencion, str] = MappingProxyType(
    {
        FormaRetencion.DESCUENTO: "Descuento en la factura o documento de pago",
        FormaRetencion.CONSIGNACION: "Consignación del contribuyente a órdenes de la entidad",
    }
)


def retenida_por(entidad: str, dia: date, documento: str = "") -> str:
    """How a stamp was paid that an agent withheld, as people read it.

    >>> retenida_por("Hospital de prueba", date(2026, 11, 25), "OP 45")
    'Retenida por Hospital de prueba el 25 de noviembre de 2026, documento OP 45'
    """
    cuando = f"Retenida por {entidad} el {dia_en_palabras(dia)}"
    return f"{cuando}, documento {documento}" if documento else cuando


class EstadoConsignacion(StrEnum):
    """State of a deposit that an agent reports."""

    RECIBIDA = "recibida"
    ACEPTADA = "aceptada"
    RECHAZADA = "rechazada"
    # The bank took back the credit that it was.
    REVERTIDA = "revertida"


def siguiente_declaracion(estado: EstadoDeclaracion, evento: EventoDeclaracion) -> EstadoDeclaracion:
    """Where `evento` takes a version. Raises `TransicionNoPermitida` when the table has no such edge."""
    try:
        return TRANSICIONES_DECLARACION[estado, evento]
    except KeyError:
        raise TransicionNoPermitida(f"Una declaración en estado «{estado}» no admite esa operación.") from None


def origenes_declaracion(evento: EventoDeclaracion) -> tuple[EstadoDeclaracion, ...]:
    """Every state in which `evento` is allowed: the WHERE of a conditional update."""
    return tuple(origen for origen, e in TRANSICIONES_DECLARACION if e is evento)


@dataclass(frozen=True)
class Renglon:
    """One stamp on one act during the month, in pesos; `base` sums what the tariff was applied to, when it has an amount.

    `cantidad` acts were assessed by the agent in the month, for `liquidado`. `retenido`: what it took from contributors in the
    month (`retenidas` times), which it declares and owes. `pagado`: what they paid to the department by themselves in the
    month, of what the agent assessed.
    """

    estampilla: str
    estampilla_nombre: str
    acto: str
    acto_nombre: str
    cantidad: int = 0
    base: Decimal = Decimal(0)
    liquidado: Decimal = Decimal(0)
    retenidas: int = 0
    retenido: Decimal = Decimal(0)
    pagado: Decimal = Decimal(0)


@dataclass(frozen=True)
class Sumas:
    """Pesos of a month."""

    liquidado: Decimal
    retenido: Decimal
    pagado: Decimal


def sumar(renglones: Iterable[Renglon]) -> Sumas:
    """The totals of some lines."""
    todos = list(renglones)
    cero = Decimal(0)
    return Sumas(
        sum((r.liquidado for r in todos), cero),
        sum((r.retenido for r in todos), cero),
        sum((r.pagado for r in todos), cero),
    )


def escribir(renglones: Sequence[Renglon], cabecera: Mapping[str, Any]) -> str:
    """The content of a return as canonical text: the same content is the same text, whatever order it came in.

    `cabecera` holds what JSON has.
    """
    lineas = [{k: f"{v:f}" if isinstance(v, Decimal) else v for k, v in asdict(r).items()} for r in ordenar(renglones)]
    return json.dumps(
        {"cabecera": dict(cabecera), "renglones": lineas}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def leer(contenido: str) -> tuple[list[Renglon], dict[str, Any]]:
    """The lines and the heading that `escribir` wrote."""
    datos: dict[str, Any] = json.loads(contenido)
    pesos = {"base", "liquidado", "retenido", "pagado"}
    leidos: list[dict[str, Any]] = [
        {k: Decimal(v) if k in pesos else v for k, v in r.items()} for r in datos["renglones"]
    ]
    return [Renglon(**r) for r in leidos], datos["cabecera"]


def huella(contenido: str) -> str:
    """SHA-256 of a return's text."""
    return sha256(contenido.encode()).hexdigest()


def mensaje_firmado(huella_dicha: str) -> bytes:
    """What the department's key signs of a filed return: its digest, behind words that no other signed text begins with."""
    return f"DECLARACION-MENSUAL-1\n{huella_dicha}".encode()


def ordenar(renglones: Iterable[Renglon]) -> list[Renglon]:
    """Lines by stamp and act."""
    return sorted(renglones, key=lambda r: (r.estampilla, r.acto))


def mes_de(dia: date) -> date:
    """The month that a day belongs to, as its first day.

    >>> mes_de(date(2026, 11, 25))
    datetime.date(2026, 11, 1)
    """
    return dia.replace(day=1)


def mes_siguiente(mes: date) -> date:
    """The first day of the month after."""
    return mes_de(mes + timedelta(days=31))


def mes_anterior(mes: date) -> date:
    """The first day of the month before."""
    return mes_de(mes_de(mes) - timedelta(days=1))


def comienzo(mes: date) -> datetime:
    """The instant at which the Colombian month whose first day is `mes` begins."""
    return limites(mes, mes)[0]


def meses_entre(desde: date, hasta: date) -> list[date]:
    """The first days of the months from the one of `desde` to the one of `hasta`, both included.

    >>> [m.month for m in meses_entre(date(2026, 11, 25), date(2027, 1, 3))]
    [11, 12, 1]
    """
    meses, mes = [], mes_de(desde)
    while mes <= hasta:
        meses.append(mes)
        mes = mes_siguiente(mes)
    return meses


def leer_mes(texto: str) -> date:
    """A month from an address, as `2026-11`. Raises `DatoInvalido` (campo `mes`)."""
    try:
        ano, mes = texto.split("-")
        if len(ano) == 4 and len(mes) == 2 and texto.isascii():
            return date(int(ano), int(mes), 1)
    except ValueError:
        pass
    raise DatoInvalido("Escriba el mes como año y mes, por ejemplo 2026-11.", "mes")
