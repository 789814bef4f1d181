"""What people tell when they paid and it does not appear: how to answer them, kept apart from the case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante
from portal.models.caso import Caso


class Reclamo(Base):
    """One person's claim about a case *Pagué y no aparece*. `dato` is the CUS or reference as typed; only treasury reads it."""

    __tablename__ = "reclamo"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"))
    dato: Mapped[str] = mapped_column(String(60))
    correo: Mapped[str] = mapped_column(String(254))
    telefono: Mapped[str] = mapped_column(String(30), default="")
    recibido_en: Mapped[datetime] = mapped_column(Instante)

    caso: Mapped[Caso] = relationship()

    __table_args__ = (
        CheckConstraint("correo <> ''", name="con_a_quien_responder"),
        # The same person who sends it again says nothing new.
        UniqueConstraint("caso_id", "correo", "telefono"),
    )
