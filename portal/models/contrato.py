"""A contract's life: the root that is locked, and an append-only ledger of what changed its value and what was paid of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.models.liquidacion import Liquidacion


class Contrato(Base):
    """One contract of one contractor with one entity: the row that whoever changes its life locks.

    `documento` and `numero` as printed. `entidad`: the id of the collecting agent that contracts, or 0: the department, and
    whoever collects nothing for it. Every entity numbers its contracts by itself.
    """

    __tablename__ = "contrato"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    departamento: Mapped[str] = mapped_column(String(30))
    vigencia: Mapped[int] = mapped_column(Integer)
    documento: Mapped[str] = mapped_column(String(20))
    numero: Mapped[str] = mapped_column(String(40))
    entidad: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("departamento", "vigencia", "documento", "numero", "entidad"),)


class ClaseMovimiento(StrEnum):
    """What can happen to a contract."""

    INICIAL = "inicial"
    ADICION = "adicion"
    REDUCCION = "reduccion"
    CUENTA = "cuenta"
    SIN_EFECTO = "sin_efecto"


class MovimientoContrato(Base):
    """One line of a contract's ledger. Nothing here is ever changed: what is undone is another line with the opposite sign.

    `valor`: how much the contract's value changed; `pagado`: how much the entity paid of it; both in pesos, with sign, so that
    the contract is worth the sum of the first and has been paid the sum of the second. `adicion`: which part of the value was
    touched (0 the contract, 1 its first addition…). `documento` and `fecha` are those of the act that moved it.
    """

    __tablename__ = "movimiento_contrato"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    contrato_id: Mapped[int] = mapped_column(ForeignKey("contrato.id"))
    orden: Mapped[int] = mapped_column(Integer)
    clase: Mapped[ClaseMovimiento] = mapped_column(enum_texto(ClaseMovimiento))
    adicion: Mapped[int] = mapped_column(Integer, default=0)
    valor: Mapped[Decimal] = mapped_column(Pesos, default=Decimal(0))
    pagado: Mapped[Decimal] = mapped_column(Pesos, default=Decimal(0))
    documento: Mapped[str] = mapped_column(String(40), default="")
    # A voiding has no act of its own; `en` says when it was.
    fecha: Mapped[date | None]
    # The liquidación that it produced, or that it undid; none when a reduction left nothing to assess.
    liquidacion_id: Mapped[int | None] = mapped_column(ForeignKey("liquidacion.id"), index=True)
    en: Mapped[datetime] = mapped_column(Instante)
    usuario_id: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))

    liquidacion: Mapped[Liquidacion | None] = relationship(back_populates="movimientos")
    saldos: Mapped[list["SaldoAFavor"]] = relationship(back_populates="movimiento", order_by="SaldoAFavor.id")

    # The unique order is what makes two acts over one contract impossible at the same time, even if nobody locked.
    __table_args__ = (
        UniqueConstraint("contrato_id", "orden"),
        CheckConstraint("orden > 0", name="orden_positivo"),
        CheckConstraint("(clase = 'sin_efecto') = (fecha IS NULL)", name="fechado_por_su_acto"),
    )


class SaldoAFavor(Base):
    """Pesos of a stamp that were paid and that a reduction took the reason from: the contributor's, until they are returned."""

    __tablename__ = "saldo_a_favor"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    movimiento_id: Mapped[int] = mapped_column(ForeignKey("movimiento_contrato.id"))
    acto: Mapped[str] = mapped_column(String(30))
    estampilla: Mapped[str] = mapped_column(String(60))
    valor: Mapped[Decimal] = mapped_column(Pesos)

    movimiento: Mapped[MovimientoContrato] = relationship(back_populates="saldos")

    __table_args__ = (
        UniqueConstraint("movimiento_id", "acto", "estampilla"),
        CheckConstraint("valor > 0", name="valor_positivo"),
    )
