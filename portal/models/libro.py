"""The ledger: every peso that moved, in order, for ever."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.libro import ClaseAsiento


class Asiento(Base):
    """One transfer of pesos from `haber` to `debe`. Triggers refuse to change or delete it on both engines.

    `huella` chains it to the asiento before; `origen` names the fact behind it and is unique, so nothing is entered twice.
    """

    __tablename__ = "asiento"

    # Consecutive from 1 without gaps: a missing number is a missing row.
    numero: Mapped[int] = mapped_column(Entero, primary_key=True, autoincrement=False)
    en: Mapped[datetime] = mapped_column(Instante, index=True)
    clase: Mapped[ClaseAsiento] = mapped_column(enum_texto(ClaseAsiento))
    debe: Mapped[str] = mapped_column(String(80), index=True)
    haber: Mapped[str] = mapped_column(String(80), index=True)
    valor: Mapped[Decimal] = mapped_column(Pesos)
    origen: Mapped[str] = mapped_column(String(120), unique=True)
    recaudo_id: Mapped[int | None] = mapped_column(ForeignKey("recaudo.id"), index=True)
    factura_id: Mapped[int | None] = mapped_column(ForeignKey("factura.id"), index=True)
    huella: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (
        CheckConstraint("numero > 0", name="numero_positivo"),
        CheckConstraint("valor > 0", name="valor_positivo"),
        CheckConstraint("debe <> haber", name="entre_dos_cuentas"),
    )

    def valor_en(self, cuenta: str) -> Decimal:
        """Pesos that it left for somebody in a liability such as `excedentes`: positive when given, negative when taken."""
        if self.haber == cuenta:
            return self.valor
        return -self.valor if self.debe == cuenta else Decimal(0)
