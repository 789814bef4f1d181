"""Refunds: their grounds, their states and the only moves between them, and what the applicant reads in each. Pure.

A refund hands back what nobody owed (ET art. 850, by Ley 383 de 1997 art. 66 and Ley 788 de 2002 art. 59). One person
studies it and another decides it; money leaves once, and never over a stamp that was used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from portal.dominio.errores import DatoInvalido, TransicionNoPermitida


class CausalDevolucion(StrEnum):
    """Why the money is owed back."""

    # The stamp was already paid when another payment of it was confirmed.
    DOBLE = "doble"
    # The bank took another amount than what was assessed.
    EXCESO = "exceso"
    # The stamp was paid, was not owed, and was never used.
    NO_DEBIDO = "no_debido"
    # The contract was reduced: what was paid of its stamps exceeds what is owed of them, used or not.
    SALDO_A_FAVOR = "saldo_a_favor"


class EstadoDevolucion(StrEnum):
    """Where a request stands."""

    SOLICITADA = "solicitada"
    EN_ESTUDIO = "en_estudio"
    APROBADA = "aprobada"
    PAGADA = "pagada"
    NEGADA = "negada"
    DESISTIDA = "desistida"
    # The bank could not deliver the transfer: the money is back, and waits for an account that can receive it.
    REBOTADA = "rebotada"
    # An account to transfer to was handed in, and a second person has not accepted it yet.
    CORREGIDA = "corregida"


class EventoDevolucion(StrEnum):
    """What can happen to a request."""

    ESTUDIADA = "estudiada"
    APROBADA = "aprobada"
    NEGADA = "negada"
    PAGADA = "pagada"
    DESISTIDA = "desistida"
    # The bank gave the money back by itself before treasury did: nothing is left to hand back.
    SIN_OBJETO = "sin_objeto"
    REBOTADA = "rebotada"
    CUENTA_CORREGIDA = "cuenta_corregida"
    CUENTA_APROBADA = "cuenta_aprobada"
    CUENTA_RECHAZADA = "cuenta_rechazada"


_E, _V = EstadoDevolucion, EventoDevolucion
TRANSICIONES_DEVOLUCION: Mapping[tuple[EstadoDevolucion, EventoDevolucion], EstadoDevolucion] = MappingProxyType(
    {
        (_E.SOLICITADA, _V.ESTUDIADA): _E.EN_ESTUDIO,
        (_E.SOLICITADA, _V.DESISTIDA): _E.DESISTIDA,
        (_E.SOLICITADA, _V.SIN_OBJETO): _E.NEGADA,
        (_E.EN_ESTUDIO, _V.APROBADA): _E.APROBADA,
        (_E.EN_ESTUDIO, _V.NEGADA): _E.NEGADA,
        (_E.EN_ESTUDIO, _V.DESISTIDA): _E.DESISTIDA,
        (_E.EN_ESTUDIO, _V.SIN_OBJETO): _E.NEGADA,
        (_E.APROBADA, _V.PAGADA): _E.PAGADA,
        (_E.APROBADA, _V.SIN_OBJETO): _E.NEGADA,
        (_E.PAGADA, _V.REBOTADA): _E.REBOTADA,
        (_E.REBOTADA, _V.CUENTA_CORREGIDA): _E.CORREGIDA,
        (_E.REBOTADA, _V.SIN_OBJETO): _E.NEGADA,
        (_E.CORREGIDA, _V.CUENTA_APROBADA): _E.APROBADA,
        (_E.CORREGIDA, _V.CUENTA_RECHAZADA): _E.REBOTADA,
        (_E.CORREGIDA, _V.SIN_OBJETO): _E.NEGADA,
    }
)
# Approved and not handed back: their money waits for them alone.
ESTADOS_QUE_RETIENEN = (_E.APROBADA, _E.REBOTADA, _E.CORREGIDA)
# States that somebody still has to act on: at most one request of a payment and a ground is in them.
ESTADOS_VIVOS_DEVOLUCION = (_E.SOLICITADA, _E.EN_ESTUDIO, *ESTADOS_QUE_RETIENEN)
# What they take from a credit is handed back, or will be.
ESTADOS_CONCEDIDOS = (*ESTADOS_QUE_RETIENEN, _E.PAGADA)


class TipoCuenta(StrEnum):
    """The two kinds of account that a bank certifies."""

    AHORROS = "ahorros"
    CORRIENTE = "corriente"


@dataclass(frozen=True)
class PalabrasDevolucion:
    """What the applicant reads: `que` says where it stands, `sigue` what happens next; `clase` picks the colour."""

    nombre: str
    clase: str
    que: str
    sigue: str


PALABRAS: Mapping[EstadoDevolucion, PalabrasDevolucion] = MappingProxyType(
    {
        _E.SOLICITADA: PalabrasDevolucion(
            "Solicitada",
            "alerta",
            "Recibimos su solicitud.",
            "Una persona de Tesorería va a estudiarla. No tiene que hacer nada más por ahora.",
        ),
        _E.EN_ESTUDIO: PalabrasDevolucion(
            "En estudio",
            "alerta",
            "Una persona de Tesorería ya la revisó.",
            "Otra persona decide si se aprueba. Después se gira a la cuenta que usted indicó.",
        ),
        _E.APROBADA: PalabrasDevolucion(
            "Aprobada",
            "exito",
            "Su devolución fue aprobada.",
            "Tesorería hará la transferencia a la cuenta que usted indicó.",
        ),
        _E.PAGADA: PalabrasDevolucion(
            "Pagada",
            "exito",
            "El dinero salió hacia la cuenta que usted indicó.",
            "Su banco puede tardar un día hábil en mostrarlo. No tiene que hacer nada más.",
        ),
        _E.NEGADA: PalabrasDevolucion(
            "Negada",
            "error",
            "Su solicitud no fue aprobada.",
            "Si no está de acuerdo, escriba a la oficina. Si la razón se puede corregir, pida la devolución de nuevo.",
        ),
        _E.DESISTIDA: PalabrasDevolucion(
            "Desistida",
            "error",
            "Usted retiró esta solicitud.",
            "Puede pedir la devolución de nuevo mientras no se venza el plazo.",
        ),
        _E.REBOTADA: PalabrasDevolucion(
            "Transferencia devuelta",
            "error",
            "El banco no pudo entregar el dinero y lo devolvió a la entidad.",
            "Su devolución sigue aprobada. Envíe los datos y la certificación de una cuenta que pueda recibirla.",
        ),
        _E.CORREGIDA: PalabrasDevolucion(
            "Cuenta por revisar",
            "alerta",
            "Recibimos los datos de la cuenta para hacer de nuevo la transferencia.",
            "Una persona de Tesorería los revisa. No tiene que hacer nada más por ahora.",
        ),
    }
)
CAUSALES: Mapping[CausalDevolucion, str] = MappingProxyType(
    {
        CausalDevolucion.DOBLE: "Se pagó dos veces la misma estampilla",
        CausalDevolucion.EXCESO: "El banco cobró un valor distinto del liquidado",
        CausalDevolucion.NO_DEBIDO: "Se pagó una estampilla que no se debía y no se ha usado",
        CausalDevolucion.SALDO_A_FAVOR: "El contrato se redujo y se pagó más de lo que ahora se debe",
    }
)
TIPOS_CUENTA: Mapping[TipoCuenta, str] = MappingProxyType(
    {TipoCuenta.AHORROS: "Ahorros", TipoCuenta.CORRIENTE: "Corriente"}
)


def siguiente_devolucion(estado: EstadoDevolucion, evento: EventoDevolucion) -> EstadoDevolucion:
    """Where `evento` takes a request in `estado`. Raises `TransicionNoPermitida` when the table has no such edge."""
    try:
        return TRANSICIONES_DEVOLUCION[estado, evento]
    except KeyError:
        nombre = PALABRAS[estado].nombre
        raise TransicionNoPermitida(f"La devolución está en estado «{nombre}» y no admite esta operación.") from None


def origenes_devolucion(evento: EventoDevolucion) -> tuple[EstadoDevolucion, ...]:
    """Every state in which `evento` is allowed: the WHERE of a conditional update."""
    return tuple(origen for origen, e in TRANSICIONES_DEVOLUCION if e is evento)


def ultimo_dia_para_pedir(pagado: date, anos: int) -> date:
    """The day on which a term of `anos` years from `pagado` ends: the same day of the same month (Código Civil, art. 67).

    >>> ultimo_dia_para_pedir(date(2024, 2, 29), 5)
    datetime.date(2029, 2, 28)
    """
    try:
        return pagado.replace(year=pagado.year + anos)
    except ValueError:
        return pagado.replace(year=pagado.year + anos, day=28)


def leer_cuenta(texto: str) -> str:
    """A bank account's number: six to twenty digits; spaces, dots and hyphens are dropped. Raises `DatoInvalido`.

    >>> leer_cuenta("084-951400 0")
    '0849514000'
    """
    limpio = re.sub(r"[ .\u00a0-]", "", texto.strip())
    if not re.fullmatch(r"[0-9]{6,20}", limpio):
        raise DatoInvalido("Escriba el número de la cuenta solo con números, entre 6 y 20.", "cuenta")
    return limpio


def leer_referencia_bancaria(texto: str) -> str:
    """The bank's own reference of a transfer, made canonical so that it is entered once. Raises `DatoInvalido`.

    >>> leer_referencia_bancaria(" tr-00 123 ")
    'TR-00123'
    """
    limpio = re.sub(r"\s+", "", texto).upper()
    if not re.fullmatch(r"[A-Z0-9./_-]{3,40}", limpio):
        raise DatoInvalido(
            "Escriba la referencia que dio el banco, con letras, números o guiones, entre 3 y 40.", "referencia"
        )
    return limpio
