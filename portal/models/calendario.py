"""What administrators add to the calendar: non-working days, outages. Written once; triggers refuse all but ending a row."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante


class DiaNoHabil(Base):
    """A day that an act declared non-working, besides the holidays of the law. One row in force for each day."""

    __tablename__ = "dia_no_habil"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    dia: Mapped[date]
    motivo: Mapped[str] = mapped_column(String(200))
    # The decree or resolution that says so.
    norma: Mapped[str] = mapped_column(String(160))
    declarado_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    declarado_por_nombre: Mapped[str] = mapped_column(String(120))
    declarado_en: Mapped[datetime] = mapped_column(Instante)

    revocado_en: Mapped[datetime | None] = mapped_column(Instante)
    revocado_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    revocado_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    revocado_motivo: Mapped[str] = mapped_column(String(300), default="")

    __table_args__ = (
        CheckConstraint("motivo <> '' AND norma <> ''", name="con_motivo_y_norma"),
        CheckConstraint("(revocado_en IS NULL) = (revocado_por IS NULL)", name="revocado_por_alguien"),
        CheckConstraint("(revocado_en IS NULL) = (revocado_motivo = '')", name="revocado_con_motivo"),
        Index(
            "uq_dia_no_habil_vigente",
            "dia",
            unique=True,
            sqlite_where=text("revocado_en IS NULL"),
            postgresql_where=text("revocado_en IS NULL"),
        ),
    )

    @property
    def revocado(self) -> bool:
        return self.revocado_en is not None


class Contingencia(Base):
    """An outage of the portal, from an instant until another. `motivo` is shown to the public while it lasts.

    While `abierta`, which mirrors the absence of `fin` because a partial unique index needs a column, there is no other open
    one. One that had ended when it was declared is born closed.
    """

    __tablename__ = "contingencia"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    inicio: Mapped[datetime] = mapped_column(Instante, unique=True)
    motivo: Mapped[str] = mapped_column(String(200))
    declarada_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    declarada_por_nombre: Mapped[str] = mapped_column(String(120))
    declarada_en: Mapped[datetime] = mapped_column(Instante)

    abierta: Mapped[bool]
    fin: Mapped[datetime | None] = mapped_column(Instante)
    terminada_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    terminada_por_nombre: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (
        CheckConstraint("motivo <> ''", name="con_motivo"),
        CheckConstraint("inicio <= declarada_en", name="empezo_antes_de_declararse"),
        CheckConstraint("fin > inicio", name="termina_despues_de_empezar"),
        CheckConstraint("abierta = (fin IS NULL)", name="abierta_mientras_no_termine"),
        CheckConstraint("(fin IS NULL) = (terminada_por IS NULL)", name="terminada_por_alguien"),
        Index(
            "uq_contingencia_abierta",
            "abierta",
            unique=True,
            sqlite_where=text("abierta"),
            postgresql_where=text("abierta"),
        ),
    )
