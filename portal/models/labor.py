"""What processes tell each other of their work: whose turn each job is, and how much has been served."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante


class Labor(Base):
    """A periodic job. While `tomada_por` says who is doing it, nobody else does, until `vence_en`: whoever died loses its turn.

    `terminada_en`, `milisegundos` are of the last time that it ended well; `fallos`, how many times it failed since.
    """

    __tablename__ = "labor"

    nombre: Mapped[str] = mapped_column(String(40), primary_key=True)
    tomada_por: Mapped[str | None] = mapped_column(String(100))
    vence_en: Mapped[datetime | None] = mapped_column(Instante)
    terminada_en: Mapped[datetime | None] = mapped_column(Instante)
    milisegundos: Mapped[int] = mapped_column(Entero, default=0)
    fallos: Mapped[int] = mapped_column(Integer, default=0)
    # The kind of the last failure, never its words: they may quote what a person typed.
    ultimo_error: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (
        CheckConstraint("(tomada_por IS NULL) = (vence_en IS NULL)", name="tomada_hasta_cuando"),
        CheckConstraint("milisegundos >= 0 AND fallos >= 0", name="cuentas_no_negativas"),
    )


class Contador(Base):
    """How much of something every process of every machine has counted, since the portal exists."""

    __tablename__ = "contador"

    nombre: Mapped[str] = mapped_column(String(40), primary_key=True)
    etiqueta: Mapped[str] = mapped_column(String(120), primary_key=True)
    valor: Mapped[int] = mapped_column(Entero)

    __table_args__ = (CheckConstraint("valor >= 0", name="valor_no_negativo"),)
