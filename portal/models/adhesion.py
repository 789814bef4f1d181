"""Adherir y anular: the act that a paid stamp was attached to, once. Only appended to; undoing it is a row of its own."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, enum_texto
from portal.dominio.adhesiones import EstadoDeshacer
from portal.models.liquidacion import Factura, Liquidacion


class Adhesion(Base):
    """One official attaches stamps of one liquidación to one act and cancels them. Triggers refuse any change.

    `clave` is the request's idempotency key. Of the act's PDF only its SHA-256 and its size in bytes are kept.
    """

    __tablename__ = "adhesion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    numero: Mapped[int] = mapped_column(Entero, unique=True)
    clave: Mapped[str] = mapped_column(String(64))
    liquidacion_id: Mapped[int] = mapped_column(ForeignKey("liquidacion.id"), index=True)
    acto_numero: Mapped[str] = mapped_column(String(80))
    acto_fecha: Mapped[date]
    acto_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    acto_tamano: Mapped[int | None] = mapped_column(Integer)
    dependencia: Mapped[str] = mapped_column(String(160))
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))
    en: Mapped[datetime] = mapped_column(Instante)

    liquidacion: Mapped[Liquidacion] = relationship()
    renglones: Mapped[list["AdhesionFactura"]] = relationship(
        back_populates="adhesion", order_by="AdhesionFactura.factura_id"
    )
    deshechuras: Mapped[list["DeshacerAdhesion"]] = relationship(
        back_populates="adhesion", order_by="DeshacerAdhesion.id"
    )

    __table_args__ = (
        CheckConstraint("acto_numero <> '' AND dependencia <> ''", name="con_acto_y_dependencia"),
        CheckConstraint("(acto_sha256 IS NULL) = (acto_tamano IS NULL)", name="huella_con_tamano"),
        CheckConstraint("acto_tamano > 0", name="tamano_positivo"),
        # The same official who sends the same request again gets the same adhesion.
        UniqueConstraint("usuario_id", "clave"),
        Index(None, "usuario_id", "en"),
    )

    @property
    def huella(self) -> tuple[str, int] | None:
        """SHA-256 and size in bytes of the act's PDF, if it was given."""
        if self.acto_sha256 is None or self.acto_tamano is None:
            return None
        return self.acto_sha256, self.acto_tamano

    @property
    def facturas(self) -> list[Factura]:
        """The stamps that it used, in order."""
        return [renglon.factura for renglon in self.renglones]

    @property
    def viva(self) -> bool:
        """Whether it stands: nobody undid it."""
        return all(renglon.viva for renglon in self.renglones)

    @property
    def por_resolver(self) -> "DeshacerAdhesion | None":
        """The proposal to undo it that waits for another person."""
        return next((d for d in self.deshechuras if d.estado is EstadoDeshacer.PROPUESTA), None)

    @property
    def deshecha(self) -> "DeshacerAdhesion | None":
        """How it was undone, if it was."""
        return next((d for d in self.deshechuras if d.estado is EstadoDeshacer.APROBADA), None)


class AdhesionFactura(Base):
    """A stamp that an adhesion used. While `viva`, the database lets no other adhesion use it.

    `viva` mirrors the absence of an approved `DeshacerAdhesion`, because a partial unique index needs a column; triggers let it
    go from true to false and refuse any other change.
    """

    __tablename__ = "adhesion_factura"

    adhesion_id: Mapped[int] = mapped_column(ForeignKey("adhesion.id"), primary_key=True)
    factura_id: Mapped[int] = mapped_column(ForeignKey("factura.id"), primary_key=True, index=True)
    viva: Mapped[bool] = mapped_column(default=True)

    adhesion: Mapped[Adhesion] = relationship(back_populates="renglones")
    factura: Mapped[Factura] = relationship()

    __table_args__ = (
        Index(
            "uq_adhesion_factura_viva",
            "factura_id",
            unique=True,
            sqlite_where=text("viva"),
            postgresql_where=text("viva"),
        ),
    )


class DeshacerAdhesion(Base):
    """An adhesion undone because it was a mistake, with its reason. What it says never changes; it is only resolved, once.

    `inmediata`: by the same official on the same day. Otherwise one person proposes it and another approves it.
    """

    __tablename__ = "deshacer_adhesion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    adhesion_id: Mapped[int] = mapped_column(ForeignKey("adhesion.id"))
    motivo: Mapped[str] = mapped_column(String(300))
    inmediata: Mapped[bool]
    propuesta_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    propuesta_por_nombre: Mapped[str] = mapped_column(String(120))
    propuesta_en: Mapped[datetime] = mapped_column(Instante)
    estado: Mapped[EstadoDeshacer] = mapped_column(enum_texto(EstadoDeshacer), default=EstadoDeshacer.PROPUESTA)
    resuelta_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    resuelta_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    resuelta_en: Mapped[datetime | None] = mapped_column(Instante)
    motivo_rechazo: Mapped[str] = mapped_column(String(300), default="")

    adhesion: Mapped[Adhesion] = relationship(back_populates="deshechuras")

    __table_args__ = (
        CheckConstraint("motivo <> ''", name="con_motivo"),
        CheckConstraint("(estado = 'propuesta') = (resuelta_por IS NULL)", name="resuelta_por_alguien"),
        CheckConstraint("(resuelta_por IS NULL) = (resuelta_en IS NULL)", name="resuelta_en_su_instante"),
        CheckConstraint("(estado = 'rechazada') = (motivo_rechazo <> '')", name="rechazada_con_motivo"),
        CheckConstraint(
            "NOT inmediata OR (estado = 'aprobada' AND resuelta_por = propuesta_por)", name="inmediata_de_uno"
        ),
        CheckConstraint(
            "inmediata OR estado <> 'aprobada' OR resuelta_por <> propuesta_por", name="la_aprueba_otra_persona"
        ),
        # One that waits or that was approved, of each adhesion.
        Index(
            "uq_deshacer_adhesion_en_pie",
            "adhesion_id",
            unique=True,
            sqlite_where=text("estado <> 'rechazada'"),
            postgresql_where=text("estado <> 'rechazada'"),
        ),
    )
