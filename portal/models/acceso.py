"""What opens an account besides its password: one-use links, the wait for a second factor, recovery codes.

Whoever holds one has a random token; the database has its SHA-256, and a conditional UPDATE decides who uses it first.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, enum_texto
from portal.models.usuario import Usuario


class ClaseEnlace(StrEnum):
    """What a link was sent for."""

    INVITACION = "invitacion"
    RESTABLECER = "restablecer"


class EnlaceCuenta(Base):
    """A link with which a person chooses its password, once. One alive for each account: the next one ends it."""

    __tablename__ = "enlace_cuenta"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    clase: Mapped[ClaseEnlace] = mapped_column(enum_texto(ClaseEnlace))
    huella: Mapped[str] = mapped_column(String(64), unique=True)
    creado_en: Mapped[datetime] = mapped_column(Instante)
    vence_en: Mapped[datetime] = mapped_column(Instante)
    # Used, or made useless by a later one or by another change of the password.
    terminado_en: Mapped[datetime | None] = mapped_column(Instante)

    usuario: Mapped[Usuario] = relationship()

    __table_args__ = (
        Index(
            "uq_enlace_cuenta_vivo",
            "usuario_id",
            unique=True,
            sqlite_where=text("terminado_en IS NULL"),
            postgresql_where=text("terminado_en IS NULL"),
        ),
    )


class IngresoPendiente(Base):
    """A right password that waits for its second factor. It opens nothing by itself."""

    __tablename__ = "ingreso_pendiente"

    huella: Mapped[str] = mapped_column(String(64), primary_key=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"), index=True)
    recordar: Mapped[bool] = mapped_column(default=False)
    vence_en: Mapped[datetime] = mapped_column(Instante)
    terminado_en: Mapped[datetime | None] = mapped_column(Instante)

    usuario: Mapped[Usuario] = relationship(lazy="joined")


class CodigoRecuperacion(Base):
    """A code that stands for the second factor once, for whoever lost the device."""

    __tablename__ = "codigo_recuperacion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"), index=True)
    huella: Mapped[str] = mapped_column(String(64), unique=True)
    usado_en: Mapped[datetime | None] = mapped_column(Instante)


class LlaveAcceso(Base):
    """A passkey that stands for the code after the password. Its private half never leaves the device.

    `credencial` is what the device calls it, in base64url; `contador`, how many times it says that it was used.
    """

    __tablename__ = "llave_acceso"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"), index=True)
    credencial: Mapped[str] = mapped_column(String(1400), unique=True)
    clave_publica: Mapped[bytes] = mapped_column(LargeBinary)
    contador: Mapped[int]
    nombre: Mapped[str] = mapped_column(String(60))
    creada_en: Mapped[datetime] = mapped_column(Instante)
    usada_en: Mapped[datetime | None] = mapped_column(Instante)

    __table_args__ = (CheckConstraint("contador >= 0", name="contador_no_negativo"),)
