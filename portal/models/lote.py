"""A file of contracts: kept between its dry run and its import, and afterwards the liquidación of each of its rows."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos
from portal.models.liquidacion import Liquidacion


class Lote(Base):
    """One file. `contenido` holds its bytes until it is imported or `vence_en`, and no longer."""

    __tablename__ = "lote"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    departamento: Mapped[str] = mapped_column(String(30))
    archivo: Mapped[str] = mapped_column(String(120))
    huella: Mapped[str] = mapped_column(String(64))
    contenido: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))
    creado_en: Mapped[datetime] = mapped_column(Instante)
    vence_en: Mapped[datetime] = mapped_column(Instante)
    importado_en: Mapped[datetime | None] = mapped_column(Instante)
    nuevas: Mapped[int] = mapped_column(default=0)
    iguales: Mapped[int] = mapped_column(default=0)
    total: Mapped[Decimal] = mapped_column(Pesos, default=0)

    __table_args__ = (
        CheckConstraint("(importado_en IS NULL) = (contenido IS NOT NULL)", name="contenido_hasta_importar"),
        CheckConstraint("total >= 0", name="total_no_negativo"),
        Index(None, "departamento", "importado_en"),
    )


class RenglonLote(Base):
    """What a row of an imported file led to: a liquidación issued by it (`nueva`), or the one that was there already."""

    __tablename__ = "renglon_lote"

    lote_id: Mapped[int] = mapped_column(ForeignKey("lote.id"), primary_key=True)
    fila: Mapped[int] = mapped_column(Entero, primary_key=True, autoincrement=False)
    liquidacion_id: Mapped[int] = mapped_column(ForeignKey("liquidacion.id"), index=True)
    nueva: Mapped[bool]

    liquidacion: Mapped[Liquidacion] = relationship()
