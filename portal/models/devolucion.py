"""Refunds that people ask for, what each takes from which credit, and their history."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion, TipoCuenta
from portal.dominio.devoluciones import EventoDevolucion as Evento
from portal.models.archivo import Archivo
from portal.models.liquidacion import Factura
from portal.models.pago import Pago, Recaudo

_VIVA = text("estado IN ('solicitada', 'en_estudio', 'aprobada')")


class Devolucion(Base):
    """One request to hand back money of one payment. What was asked never changes; only its life is written later.

    Account and holder are for treasury alone: they appear in no public page, address, log or message.
    """

    __tablename__ = "devolucion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    numero: Mapped[int] = mapped_column(Entero, unique=True)
    # The form's idempotency key: the same form sent twice asks once.
    clave_formulario: Mapped[str] = mapped_column(String(64), unique=True)
    pago_id: Mapped[int] = mapped_column(ForeignKey("pago.id"), index=True)
    causal: Mapped[CausalDevolucion] = mapped_column(enum_texto(CausalDevolucion))
    estado: Mapped[EstadoDevolucion] = mapped_column(enum_texto(EstadoDevolucion), default=EstadoDevolucion.SOLICITADA)
    valor: Mapped[Decimal] = mapped_column(Pesos)
    explicacion: Mapped[str] = mapped_column(String(1000))
    solicitada_en: Mapped[datetime] = mapped_column(Instante)

    banco: Mapped[str] = mapped_column(String(80))
    tipo_cuenta: Mapped[TipoCuenta] = mapped_column(enum_texto(TipoCuenta))
    cuenta: Mapped[str] = mapped_column(String(20))
    titular: Mapped[str] = mapped_column(String(120))
    titular_tipo_documento: Mapped[str] = mapped_column(String(4))
    titular_documento: Mapped[str] = mapped_column(String(20))
    certificacion_id: Mapped[int] = mapped_column(ForeignKey("archivo.id"))
    correo: Mapped[str] = mapped_column(String(254))
    telefono: Mapped[str] = mapped_column(String(30))

    concepto: Mapped[str] = mapped_column(String(1000), default="")
    estudiada_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    estudiada_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    estudiada_en: Mapped[datetime | None] = mapped_column(Instante)

    # Why it was denied; the applicant reads it.
    motivo: Mapped[str] = mapped_column(String(500), default="")
    decidida_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    decidida_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    decidida_en: Mapped[datetime | None] = mapped_column(Instante)

    # The department's account that the transfer left, and the bank's own reference of it.
    cuenta_origen: Mapped[str | None] = mapped_column(String(20))
    referencia_bancaria: Mapped[str | None] = mapped_column(String(40))
    fecha_transferencia: Mapped[date | None]
    pagada_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    pagada_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    pagada_en: Mapped[datetime | None] = mapped_column(Instante)

    pago: Mapped[Pago] = relationship()
    certificacion: Mapped[Archivo] = relationship()
    partes: Mapped[list["ParteDevolucion"]] = relationship(back_populates="devolucion", order_by="ParteDevolucion.id")

    __table_args__ = (
        CheckConstraint("valor > 0", name="valor_positivo"),
        CheckConstraint("(estudiada_por IS NULL) = (concepto = '')", name="estudiada_con_concepto"),
        CheckConstraint("(estudiada_por IS NULL) = (estudiada_en IS NULL)", name="estudiada_en_su_instante"),
        CheckConstraint("decidida_por <> estudiada_por", name="la_decide_otra_persona"),
        CheckConstraint(
            "estado NOT IN ('aprobada', 'pagada') OR (estudiada_por IS NOT NULL AND decidida_por IS NOT NULL)",
            name="aprobada_por_dos_personas",
        ),
        CheckConstraint("(estado = 'negada') = (motivo <> '')", name="negada_con_motivo"),
        CheckConstraint(
            "estado = 'pagada' AND pagada_por IS NOT NULL AND pagada_en IS NOT NULL AND cuenta_origen IS NOT NULL "
            "AND referencia_bancaria IS NOT NULL AND fecha_transferencia IS NOT NULL "
            "OR estado <> 'pagada' AND pagada_por IS NULL AND pagada_en IS NULL AND cuenta_origen IS NULL "
            "AND referencia_bancaria IS NULL AND fecha_transferencia IS NULL",
            name="pagada_con_su_transferencia",
        ),
        Index("uq_devolucion_transferencia", "cuenta_origen", "referencia_bancaria", unique=True),
        Index("uq_devolucion_viva", "pago_id", "causal", unique=True, sqlite_where=_VIVA, postgresql_where=_VIVA),
        Index("ix_devolucion_estado", "estado", "id"),
    )


class ParteDevolucion(Base):
    """What a refund takes from one credit; `factura_id` names the stamp, when it was paid and not owed."""

    __tablename__ = "parte_devolucion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    devolucion_id: Mapped[int] = mapped_column(ForeignKey("devolucion.id"), index=True)
    recaudo_id: Mapped[int] = mapped_column(ForeignKey("recaudo.id"), index=True)
    factura_id: Mapped[int | None] = mapped_column(ForeignKey("factura.id"))
    valor: Mapped[Decimal] = mapped_column(Pesos)

    devolucion: Mapped[Devolucion] = relationship(back_populates="partes")
    recaudo: Mapped[Recaudo] = relationship()
    factura: Mapped[Factura | None] = relationship()

    __table_args__ = (CheckConstraint("valor > 0", name="valor_positivo"),)


class EventoDevolucion(Base):
    """One move of a refund: from where to where, when, and which official caused it (none: the applicant, or the bank)."""

    __tablename__ = "evento_devolucion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    devolucion_id: Mapped[int] = mapped_column(ForeignKey("devolucion.id"), index=True)
    en: Mapped[datetime] = mapped_column(Instante)
    desde: Mapped[EstadoDevolucion] = mapped_column(enum_texto(EstadoDevolucion))
    evento: Mapped[Evento] = mapped_column(enum_texto(Evento))
    usuario_id: Mapped[int | None] = mapped_column(Entero)
