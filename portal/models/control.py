"""What the portal keeps about itself: consecutive numbers, shared limits, the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante, enum_texto
from portal.dominio.bitacora import Anotacion, Cadena


class Consecutivo(Base):
    """The next number of a series (`factura`, `liquidacion`): taken with one UPDATE … RETURNING, so without gaps or repeats."""

    __tablename__ = "consecutivo"

    serie: Mapped[str] = mapped_column(String(40), primary_key=True)
    siguiente: Mapped[int] = mapped_column(Entero)

    __table_args__ = (CheckConstraint("siguiente > 0", name="siguiente_positivo"),)


class Cuota(Base):
    """How often something happened in the window that began at `ventana` (Unix seconds); shared by every worker."""

    __tablename__ = "cuota"

    clave: Mapped[str] = mapped_column(String(80), primary_key=True)
    ventana: Mapped[int] = mapped_column(Entero, primary_key=True)
    cuenta: Mapped[int] = mapped_column(Integer)


class EdicionNormativa(Base):
    """The one mark that changes whenever the rules do, so that nobody goes on with those that they read before."""

    __tablename__ = "edicion_normativa"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # Random and not a number: a mark that was rolled back never comes again with other rules behind it.
    marca: Mapped[str] = mapped_column(String(32))

    __table_args__ = (CheckConstraint("id = 1", name="una_sola"),)


class Bitacora(Base):
    """Who did what to what, and when. Only appended to; a `SelloBitacora` chains it soon afterwards."""

    __tablename__ = "bitacora"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    en: Mapped[datetime] = mapped_column(Instante)
    usuario_id: Mapped[int | None] = mapped_column(Entero)
    accion: Mapped[str] = mapped_column(String(60))
    objeto: Mapped[str] = mapped_column(String(80))
    detalle: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    peticion: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (Index(None, "objeto", "id"), Index(None, "usuario_id", "accion", "id"), Index(None, "en", "id"))

    @property
    def anotacion(self) -> Anotacion:
        """What its seal says of it."""
        return Anotacion(self.id, self.en, self.usuario_id, self.accion, self.objeto, self.detalle, self.peticion)


class SelloBitacora(Base):
    """The link of a row of the bitácora in its chain, written in a short transaction of its own. Only appended to.

    `numero` is consecutive from 1 without gaps and follows the order of sealing, which is not that of `bitacora.id`: a
    transaction that was long in ending is sealed after others that began later.
    """

    __tablename__ = "sello_bitacora"

    numero: Mapped[int] = mapped_column(Entero, primary_key=True, autoincrement=False)
    bitacora_id: Mapped[int] = mapped_column(ForeignKey("bitacora.id"), unique=True)
    en: Mapped[datetime] = mapped_column(Instante)
    huella: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (CheckConstraint("numero > 0", name="numero_positivo"),)


class ComprobacionCadena(Base):
    """A chain was recomputed: how many rows it had, its last link and how many faults were found. Only appended to."""

    __tablename__ = "comprobacion_cadena"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    cadena: Mapped[Cadena] = mapped_column(enum_texto(Cadena))
    en: Mapped[datetime] = mapped_column(Instante)
    filas: Mapped[int] = mapped_column(Entero)
    huella: Mapped[str] = mapped_column(String(64))
    quiebres: Mapped[int] = mapped_column(Integer)

    __table_args__ = (CheckConstraint("filas >= 0 AND quiebres >= 0", name="cuentas_no_negativas"),)
