"""What the gateway and the bank say of each day, and the closes that treasury signed over the three."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos


class MovimientoPasarela(Base):
    """What a gateway answered of one transaction when it was asked again on the Colombian day `consultado_el`: the last answer.

    `estado` is the portal's word for it; `dia` is the accounting day of the transaction.
    """

    __tablename__ = "movimiento_pasarela"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    pasarela: Mapped[str] = mapped_column(String(20))
    transaccion: Mapped[str] = mapped_column(String(64))
    consultado_el: Mapped[date]
    consultado_en: Mapped[datetime] = mapped_column(Instante)
    pago_id: Mapped[int] = mapped_column(ForeignKey("pago.id"), index=True)
    dia: Mapped[date]
    estado: Mapped[str] = mapped_column(String(20))
    valor: Mapped[Decimal] = mapped_column(Pesos)
    moneda: Mapped[str] = mapped_column(String(3))
    cus: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (
        UniqueConstraint("pasarela", "transaccion", "consultado_el"),
        Index("ix_movimiento_pasarela_dia", "dia"),
    )


class Cierre(Base):
    """One account's day as treasury signed it. Never changed nor deleted: reopening it is a row of its own.

    `contenido` is the canonical text of its lines, `entradas` the digest of what the three sides brought, `hasta_asiento` the
    last asiento that it could know of, and `huella` what the signature stands on.
    """

    __tablename__ = "cierre"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    cuenta: Mapped[str] = mapped_column(String(40))
    dia: Mapped[date]
    version: Mapped[int]
    contenido: Mapped[str] = mapped_column(Text)
    entradas: Mapped[str] = mapped_column(String(64))
    hasta_asiento: Mapped[int]
    novedades: Mapped[int]
    huella: Mapped[str] = mapped_column(String(64), unique=True)
    firmado_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    firmado_por_nombre: Mapped[str] = mapped_column(String(120))
    firmado_en: Mapped[datetime] = mapped_column(Instante)

    reapertura: Mapped["Reapertura | None"] = relationship(back_populates="cierre")

    __table_args__ = (
        UniqueConstraint("cuenta", "dia", "version"),
        CheckConstraint("version > 0", name="version_positiva"),
    )


class Reapertura(Base):
    """Why a signed close counts no more; the next version replaces it. At most one per signature."""

    __tablename__ = "reapertura"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    cierre_id: Mapped[int] = mapped_column(ForeignKey("cierre.id"), unique=True)
    motivo: Mapped[str] = mapped_column(String(500))
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))
    en: Mapped[datetime] = mapped_column(Instante)

    cierre: Mapped[Cierre] = relationship(back_populates="reapertura")
