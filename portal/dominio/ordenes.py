"""Orders of treasury: money that moves because two people saw the same proof, one who proposes and another who approves."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from portal.dominio.errores import DatoInvalido

_MAXIMO_FACTURAS = 50


class ClaseOrden(StrEnum):
    """What an order does to the money."""

    # Money that neither a gateway nor the bank's file will tell of pays some facturas.
    LEGALIZACION = "legalizacion"
    # A confirmed credit is undone: the bank took it back and nothing but a person says so.
    REVERSION = "reversion"
    # Money of a credit that waits is put on a factura.
    APLICACION = "aplicacion"


class EstadoOrden(StrEnum):
    """An order ends once: its proposer never approves it, and anybody of treasury may reject it."""

    PROPUESTA = "propuesta"
    APROBADA = "aprobada"
    RECHAZADA = "rechazada"


NOMBRES_ORDEN: Mapping[ClaseOrden, str] = MappingProxyType(
    {
        ClaseOrden.LEGALIZACION: "Legalización manual",
        ClaseOrden.REVERSION: "Reversión de un recaudo",
        ClaseOrden.APLICACION: "Aplicación de dinero en espera",
    }
)


def leer_facturas(texto: str) -> list[int]:
    """Numbers of facturas parted by commas or spaces, in order and each once. Raises `DatoInvalido` (campo `facturas`).

    >>> leer_facturas("251332, 251331 251332")
    [251331, 251332]
    """
    partes = texto.replace(",", " ").replace(";", " ").split()
    if not all(p.isascii() and p.isdigit() and len(p) <= 15 for p in partes):
        raise DatoInvalido(
            "Escriba los números de factura separados por comas, por ejemplo 251331, 251332.", "facturas"
        )
    numeros = sorted({int(p) for p in partes})
    if len(numeros) > _MAXIMO_FACTURAS:
        raise DatoInvalido(f"Una orden lleva máximo {_MAXIMO_FACTURAS} facturas.", "facturas")
    return numeros


def leer_comprobante(texto: str) -> str:
    """The number that a bank printed on a slip, in one form however it is typed, so that the same slip is known again.

    Raises `DatoInvalido` (campo `referencia_banco`).

    >>> leer_comprobante(" 00-12 345a "), leer_comprobante("12345A")
    ('12345A', '12345A')
    """
    limpio = limpiar_comprobante(texto)
    if not re.fullmatch(r"[A-Z0-9]{3,40}", limpio):
        raise DatoInvalido(
            "Escriba el número del comprobante del banco, solo con letras y números (de 3 a 40).", "referencia_banco"
        )
    return limpio


def limpiar_comprobante(texto: str) -> str:
    """The number of a slip without the signs that people and banks write in it, nor zeros on the left."""
    return re.sub(r"[\s.\-_/]", "", texto.upper()).lstrip("0")
