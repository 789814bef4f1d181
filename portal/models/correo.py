"""The outbox: notices by e-mail, written in the same transaction as the fact that they tell of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante, enum_texto


class EstadoCorreo(StrEnum):
    """What is abandoned stays, with its reason, for somebody to see."""

    PENDIENTE = "pendiente"
    ENVIADO = "enviado"
    ABANDONADO = "abandonado"


class Correo(Base):
    """One notice. `clave` names the fact and is unique, so whatever is repeated, it is told once.

    The words are written when it is sent, from `plantilla` and `datos` (texts; neither names, documents nor secrets). While
    somebody is sending it `proximo_intento_en` lies ahead, so that nobody else takes it.
    """

    __tablename__ = "correo"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    clave: Mapped[str] = mapped_column(String(120), unique=True)
    destinatario: Mapped[str] = mapped_column(String(254))
    asunto: Mapped[str] = mapped_column(String(150))
    plantilla: Mapped[str] = mapped_column(String(60))
    datos: Mapped[dict[str, str]] = mapped_column(JSON)
    estado: Mapped[EstadoCorreo] = mapped_column(enum_texto(EstadoCorreo))
    intentos: Mapped[int] = mapped_column(Integer, default=0)
    creado_en: Mapped[datetime] = mapped_column(Instante)
    # Null once nobody is to try again.
    proximo_intento_en: Mapped[datetime | None] = mapped_column(Instante, index=True)
    enviado_en: Mapped[datetime | None] = mapped_column(Instante)
    # Why the last try failed, in words of ours: what a server answers may repeat the address.
    ultimo_error: Mapped[str] = mapped_column(String(200), default="")

    @property
    def nombre(self) -> str:
        """What it tells, in words; the subject, when it has one."""
        return self.asunto or self.plantilla.replace("_", " ").capitalize()

    __table_args__ = (
        CheckConstraint("(estado = 'enviado') = (enviado_en IS NOT NULL)", name="enviado_en_su_instante"),
        CheckConstraint("(estado = 'pendiente') = (proximo_intento_en IS NOT NULL)", name="pendiente_con_turno"),
        CheckConstraint("intentos >= 0", name="intentos_no_negativos"),
    )
