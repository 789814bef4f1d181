"""Reading the cells of one row, keeping everything that is wrong in it. No message repeats an identity number."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from portal.dominio.calendario import BOGOTA
from portal.dominio.dinero import MAXIMO_PESOS
from portal.dominio.errores import DatoInvalido
from portal.dominio.lectura import leer_fecha

_T = TypeVar("_T")
_PESOS = re.compile(r"[0-9]{1,16}([.,][0-9]{1,2})?")
_INSTANTE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?)?")
# Ten digits fit in the barcode of a factura.
_NUMERO = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(frozen=True)
class Hallazgo:
    """Something that refuses the whole folder. `fila` counts from 1 as a spreadsheet does; 0 is the file itself."""

    archivo: str
    fila: int
    columna: str
    mensaje: str

    def __str__(self) -> str:
        fila = f", fila {self.fila}" if self.fila else ""
        columna = f", {self.columna}" if self.columna else ""
        return f"{self.archivo}{fila}{columna}: {self.mensaje}"


class Fila:
    """One row while it is read: what is wrong goes to `hallazgos`."""

    def __init__(self, archivo: str, numero: int, celdas: Mapping[str, str], hallazgos: list[Hallazgo]) -> None:
        self.archivo, self.numero, self._celdas, self._hallazgos = archivo, numero, celdas, hallazgos
        self.sana = True

    def apuntar(self, columna: str, mensaje: str) -> None:
        """Keep something that is wrong."""
        self.sana = False
        self._hallazgos.append(Hallazgo(self.archivo, self.numero, columna, mensaje))

    def leer(self, columna: str, lector: Callable[[str], _T], de_vacia: _T) -> _T:
        """What `lector` makes of a cell; `de_vacia` when nothing is written in it, or something wrong."""
        texto = self._celdas[columna].strip()
        if not texto:
            return de_vacia
        try:
            return lector(texto)
        except DatoInvalido as error:
            self.apuntar(columna, error.mensaje)
            return de_vacia

    def exigir(self, columna: str, lector: Callable[[str], _T], de_mala: _T) -> _T:
        """The same of a cell that may not be empty."""
        if not self._celdas[columna].strip():
            self.apuntar(columna, "Falta este dato.")
            return de_mala
        return self.leer(columna, lector, de_mala)


def leer_importe(texto: str) -> Decimal:
    """Pesos as a program writes them: `235000`, `235000,50`, `235000.50`. Raises `DatoInvalido`."""
    if not _PESOS.fullmatch(texto):
        raise DatoInvalido("Escriba los pesos sin signo ni separador de miles, por ejemplo 235000 o 235000,50.")
    valor = Decimal(texto.replace(",", "."))
    if valor > MAXIMO_PESOS:
        raise DatoInvalido("El valor es demasiado grande.")
    return valor


def leer_cuantas(texto: str) -> int:
    """A count. Raises `DatoInvalido`."""
    if not re.fullmatch(r"[0-9]{1,9}", texto):
        raise DatoInvalido("Escriba cuántas son, solo con números.")
    return int(texto)


def leer_numero(texto: str) -> int:
    """The number of a document of the old system. Raises `DatoInvalido`."""
    if not _NUMERO.fullmatch(texto):
        raise DatoInvalido("Escriba el número del documento solo con números, máximo diez, sin ceros al comienzo.")
    return int(texto)


def leer_dia(texto: str) -> date:
    """A day, `2025-02-03`. Raises `DatoInvalido`."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", texto):
        raise DatoInvalido("Escriba la fecha con el año primero y guiones: AAAA-MM-DD.")
    return leer_fecha(texto)


def leer_instante(texto: str) -> datetime:
    """A day with its hour in Colombia, `2025-02-03 14:30:05`, or a day alone: its noon. Aware. Raises `DatoInvalido`."""
    partes = _INSTANTE.fullmatch(texto)
    if partes is None:
        raise DatoInvalido("Escriba la fecha y la hora así: AAAA-MM-DD HH:MM:SS, o la fecha sola.")
    dia, hora, minuto, segundo = partes.groups()
    reloj = time(int(hora), int(minuto), int(segundo or 0)) if hora else time(12)
    return datetime.combine(leer_dia(dia), reloj, BOGOTA)
