"""The electronic stamp of a legalised factura, the keys that sign it, and the PDFs that were made: tables that only grow."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante
from portal.models.liquidacion import Factura
from portal.models.pago import Recaudo


class ClaveEstampillas(Base):
    """A public key that stamps were signed with, for ever: what it signed stays valid after another one replaces it.

    `id` is the beginning of the SHA-256 of the key; `publica` is its PEM.
    """

    __tablename__ = "clave_estampillas"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    publica: Mapped[str] = mapped_column(String(200), unique=True)
    creada_en: Mapped[datetime] = mapped_column(Instante)


class EstampillaElectronica(Base):
    """What was issued for a factura that a credit legalised, or that is worth $0. Its state is the factura's, never copied.

    A factura has one for each credit that legalised it in turn, numbered by `orden`: the last is the one in force, the others
    were issued for money that the bank took back. `impresa` is what its PDF says, fixed then.
    """

    __tablename__ = "estampilla_electronica"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(12), unique=True)
    factura_id: Mapped[int] = mapped_column(ForeignKey("factura.id"))
    orden: Mapped[int] = mapped_column(Integer)
    # Null for a stamp of $0: nobody paid.
    recaudo_id: Mapped[int | None] = mapped_column(ForeignKey("recaudo.id"), index=True)
    clave_id: Mapped[str] = mapped_column(ForeignKey("clave_estampillas.id"))
    # The signed text of its QR (`portal.dominio.sello`), signature included.
    sello: Mapped[str] = mapped_column(String(1600))
    impresa: Mapped[dict[str, Any]] = mapped_column(JSON)
    expedida_en: Mapped[datetime] = mapped_column(Instante)

    factura: Mapped[Factura] = relationship()
    recaudo: Mapped[Recaudo | None] = relationship()
    clave: Mapped[ClaveEstampillas] = relationship()

    __table_args__ = (
        # Two who issue at once: one of them finds the place taken.
        UniqueConstraint("factura_id", "orden"),
        UniqueConstraint("factura_id", "recaudo_id"),
        CheckConstraint("orden > 0", name="orden_positivo"),
    )


class Impresion(Base):
    """A document that was made, once for each digest: whoever holds a file can be told whether it is one of ours.

    `documento` names it (`estampilla:K7M2…`); `contenido` is the SHA-256 of what was laid out, `huella` that of the PDF. Equal
    content gives equal bytes, so a second digest of one content means that the printing itself changed.
    """

    __tablename__ = "impresion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    documento: Mapped[str] = mapped_column(String(60))
    contenido: Mapped[str] = mapped_column(String(64))
    huella: Mapped[str] = mapped_column(String(64), index=True)
    hecha_en: Mapped[datetime] = mapped_column(Instante)

    __table_args__ = (UniqueConstraint("documento", "huella"),)
