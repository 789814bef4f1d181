"""What the portal asks of any gateway, in the portal's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class EstadoPasarela(StrEnum):
    """What a gateway can say of a session or a transaction, once translated. Unknown words are PENDIENTE, never APROBADO."""

    PENDIENTE = "pendiente"
    APROBADO = "aprobado"
    RECHAZADO = "rechazado"
    FALLIDO = "fallido"
    VENCIDO = "vencido"
    # It had been approved, and the gateway says in so many words that the money was taken back.
    REVERTIDO = "revertido"


@dataclass(frozen=True)
class Comprador:
    """Who pays. `tipo_persona` is `natural` or `juridica`; documents use the portal's own type codes."""

    tipo_persona: str
    tipo_documento: str
    documento: str
    nombre: str
    correo: str
    telefono: str


@dataclass(frozen=True)
class SolicitudPago:
    """One debit to be asked for. `referencia` is ours: unique for ever, at most 32 of `[A-Z0-9-]`. `total` is in pesos."""

    referencia: str
    descripcion: str
    total: Decimal
    comprador: Comprador
    url_retorno: str
    url_cancelacion: str
    ip: str
    agente: str
    vence_en: datetime


@dataclass(frozen=True)
class PagoIniciado:
    """The gateway's own id of the session and the address where the payer goes on."""

    id_pasarela: str
    url: str


@dataclass(frozen=True)
class TransaccionPasarela:
    """One debit attempt inside a session, as the gateway tells it. `valor` is in pesos."""

    id: str
    estado: EstadoPasarela
    valor: Decimal
    moneda: str
    cus: str | None
    banco: str | None
    autorizacion: str | None
    recibo: str | None
    fecha: datetime | None
    motivo: str
    mensaje: str


@dataclass(frozen=True)
class ResultadoPasarela:
    """The gateway's own answer about one session; `crudo` is its JSON without personal data."""

    id_pasarela: str
    referencia: str
    estado: EstadoPasarela
    total: Decimal
    moneda: str
    transacciones: tuple[TransaccionPasarela, ...]
    mensaje: str
    crudo: str


@dataclass(frozen=True)
class AvisoPasarela:
    """A notification whose signature was right: a hint about which session to ask for, never the fact."""

    id_pasarela: str
    referencia: str
    estado: str
    fecha: str


class PasarelaNoDisponible(Exception):
    """Network, timeout, 5xx, unreadable answer: nothing is known; ask later."""


class PasarelaRechazo(Exception):
    """The gateway understood and refused to start the payment."""

    def __init__(self, codigo: str, mensaje: str) -> None:
        super().__init__(f"{codigo}: {mensaje}")
        self.codigo, self.mensaje = codigo, mensaje


class TransaccionDesconocida(Exception):
    """The gateway says that it does not know the session."""


class FirmaInvalida(Exception):
    """The notification is not signed by the gateway."""


class AvisoMalFormado(Exception):
    """The notification is not what the protocol describes."""


class Pasarela(Protocol):
    """A gateway. No HTML, no database, no web framework."""

    codigo: str

    def iniciar(self, solicitud: SolicitudPago) -> PagoIniciado:
        """Ask for a session. Raises `PasarelaNoDisponible` or `PasarelaRechazo`."""

    def consultar(self, id_pasarela: str) -> ResultadoPasarela:
        """Ask what became of a session. Raises `PasarelaNoDisponible` or `TransaccionDesconocida`."""

    def interpretar_notificacion(self, cabeceras: Mapping[str, str], cuerpo: bytes) -> AvisoPasarela:
        """Check the signature and read a notification. Raises `FirmaInvalida` or `AvisoMalFormado`."""
