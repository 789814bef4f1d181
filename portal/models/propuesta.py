"""A proposed yearly value: written by one administrator, published by another. Only a published one has a dated row."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante, Pesos, enum_texto


class EstadoPropuesta(StrEnum):
    """A draft ends once: published or withdrawn."""

    BORRADOR = "borrador"
    PUBLICADA = "publicada"
    RETIRADA = "retirada"


class PropuestaIndicador(Base):
    """The pesos that an indicator would have between two days, with the act and its evidence; the draft may lack both.

    `autor_id` is who wrote the draft last: who answers for it and may not publish it.
    """

    __tablename__ = "propuesta_indicador"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    departamento: Mapped[str] = mapped_column(String(30))
    codigo: Mapped[str] = mapped_column(String(80))
    desde: Mapped[date]
    hasta: Mapped[date]
    valor: Mapped[Decimal] = mapped_column(Pesos)
    acto: Mapped[str] = mapped_column(String(160))
    acto_fecha: Mapped[date | None]
    evidencia: Mapped[str] = mapped_column(String(500))
    salto_confirmado: Mapped[bool]
    estado: Mapped[EstadoPropuesta] = mapped_column(enum_texto(EstadoPropuesta), default=EstadoPropuesta.BORRADOR)
    version: Mapped[int] = mapped_column(Integer, default=1)
    autor_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    autor_nombre: Mapped[str] = mapped_column(String(120))
    escrita_en: Mapped[datetime] = mapped_column(Instante)
    resuelta_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    resuelta_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    resuelta_en: Mapped[datetime | None] = mapped_column(Instante)
    motivo: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        CheckConstraint("valor > 0", name="valor_positivo"),
        CheckConstraint("hasta >= desde", name="hasta_despues_de_desde"),
        CheckConstraint("(estado = 'borrador') = (resuelta_por IS NULL)", name="resuelta_por_alguien"),
        CheckConstraint("(resuelta_por IS NULL) = (resuelta_en IS NULL)", name="resuelta_en_su_instante"),
        CheckConstraint("estado <> 'publicada' OR resuelta_por <> autor_id", name="la_publica_otra_persona"),
        CheckConstraint(
            "estado <> 'publicada' OR (acto <> '' AND acto_fecha IS NOT NULL AND evidencia <> '')",
            name="publicada_con_su_acto",
        ),
        CheckConstraint("estado <> 'retirada' OR motivo <> ''", name="retirada_con_motivo"),
        Index(
            "uq_propuesta_indicador_viva",
            "departamento",
            "codigo",
            "desde",
            unique=True,
            sqlite_where=text("estado <> 'retirada'"),
            postgresql_where=text("estado <> 'retirada'"),
        ),
    )

    @property
    def es_borrador(self) -> bool:
        return self.estado is EstadoPropuesta.BORRADOR
