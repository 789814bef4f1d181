"""The banks of PSE, kept so that a page never has to ask for them (rule R1)."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instante


class ListaBancosPse(Base):
    """The banks that one gateway listed, as `[code, name]`, and when it was read and last asked for."""

    __tablename__ = "lista_bancos_pse"

    pasarela: Mapped[str] = mapped_column(String(20), primary_key=True)
    bancos: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    leida_en: Mapped[datetime | None] = mapped_column(Instante)
    intentada_en: Mapped[datetime] = mapped_column(Instante)
