"""Where each datum is in a record of a bank's file. Whatever an installation's bank does otherwise is changed here.

Source: reference/pse.md 3.2. Positions count from 1. What no field covers is reserved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from types import MappingProxyType

from portal.dominio.asobancaria import Formato

ENCABEZADO, APERTURA_LOTE, CIERRE_LOTE, CIERRE = "01", "05", "08", "09"
_ANOS = range(1990, 2100)


class Dato(StrEnum):
    """What kind of thing a field says; `asobancaria_campos` reads and writes each."""

    CIFRAS = auto()
    ENTERO = auto()
    PESOS = auto()
    PESOS_POSITIVOS = auto()
    FECHA = auto()
    HORA = auto()
    NIT = auto()
    SERVICIO = auto()
    REFERENCIA = auto()
    CUENTA = auto()
    MODIFICADOR = auto()
    TIPO_CUENTA = auto()
    PROCEDENCIA = auto()
    MEDIO = auto()
    CAUSAL = auto()


@dataclass(frozen=True)
class Campo:
    """A datum: its place, its kind, and what a treasurer calls it. `opcional`: the bank may leave it blank."""

    desde: int
    largo: int
    dato: Dato
    titulo: str
    opcional: bool = False

    @property
    def hasta(self) -> int:
        """Its last position."""
        return self.desde + self.largo - 1

    def de(self, texto: str) -> str:
        """What a line says there; shorter, or nothing, when the line ends before."""
        return texto[self.desde - 1 : self.hasta]


@dataclass(frozen=True)
class Registro:
    """A kind of line: its fields by name, in order."""

    campos: Mapping[str, Campo]

    @property
    def minimo(self) -> int:
        """The length of a line that ends with its last compulsory datum."""
        return max(c.hasta for c in self.campos.values() if not c.opcional)

    def reservado(self, texto: str) -> str:
        """What a line says after its last field."""
        return texto[max(c.hasta for c in self.campos.values()) :]


@dataclass(frozen=True)
class Trazado:
    """A layout: its width, its records by type, and which of them is a payment.

    `primeras` are the numbers that a sequence may begin with, the nominal one first. `orden` gives the state that each
    type of record leads to from each state; what is not there is out of order.
    """

    ancho: int
    registros: Mapping[str, Registro]
    detalle: str
    primeras: tuple[int, int]
    orden: Mapping[tuple[str, str], str]


def _registro(**campos: Campo) -> Registro:
    return Registro(MappingProxyType(campos))


INICIO, ENTRE_LOTES, EN_LOTE, FIN = "inicio", "entre_lotes", "en_lote", "fin"

_DE_2001 = Trazado(
    ancho=162,
    registros=MappingProxyType(
        {
            ENCABEZADO: _registro(
                nit=Campo(3, 10, Dato.NIT, "NIT de la empresa facturadora"),
                fecha_recaudo=Campo(13, 8, Dato.FECHA, "fecha de recaudo"),
                banco=Campo(21, 3, Dato.CIFRAS, "código del banco"),
                cuenta=Campo(24, 17, Dato.CUENTA, "número de cuenta"),
                fecha_archivo=Campo(41, 8, Dato.FECHA, "fecha del archivo"),
                hora=Campo(49, 4, Dato.HORA, "hora de grabación"),
                modificador=Campo(53, 1, Dato.MODIFICADOR, "modificador del archivo"),
                tipo_cuenta=Campo(54, 2, Dato.TIPO_CUENTA, "tipo de cuenta"),
            ),
            APERTURA_LOTE: _registro(
                servicio=Campo(3, 13, Dato.SERVICIO, "código del servicio"),
                numero=Campo(16, 4, Dato.ENTERO, "número de lote"),
            ),
            "06": _registro(
                referencia=Campo(3, 48, Dato.REFERENCIA, "referencia"),
                valor=Campo(51, 14, Dato.PESOS_POSITIVOS, "valor recaudado"),
                procedencia=Campo(65, 2, Dato.PROCEDENCIA, "procedencia del pago"),
                medio=Campo(67, 2, Dato.MEDIO, "medio de pago"),
                operacion=Campo(69, 6, Dato.CIFRAS, "número de operación", opcional=True),
                autorizacion=Campo(75, 6, Dato.CIFRAS, "número de autorización", opcional=True),
                entidad_debitada=Campo(81, 3, Dato.CIFRAS, "código de la entidad debitada", opcional=True),
                sucursal=Campo(84, 4, Dato.CIFRAS, "código de la sucursal", opcional=True),
                secuencia=Campo(88, 7, Dato.ENTERO, "secuencia"),
                causal=Campo(95, 3, Dato.CAUSAL, "causal de devolución", opcional=True),
            ),
            CIERRE_LOTE: _registro(
                registros=Campo(3, 9, Dato.ENTERO, "total de registros"),
                valor=Campo(12, 18, Dato.PESOS, "valor total"),
                numero=Campo(30, 4, Dato.ENTERO, "número de lote"),
            ),
            CIERRE: _registro(
                registros=Campo(3, 9, Dato.ENTERO, "total de registros"),
                valor=Campo(12, 18, Dato.PESOS, "valor total"),
            ),
        }
    ),
    detalle="06",
    primeras=(2, 1),
    orden=MappingProxyType(
        {
            (INICIO, ENCABEZADO): ENTRE_LOTES,
            (ENTRE_LOTES, APERTURA_LOTE): EN_LOTE,
            (EN_LOTE, "06"): EN_LOTE,
            (EN_LOTE, CIERRE_LOTE): ENTRE_LOTES,
            (ENTRE_LOTES, CIERRE): FIN,
        }
    ),
)

_DE_1998 = Trazado(
    ancho=128,
    registros=MappingProxyType(
        {
            ENCABEZADO: _registro(
                nit=Campo(3, 13, Dato.NIT, "NIT de la empresa facturadora"),
                fecha_recaudo=Campo(16, 8, Dato.FECHA, "fecha de recaudo"),
                banco=Campo(24, 3, Dato.CIFRAS, "código del banco"),
                cuenta=Campo(27, 15, Dato.CUENTA, "número de cuenta"),
            ),
            "02": _registro(
                referencia=Campo(3, 25, Dato.REFERENCIA, "referencia"),
                valor=Campo(28, 13, Dato.PESOS_POSITIVOS, "valor recaudado"),
                procedencia=Campo(41, 2, Dato.PROCEDENCIA, "procedencia del pago"),
                secuencia=Campo(43, 7, Dato.ENTERO, "secuencia"),
            ),
            CIERRE: _registro(
                registros=Campo(3, 9, Dato.ENTERO, "total de registros"),
                valor=Campo(12, 18, Dato.PESOS, "valor total"),
            ),
        }
    ),
    detalle="02",
    primeras=(1, 2),
    orden=MappingProxyType({(INICIO, ENCABEZADO): EN_LOTE, (EN_LOTE, "02"): EN_LOTE, (EN_LOTE, CIERRE): FIN}),
)

TRAZADOS: Mapping[Formato, Trazado] = MappingProxyType(
    {Formato.ASOBANCARIA_2001: _DE_2001, Formato.ASOBANCARIA_1998: _DE_1998}
)


def formato_de(primera: str, segunda: str) -> Formato:
    """The layout of a file, by where its first line has a real date; both begin with `01`.

    A line of one layout may have by chance a date where the other has it, or none where it should. Then the second
    line decides, when it is of one layout only, and otherwise how much the first one says.
    """
    en_2001, en_1998 = (
        fecha_real(t.registros[ENCABEZADO].campos["fecha_recaudo"].de(primera)) is not None
        for t in (_DE_2001, _DE_1998)
    )
    es_1998 = en_1998
    if en_2001 == en_1998:
        corta = len(primera.rstrip()) <= _DE_1998.registros[ENCABEZADO].minimo
        es_1998 = segunda.startswith(_DE_1998.detalle) or (corta and not segunda.startswith(APERTURA_LOTE))
    return Formato.ASOBANCARIA_1998 if es_1998 else Formato.ASOBANCARIA_2001


def fecha_real(cifras: str) -> date | None:
    """The day that eight digits AAAAMMDD name, from 1990 to 2099, or None."""
    if len(cifras) != 8 or not (cifras.isascii() and cifras.isdigit()) or int(cifras[:4]) not in _ANOS:
        return None
    try:
        return date(int(cifras[:4]), int(cifras[4:6]), int(cifras[6:]))
    except ValueError:
        return None
