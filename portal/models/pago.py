"""Payment attempts, what they cover, what the gateway said, and the money it confirmed."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.calendario import BOGOTA
from portal.dominio.declaraciones import retenida_por
from portal.dominio.estados import EstadoPago
from portal.dominio.libro import EXCEDENTES, POR_IDENTIFICAR, ClaseAsiento
from portal.models.libro import Asiento
from portal.models.liquidacion import Factura, Liquidacion


class TipoPersona(StrEnum):
    """PSE asks it with the bank (rule R3)."""

    NATURAL = "natural"
    JURIDICA = "juridica"


class Pago(Base):
    """One attempt to pay some facturas of one assessment through one gateway.

    Committed before the gateway is called; `referencia` is ours, unique for ever, and is what the gateway knows us by.
    """

    __tablename__ = "pago"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    referencia: Mapped[str] = mapped_column(String(32), unique=True)
    clave_formulario: Mapped[str] = mapped_column(String(64), unique=True)
    liquidacion_id: Mapped[int] = mapped_column(ForeignKey("liquidacion.id"), index=True)
    total: Mapped[Decimal] = mapped_column(Pesos)
    estado: Mapped[EstadoPago] = mapped_column(enum_texto(EstadoPago), default=EstadoPago.CREADO)

    tipo_persona: Mapped[TipoPersona] = mapped_column(enum_texto(TipoPersona))
    tipo_documento: Mapped[str] = mapped_column(String(4))
    documento: Mapped[str] = mapped_column(String(20))
    nombre: Mapped[str] = mapped_column(String(120))
    correo: Mapped[str] = mapped_column(String(254))
    telefono: Mapped[str] = mapped_column(String(30))
    ip: Mapped[str] = mapped_column(String(46))
    agente: Mapped[str] = mapped_column(String(255))

    pasarela: Mapped[str] = mapped_column(String(20))
    id_pasarela: Mapped[str | None] = mapped_column(String(64))
    url_pasarela: Mapped[str | None] = mapped_column(String(500))
    cus: Mapped[str | None] = mapped_column(String(60), index=True)
    banco: Mapped[str | None] = mapped_column(String(120))
    mensaje: Mapped[str] = mapped_column(String(300), default="")
    # The bank refused a debit of this session and none is under way: the payer may try again in it.
    rechazado_en_sesion: Mapped[bool] = mapped_column(default=False)

    creado_en: Mapped[datetime] = mapped_column(Instante)
    vence_en: Mapped[datetime] = mapped_column(Instante)
    consultado_en: Mapped[datetime | None] = mapped_column(Instante)
    # When the probe must ask next; null once nothing more is to be asked.
    consultar_desde: Mapped[datetime | None] = mapped_column(Instante, index=True)
    resuelto_en: Mapped[datetime | None] = mapped_column(Instante, index=True)
    # When it was last asked for to compare a whole day, whatever its state.
    conciliado_en: Mapped[datetime | None] = mapped_column(Instante)

    liquidacion: Mapped[Liquidacion] = relationship()
    renglones: Mapped[list["PagoFactura"]] = relationship(back_populates="pago", order_by="PagoFactura.factura_id")
    recaudos: Mapped[list["Recaudo"]] = relationship(back_populates="pago", order_by="Recaudo.id")

    __table_args__ = (
        UniqueConstraint("pasarela", "id_pasarela"),
        CheckConstraint("total > 0", name="total_positivo"),
    )

    @property
    def numero_liquidacion(self) -> int:
        """The number that people know its liquidación by."""
        return self.liquidacion.numero

    @property
    def excedente(self) -> Decimal:
        """Pesos confirmed by the bank that legalised nothing and have not been handed back."""
        return sum((r.excedente for r in self.recaudos), Decimal(0))

    @property
    def devuelto(self) -> Decimal:
        """Pesos of it that treasury handed back."""
        return sum((r.devuelto for r in self.recaudos), Decimal(0))

    @property
    def devuelto_entero(self) -> bool:
        """Whether all that it brought was handed back."""
        return self.devuelto > 0 and self.devuelto == sum((r.valor for r in self.recaudos), Decimal(0))

    @property
    def reversion(self) -> "Reversion | None":
        """The bank's taking back of what this attempt paid, if it did and no other credit of the attempt stands."""
        reversiones = [r.reversion for r in self.recaudos]
        return reversiones[-1] if reversiones and all(reversiones) else None


class PagoFactura(Base):
    """A factura covered by an attempt. While `viva`, the database lets no other attempt cover it (I-08)."""

    __tablename__ = "pago_factura"

    pago_id: Mapped[int] = mapped_column(ForeignKey("pago.id"), primary_key=True)
    factura_id: Mapped[int] = mapped_column(ForeignKey("factura.id"), primary_key=True, index=True)
    valor: Mapped[Decimal] = mapped_column(Pesos)
    viva: Mapped[bool] = mapped_column(default=True)

    pago: Mapped[Pago] = relationship(back_populates="renglones")
    factura: Mapped[Factura] = relationship()

    __table_args__ = (
        CheckConstraint("valor > 0", name="valor_positivo"),
        Index(
            "uq_pago_factura_viva", "factura_id", unique=True, sqlite_where=text("viva"), postgresql_where=text("viva")
        ),
    )


class CanalRecaudo(StrEnum):
    """How the money came."""

    PSE = "pse"
    VENTANILLA = "ventanilla"
    MANUAL = "manual"
    # A collecting agent took it from the contributor and owes it to the department.
    RETENCION = "retencion"
    # The system that was there before had confirmed it, and it came with its documents.
    MIGRACION = "migracion"


class ClaseRecaudo(StrEnum):
    """What a confirmed credit turned out to be: every peso is a row, whatever it paid (I-05, I-12)."""

    APLICADO = "aplicado"
    # Part of it paid stamps; the rest fell on stamps that another payment had already paid and is owed back.
    PARCIAL = "parcial"
    DOBLE = "doble"
    VALOR_DISTINTO = "valor_distinto"
    # The bank reports money for a reference that is none of ours.
    SIN_IDENTIFICAR = "sin_identificar"


class Recaudo(Base):
    """One confirmed credit, never changed. The unique transaction is what makes a second application impossible (I-06).

    `pasarela` says who confirmed it: a gateway's code, `banco` for a line of its file, `tesoreria` for two people's word,
    `agente` for a collecting agent, whose name is then in `banco`: who received the money; `anterior` for the system that was
    there before this one.
    What it is worth today is the ledger's to say; `aplicado` is what it legalised when it came.
    """

    __tablename__ = "recaudo"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    pago_id: Mapped[int | None] = mapped_column(ForeignKey("pago.id"), index=True)
    canal: Mapped[CanalRecaudo] = mapped_column(enum_texto(CanalRecaudo), default=CanalRecaudo.PSE)
    pasarela: Mapped[str] = mapped_column(String(20))
    transaccion: Mapped[str] = mapped_column(String(64))
    valor: Mapped[Decimal] = mapped_column(Pesos)
    # What legalised facturas; the rest is owed back to somebody and waits in the open.
    aplicado: Mapped[Decimal] = mapped_column(Pesos)
    moneda: Mapped[str] = mapped_column(String(3))
    clase: Mapped[ClaseRecaudo] = mapped_column(enum_texto(ClaseRecaudo))
    cus: Mapped[str | None] = mapped_column(String(60), index=True)
    banco: Mapped[str | None] = mapped_column(String(120))
    autorizacion: Mapped[str | None] = mapped_column(String(60))
    fecha_banco: Mapped[datetime | None] = mapped_column(Instante, index=True)
    registrado_en: Mapped[datetime] = mapped_column(Instante, index=True)

    pago: Mapped[Pago | None] = relationship(back_populates="recaudos")
    asientos: Mapped[list[Asiento]] = relationship(order_by=Asiento.numero, viewonly=True)
    reversion: Mapped["Reversion | None"] = relationship(back_populates="recaudo")

    __table_args__ = (
        UniqueConstraint("pasarela", "transaccion"),
        CheckConstraint("valor > 0 AND aplicado >= 0 AND aplicado <= valor", name="aplicado_dentro_del_valor"),
        CheckConstraint("(canal = 'pse') = (pago_id IS NOT NULL)", name="pse_con_pago"),
        # One attempt legalises its facturas once, however many credits it receives.
        Index(
            "uq_recaudo_aplicado",
            "pago_id",
            unique=True,
            sqlite_where=text("aplicado > 0"),
            postgresql_where=text("aplicado > 0"),
        ),
    )

    @property
    def excedente(self) -> Decimal:
        """Pesos of it that wait to be handed back, as the ledger has them now."""
        return self.espera_en(EXCEDENTES)

    @property
    def por_identificar(self) -> Decimal:
        """Pesos of it that wait for their owner to be known."""
        return self.espera_en(POR_IDENTIFICAR)

    @property
    def en_espera(self) -> Decimal:
        """Pesos of it that somebody still has to hand back or to put on a factura."""
        return self.excedente + self.por_identificar

    @property
    def devuelto(self) -> Decimal:
        """Pesos of it that treasury handed back, less those that the bank could not deliver."""
        signos = {ClaseAsiento.DEVOLUCION: 1, ClaseAsiento.REBOTE: -1}
        return sum((a.valor * signos.get(a.clase, 0) for a in self.asientos), Decimal(0))

    def retenida(self, *, con_documento: bool = True) -> str:
        """How it paid, in words, when an agent withheld it; empty for any other credit."""
        if self.canal is not CanalRecaudo.RETENCION:
            return ""
        dia = (self.fecha_banco or self.registrado_en).astimezone(BOGOTA).date()
        return retenida_por(self.banco or "", dia, self.autorizacion or "" if con_documento else "")

    def espera_en(self, cuenta: str) -> Decimal:
        """Pesos of it that wait in one of those accounts."""
        return sum((a.valor_en(cuenta) for a in self.asientos), Decimal(0))


class CausaReversion(StrEnum):
    """Who said that the money was taken back."""

    PASARELA = "pasarela"
    BANCO = "banco"
    TESORERIA = "tesoreria"
    # The agent undid what it had registered as withheld.
    AGENTE = "agente"


class Reversion(Base):
    """The bank took a confirmed credit back: an event of its own, at most one per credit. The attempt stays approved."""

    __tablename__ = "reversion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    recaudo_id: Mapped[int] = mapped_column(ForeignKey("recaudo.id"), unique=True)
    en: Mapped[datetime] = mapped_column(Instante)
    causa: Mapped[CausaReversion] = mapped_column(enum_texto(CausaReversion))
    motivo: Mapped[str] = mapped_column(String(300))

    recaudo: Mapped[Recaudo] = relationship(back_populates="reversion")


class EventoPago(Base):
    """One thing that happened to an attempt: a move, or an answer of the gateway that could not be believed as it stood."""

    __tablename__ = "evento_pago"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    pago_id: Mapped[int] = mapped_column(ForeignKey("pago.id"), index=True)
    en: Mapped[datetime] = mapped_column(Instante)
    desde: Mapped[str | None] = mapped_column(String(32))
    hasta: Mapped[str] = mapped_column(String(32))
    causa: Mapped[str] = mapped_column(String(32))
    detalle: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Notificacion(Base):
    """A gateway callback whose signature was right, kept raw. The same bytes again only raise `veces`."""

    __tablename__ = "notificacion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    pasarela: Mapped[str] = mapped_column(String(20))
    huella: Mapped[str] = mapped_column(String(64))
    cuerpo: Mapped[bytes] = mapped_column(LargeBinary)
    id_pasarela: Mapped[str] = mapped_column(String(64))
    referencia: Mapped[str] = mapped_column(String(64))
    estado_dicho: Mapped[str] = mapped_column(String(40))
    recibida_en: Mapped[datetime] = mapped_column(Instante)
    veces: Mapped[int] = mapped_column(Integer, default=1)
    # Null while nobody has asked the gateway about it; the probe picks those up.
    atendida_en: Mapped[datetime | None] = mapped_column(Instante)
    resultado: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("pasarela", "huella"),)
