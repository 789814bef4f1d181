"""Cases of treasury, and what was done about each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, enum_texto
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.models.liquidacion import Factura
from portal.models.pago import Pago, Recaudo


class Caso(Base):
    """Something that people must settle. `clave` names the fact behind it, so that it is one case however often it is told.

    Open while `cerrado_en` is null; `salida` says how it ended. `detalle` holds no identity number, name or secret.
    """

    __tablename__ = "caso"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    numero: Mapped[int] = mapped_column(Entero, unique=True)
    clase: Mapped[ClaseCaso] = mapped_column(enum_texto(ClaseCaso))
    clave: Mapped[str] = mapped_column(String(120), unique=True)
    abierto_en: Mapped[datetime] = mapped_column(Instante)
    veces: Mapped[int] = mapped_column(Integer, default=1)
    detalle: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    pago_id: Mapped[int | None] = mapped_column(ForeignKey("pago.id"), index=True)
    recaudo_id: Mapped[int | None] = mapped_column(ForeignKey("recaudo.id"), index=True)
    factura_id: Mapped[int | None] = mapped_column(ForeignKey("factura.id"), index=True)

    responsable_id: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    responsable_nombre: Mapped[str] = mapped_column(String(120), default="")
    cerrado_en: Mapped[datetime | None] = mapped_column(Instante)
    cerrado_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    cerrado_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    salida: Mapped[SalidaCaso | None] = mapped_column(enum_texto(SalidaCaso))
    nota: Mapped[str] = mapped_column(String(500), default="")

    pago: Mapped[Pago | None] = relationship()
    recaudo: Mapped[Recaudo | None] = relationship()
    factura: Mapped[Factura | None] = relationship()

    __table_args__ = (
        CheckConstraint("(cerrado_en IS NULL) = (salida IS NULL)", name="cerrado_con_salida"),
        Index(
            "ix_caso_abierto",
            "clase",
            "numero",
            sqlite_where=text("cerrado_en IS NULL"),
            postgresql_where=text("cerrado_en IS NULL"),
        ),
    )

    @property
    def abierto(self) -> bool:
        return self.cerrado_en is None
