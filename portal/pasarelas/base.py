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
    # It was approved, and part or all of it was handed back: the gateway does not say how much, so people must.
    APROBADO_CON_DEVOLUCION = "aprobado_con_devolucion"


@dataclass(frozen=True)
class Banco:
    """One bank of PSE, as the gateway lists it."""

    codigo: str
    nombre: str


@dataclass(frozen=True)
class Condicion:
    """A document that the payer must read and accept before paying; `ficha` proves to the gateway which one was shown.

    A `ficha` serves for one payment and expires within an hour, so conditions are asked for anew for each payment.
    `codigo` is `reglamento` or `datos_personales`.
    """

    codigo: str
    titulo: str
    enlace: str
    ficha: str


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
    """One debit to be asked for. `referencia` is ours: unique for ever, at most 32 of `[A-Z0-9-]`. `total` is in pesos.

    `banco` (a code) and `aceptaciones` (the conditions that the payer ticked) are for gateways with `pide_banco`.
    """

    referencia: str
    descripcion: str
    total: Decimal
    comprador: Comprador
    url_retorno: str
    url_cancelacion: str
    ip: str
    agente: str
    vence_en: datetime
    banco: str | None = None
    aceptaciones: tuple[Condicion, ...] = ()


@dataclass(frozen=True)
class PagoIniciado:
    """The gateway's own id of the session, the address where the payer goes on, and the CUS if PSE gave it already.

    Without `url` the payment exists and its address will be told by `consultar` a moment later.
    """

    id_pasarela: str
    url: str | None
    cus: str | None = None


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
    """The gateway's own answer about one session; `crudo` is its JSON without personal data, `url` the payer's address."""

    id_pasarela: str
    referencia: str
    estado: EstadoPasarela
    total: Decimal
    moneda: str
    transacciones: tuple[TransaccionPasarela, ...]
    mensaje: str
    crudo: str
    url: str | None = None


@dataclass(frozen=True)
class AvisoPasarela:
    """A notification whose signature was right: a hint about which session to ask for, never the fact.

    One that is about no payment has neither id nor reference.
    """

    id_pasarela: str
    referencia: str
    estado: str
    fecha: str


class PasarelaNoDisponible(Exception):
    """Network, timeout, 5xx, unreadable answer: nothing is known; ask later."""


class NadaCreado(PasarelaNoDisponible):
    """The question never arrived, or was turned away at the door: for certain it created nothing."""


# `PasarelaRechazo.codigo` of an amount beyond what the gateway takes: PSE has its own words for it (rule R16).
LIMITE_EXCEDIDO = "limite_excedido"


class PasarelaRechazo(Exception):
    """The gateway understood and refused, or would refuse."""

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
    # Whether the payer chooses the bank, and accepts the gateway's conditions, in the portal and before paying.
    pide_banco: bool
    # The document types (the portal's codes) with which somebody can pay; None when the gateway asks by itself.
    documentos: frozenset[str] | None
    # Whether `buscar` can tell what became of a creation whose answer was lost.
    busca_por_referencia: bool
    # Whether `cancelar` can end a session in which nobody has paid.
    cancela: bool
    # Where `iniciar` may send the payer, as sources of a content security policy; empty when only its answer tells.
    destinos: tuple[str, ...]

    def bancos(self) -> tuple[Banco, ...]:
        """The banks to choose from, in the gateway's order. Raises `PasarelaNoDisponible`."""

    def condiciones(self) -> tuple[Condicion, ...]:
        """What the payer must accept for one payment. Raises `PasarelaNoDisponible`."""

    def iniciar(self, solicitud: SolicitudPago) -> PagoIniciado:
        """Ask for a session. Raises `PasarelaNoDisponible` or `PasarelaRechazo`, the latter only if none was created."""

    def consultar(self, id_pasarela: str) -> ResultadoPasarela:
        """Ask what became of a session. Raises `PasarelaNoDisponible` or `TransaccionDesconocida`."""

    def buscar(self, referencia: str) -> ResultadoPasarela | None:
        """The session with our reference; None when the gateway has none. Raises `PasarelaNoDisponible`."""

    def cancelar(self, id_pasarela: str) -> None:
        """End a session without payment. Raises `PasarelaNoDisponible`, `PasarelaRechazo` or `TransaccionDesconocida`."""

    def interpretar_notificacion(self, cabeceras: Mapping[str, str], cuerpo: bytes) -> AvisoPasarela:
        """Check the signature and read a notification. Raises `FirmaInvalida` or `AvisoMalFormado`."""
