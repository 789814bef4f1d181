"""Staff accounts and their server-side sessions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, enum_texto


class Rol(StrEnum):
    """Roles of contract.md; one per account."""

    ADMINISTRADOR = "administrador"
    RENTAS = "rentas"
    TESORERIA = "tesoreria"
    FUNCIONARIO = "funcionario"
    AGENTE = "agente"
    AUDITOR = "auditor"


class Usuario(Base):
    """A person of the department or of an entity. `correo` is stored in lower case."""

    __tablename__ = "usuario"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    correo: Mapped[str] = mapped_column(String(254), unique=True)
    nombre: Mapped[str] = mapped_column(String(120))
    rol: Mapped[Rol] = mapped_column(enum_texto(Rol))
    # The office that it works for, as contracts name it; empty when nobody said.
    dependencia: Mapped[str] = mapped_column(String(160), default="", server_default="", index=True)
    # The entity that it collects for, and the office of it, of an account with that role; none of any other.
    agente_id: Mapped[int | None] = mapped_column(ForeignKey("agente.id"), index=True)
    sede_id: Mapped[int | None] = mapped_column(ForeignKey("sede.id"))
    clave_hash: Mapped[str] = mapped_column(String(200))
    activo: Mapped[bool] = mapped_column(default=True)
    creado_en: Mapped[datetime] = mapped_column(Instante)
    # How it likes its lists: rows of a page, and rows closer together.
    registros: Mapped[int] = mapped_column(Integer, default=25, server_default="25")
    compacta: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        CheckConstraint("correo = lower(correo)", name="correo_en_minusculas"),
        CheckConstraint("registros IN (10, 25, 50, 100)", name="registros_posibles"),
    )

    # What Flask-Login asks of a person who signed in.
    is_authenticated = True
    is_active = True
    is_anonymous = False


class Sesion(Base):
    """One sign-in. The browser holds a random token, the database only its SHA-256: ending the row ends the session."""

    __tablename__ = "sesion"

    huella: Mapped[str] = mapped_column(String(64), primary_key=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"), index=True)
    creada_en: Mapped[datetime] = mapped_column(Instante)
    ultima_actividad: Mapped[datetime] = mapped_column(Instante)
    vence_en: Mapped[datetime] = mapped_column(Instante)
    recordar: Mapped[bool] = mapped_column(default=False)
    terminada_en: Mapped[datetime | None] = mapped_column(Instante)

    usuario: Mapped[Usuario] = relationship(lazy="joined")
