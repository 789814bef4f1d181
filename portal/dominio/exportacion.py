"""The export of a period for auditors: how its cells, its manifest and the text that is signed are written.

docs/auditoria.md documents it for whoever checks one without this portal.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from portal.dominio.bitacora import instante
from portal.dominio.cadena import canonico
from portal.dominio.errores import DatoInvalido

FORMATO = "exportacion-auditoria-2"
# Without the files of collecting agents; those that were taken away before are checked for ever.
FORMATO_SIN_AGENTES = "exportacion-auditoria-1"
# What is signed begins with it: the key of the stamps never signs anything that could be read as a stamp, nor the reverse.
PREFIJO_FIRMA = "EXPORTACION-AUDITORIA-1\n"
MANIFIESTO, FIRMA, LEEME = "manifiesto.json", "firma.json", "LEEME.txt"
MAXIMO_DIAS = 366
DATOS_PERSONALES = (
    "Contiene el documento y el nombre de los contribuyentes de las liquidaciones, porque quien audita tiene derecho a "
    "saber a quién se le cobró. No contiene teléfonos, correos ni direcciones, datos de quien pagó, cuentas bancarias de "
    "personas, contraseñas ni mensajes de la pasarela. Guárdelo y compártalo como información reservada."
)
# A spreadsheet would run a text that begins like a formula. The mark itself is marked too, so that it can be taken away.
_CON_MARCA = ("=", "+", "-", "@", "\t", "\r", "'")


@dataclass(frozen=True)
class Periodo:
    """Colombian days, both included. Raises `DatoInvalido` for one that ends before it begins or is too long."""

    desde: date
    hasta: date

    def __post_init__(self) -> None:
        if self.desde > self.hasta:
            raise DatoInvalido("La fecha final debe ser igual o posterior a la inicial.", "hasta")
        if (self.hasta - self.desde).days >= MAXIMO_DIAS:
            raise DatoInvalido(f"Un archivo contiene máximo {MAXIMO_DIAS} días. Exporte por partes.", "hasta")

    @property
    def nombre(self) -> str:
        return f"auditoria-{self.desde}-{self.hasta}.zip"


@dataclass(frozen=True)
class Tramo:
    """The piece of a chain that an export has: the link before it, its first and last numbers, its last link."""

    anterior: str
    primero: int | None
    ultimo: int | None
    huella: str


def celda(valor: Any) -> str:
    """A value as a CSV of the export writes it: empty for none, ISO dates, UTC instants, JSON text for data."""
    if valor is None:
        return ""
    if isinstance(valor, bool):
        return "si" if valor else "no"
    if isinstance(valor, datetime):
        return instante(valor)
    if isinstance(valor, StrEnum):
        return valor.value
    if isinstance(valor, Mapping | list):
        return canonico(valor)
    return texto_seguro(valor) if isinstance(valor, str) else str(valor)


def texto_seguro(texto: str) -> str:
    """A text that no spreadsheet runs: with an apostrophe before it if it begins like a formula, or with one."""
    return f"'{texto}" if texto.startswith(_CON_MARCA) else texto


def texto_original(escrito: str) -> str:
    """The text that `texto_seguro` wrote."""
    return escrito.removeprefix("'")


def en_pesos(centavos: int) -> str:
    """Pesos with a point and two decimals: `235000.00`."""
    return f"{Decimal(centavos) / 100:.2f}"


def escribir_manifiesto(datos: Mapping[str, Any]) -> bytes:
    """The bytes of `manifiesto.json`: UTF-8, keys in order, so that equal data are equal bytes."""
    return (json.dumps(datos, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def mensaje_por_firmar(manifiesto: bytes) -> bytes:
    """What the signature of an export stands on: its prefix and the SHA-256 of the manifest in hexadecimal."""
    return (PREFIJO_FIRMA + sha256(manifiesto).hexdigest()).encode()


def saldos_del_tramo(antes: Mapping[str, int], movimientos: Mapping[str, Sequence[int]]) -> dict[str, dict[str, int]]:
    """Centavos of each account: what it had before, what it received (`debe`), gave (`haber`) and has afterwards."""
    saldos = {}
    for cuenta in sorted({*antes, *movimientos}):
        inicial, (debe, haber) = antes.get(cuenta, 0), movimientos.get(cuenta, (0, 0))
        saldos[cuenta] = {"antes": inicial, "debe": debe, "haber": haber, "despues": inicial + debe - haber}
    return saldos
