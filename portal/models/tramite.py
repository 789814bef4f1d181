"""The trámites that a department lets people assess by themselves, for each entity that asks for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante


class TramiteAbierto(Base):
    """A trámite open to whoever is asked for its stamps by `entidad`. Ended by closing it; one row in force for each pair."""

    __tablename__ = "tramite_abierto"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    departamento: Mapped[str] = mapped_column(String(30))
    # The codes of its acts, joined by `+`: the same document may be several, and the administrator says which.
    actos: Mapped[str] = mapped_column(String(120))
    # As people know it: it answers *¿Qué entidad le pidió la estampilla?*
    entidad: Mapped[str] = mapped_column(String(160))
    abierto_en: Mapped[datetime] = mapped_column(Instante)
    abierto_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    abierto_por_nombre: Mapped[str] = mapped_column(String(120))
    cerrado_en: Mapped[datetime | None] = mapped_column(Instante)
    cerrado_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    cerrado_por_nombre: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (
        CheckConstraint("entidad <> ''", name="con_entidad"),
        CheckConstraint("(cerrado_en IS NULL) = (cerrado_por IS NULL)", name="cerrado_por_alguien"),
        Index(
            "uq_tramite_abierto_vigente",
            "departamento",
            "actos",
            "entidad",
            unique=True,
            sqlite_where=text("cerrado_en IS NULL"),
            postgresql_where=text("cerrado_en IS NULL"),
        ),
    )

    @property
    def codigos(self) -> tuple[str, ...]:
        """Its acts, the principal one first."""
        return tuple(self.actos.split("+"))
