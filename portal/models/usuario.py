"""Staff accounts and their server-side sessions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, false, text
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
    """A person of the department or of an entity. `correo` is in lower case; `clave_hash` is empty until it chooses one."""

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
    # Its second factor: the sealed secret, the last step of 30 seconds whose code was used, and since when it has one.
    totp_secreto: Mapped[str] = mapped_column(String(300), default="", server_default="", deferred=True)
    totp_paso: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    totp_desde: Mapped[datetime | None] = mapped_column(Instante)

    __table_args__ = (
        CheckConstraint("correo = lower(correo)", name="correo_en_minusculas"),
        CheckConstraint("registros IN (10, 25, 50, 100)", name="registros_posibles"),
        CheckConstraint("(totp_desde IS NULL) = (totp_secreto = '')", name="totp_con_secreto"),
    )

    # What Flask-Login asks of a person who signed in.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def tiene_clave(self) -> bool:
        """Whether it chose a password; an account that was invited has none until then."""
        return self.clave_hash != ""

    @property
    def tiene_segundo_factor(self) -> bool:
        return self.totp_desde is not None


class Sesion(Base):
    """One sign-in. The browser holds a random token, the database only its SHA-256: ending the row ends the session."""

    __tablename__ = "sesion"

    huella: Mapped[str] = mapped_column(String(64), primary_key=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"), index=True)
    creada_en: Mapped[datetime] = mapped_column(Instante)
    ultima_actividad: Mapped[datetime] = mapped_column(Instante)
    vence_en: Mapped[datetime] = mapped_column(Instante)
    recordar: Mapped[bool] = mapped_column(default=False)
    # When who signed in last proved who it is: at the sign-in, or again since then.
    confirmada_en: Mapped[datetime] = mapped_column(Instante)
    # Which browser on which system, in words and no more: who looks at its sessions recognises its own.
    navegador: Mapped[str] = mapped_column(String(60), default="", server_default="")
    terminada_en: Mapped[datetime | None] = mapped_column(Instante)

    usuario: Mapped[Usuario] = relationship(lazy="joined")
