"""The file in which a bank tells what it collected in a day: its data and its words.

Layouts 2001 and 1998 of Asobancaria. docs/archivo-del-banco.md says how certain each part of them is. `asobancaria_lectura`
reads such a file, `asobancaria_escritura` writes it, and `asobancaria_llaves` tells when two payment lines are one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from portal.dominio.asobancaria_hallazgos import Hallazgo

PROCEDENCIAS: Mapping[str, str] = MappingProxyType(
    {
        "01": "Banco",
        "02": "Corporación de ahorro",
        "03": "ACH Colombia",
        "04": "Credibanco",
        "05": "ATH",
        "06": "CENIT",
        "07": "Red Multicolor",
        "08": "Servibanca",
    }
)

MEDIOS_DE_PAGO: Mapping[str, str] = MappingProxyType(
    {
        "01": "Efectivo",
        "02": "Cheque",
        "03": "Buzón",
        "11": "Audiorrespuesta",
        "12": "Cajero automático",
        "13": "Datáfono",
        "14": "Domiciliación",
        "15": "Débito por internet",
        "21": "Tarjeta de crédito por audiorrespuesta",
        "22": "Tarjeta de crédito en cajero automático",
        "23": "Tarjeta de crédito en datáfono",
        "24": "Tarjeta de crédito por domiciliación",
        "25": "Tarjeta de crédito por internet",
    }
)

TIPOS_DE_CUENTA: Mapping[str, str] = MappingProxyType({"01": "Ahorros", "02": "Corriente", "03": "Tarjeta"})

_ACH, _DEBITO_POR_INTERNET = "03", "15"


class Formato(StrEnum):
    """The layouts that are read."""

    ASOBANCARIA_2001 = "2001"
    ASOBANCARIA_1998 = "1998"


@dataclass(frozen=True)
class EncabezadoRecaudo:
    """Record 01. `nit` goes without its check digit and `cuenta` without zeros on the left; 1998 has only the first four."""

    nit: str
    fecha_recaudo: date
    banco: str
    cuenta: str
    fecha_archivo: date | None = None
    hora: time | None = None
    modificador: str = ""
    tipo_cuenta: str = ""


@dataclass(frozen=True)
class DetalleRecaudo:
    """One payment. `referencia` goes without zeros on the left, `valor` is pesos; 1998 has only the first four.

    Codes keep their zeros, as the file writes them. `causal` is empty unless the bank returned the payment.
    """

    referencia: str
    valor: Decimal
    procedencia: str
    secuencia: int
    medio: str = ""
    operacion: str = ""
    autorizacion: str = ""
    entidad_debitada: str = ""
    sucursal: str = ""
    causal: str = ""
    linea: int = field(default=0, compare=False)

    @property
    def devuelto(self) -> bool:
        """Whether the bank says that this money did not stay."""
        return bool(self.causal)


@dataclass(frozen=True)
class LoteRecaudo:
    """A bank's batch: the service that its payments are of, as a GLN or the bank's own code, and its number.

    `registros` is what its control record declares. A 1998 file has no batches: its payments are in one, without service.
    """

    servicio: str
    numero: int
    detalles: tuple[DetalleRecaudo, ...]
    registros: int

    @property
    def total(self) -> Decimal:
        """Pesos of its payments."""
        return sum((d.valor for d in self.detalles), Decimal(0))


@dataclass(frozen=True)
class ArchivoRecaudo:
    """A bank's file, whole. `registros` is what its last record declares.

    `huella` is the SHA-256 of its text, the same whatever the encoding, the line ends and the padding; `avisos` are the
    variants found. Neither takes part in comparing two files.
    """

    formato: Formato
    encabezado: EncabezadoRecaudo
    lotes: tuple[LoteRecaudo, ...]
    registros: int
    huella: str = field(default="", compare=False)
    avisos: tuple[Hallazgo, ...] = field(default=(), compare=False)

    @property
    def detalles(self) -> tuple[DetalleRecaudo, ...]:
        """Its payments, in order."""
        return tuple(d for lote in self.lotes for d in lote.detalles)

    @property
    def total(self) -> Decimal:
        """Pesos of its payments."""
        return sum((lote.total for lote in self.lotes), Decimal(0))


def es_de_pse(detalle: DetalleRecaudo) -> bool:
    """Whether the gateway tells of this payment too (procedencia 03, medio 15), so that it must not be applied again.

    1998 carries no medio: whatever comes from ACH Colombia is taken as PSE there, the side on which nothing is applied twice.
    """
    return detalle.procedencia == _ACH and detalle.medio in (_DEBITO_POR_INTERNET, "")
