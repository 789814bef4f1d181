"""Refunds that people ask for, what each takes from which credit, and their history."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion, TipoCuenta
from portal.dominio.devoluciones import EventoDevolucion as Evento
from portal.models.archivo import Archivo
from portal.models.contrato import SaldoAFavor
from portal.models.liquidacion import Factura
from portal.models.pago import Pago, Recaudo

_VIVA = text("estado IN ('solicitada', 'en_estudio', 'aprobada', 'rebotada', 'corregida')")


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
    rebotes: Mapped[list["Rebote"]] = relationship(order_by="Rebote.id")
    correcciones: Mapped[list["CuentaCorregida"]] = relationship(order_by="CuentaCorregida.id")

    __table_args__ = (
        CheckConstraint("valor > 0", name="valor_positivo"),
        CheckConstraint("(estudiada_por IS NULL) = (concepto = '')", name="estudiada_con_concepto"),
        CheckConstraint("(estudiada_por IS NULL) = (estudiada_en IS NULL)", name="estudiada_en_su_instante"),
        CheckConstraint("decidida_por <> estudiada_por", name="la_decide_otra_persona"),
        CheckConstraint(
            "estado NOT IN ('aprobada', 'pagada', 'rebotada', 'corregida') "
            "OR (estudiada_por IS NOT NULL AND decidida_por IS NOT NULL)",
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

    @property
    def destino(self) -> "Devolucion | CuentaCorregida":
        """Where the money goes: the account that was asked for, or the last that was handed in for it."""
        return self.correcciones[-1] if self.correcciones else self

    @property
    def aprobada_en(self) -> datetime:
        """Since when it may be transferred: when it was approved or, if it came back, when its account was accepted."""
        return (self.correcciones and self.correcciones[-1].decidida_en) or self.decidida_en or self.solicitada_en


class ParteDevolucion(Base):
    """What a refund takes from one credit, over which stamp when it is not a left-over.

    A stamp that was not owed goes whole; of one with a balance in favour (`saldo_id`) goes only that, and the stamp stands.
    """

    __tablename__ = "parte_devolucion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    devolucion_id: Mapped[int] = mapped_column(ForeignKey("devolucion.id"), index=True)
    recaudo_id: Mapped[int] = mapped_column(ForeignKey("recaudo.id"), index=True)
    factura_id: Mapped[int | None] = mapped_column(ForeignKey("factura.id"))
    saldo_id: Mapped[int | None] = mapped_column(ForeignKey("saldo_a_favor.id"), index=True)
    valor: Mapped[Decimal] = mapped_column(Pesos)

    devolucion: Mapped[Devolucion] = relationship(back_populates="partes")
    recaudo: Mapped[Recaudo] = relationship()
    factura: Mapped[Factura | None] = relationship()
    saldo: Mapped[SaldoAFavor | None] = relationship()

    __table_args__ = (
        CheckConstraint("valor > 0", name="valor_positivo"),
        CheckConstraint("saldo_id IS NULL OR factura_id IS NOT NULL", name="el_saldo_es_de_una_factura"),
    )


class Rebote(Base):
    """A transfer of a refund that the bank could not deliver: which it was, and when and why it came back. Never changes."""

    __tablename__ = "rebote"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    devolucion_id: Mapped[int] = mapped_column(ForeignKey("devolucion.id"), index=True)
    cuenta_origen: Mapped[str] = mapped_column(String(20))
    referencia_bancaria: Mapped[str] = mapped_column(String(40))
    fecha_transferencia: Mapped[date]
    pagada_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    pagada_por_nombre: Mapped[str] = mapped_column(String(120))
    pagada_en: Mapped[datetime] = mapped_column(Instante)

    dia: Mapped[date]
    # The applicant reads it.
    motivo: Mapped[str] = mapped_column(String(300))
    evidencia_id: Mapped[int] = mapped_column(ForeignKey("archivo.id"))
    registrado_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    registrado_por_nombre: Mapped[str] = mapped_column(String(120))
    registrado_en: Mapped[datetime] = mapped_column(Instante)

    evidencia: Mapped[Archivo] = relationship()

    __table_args__ = (
        CheckConstraint("motivo <> ''", name="con_motivo"),
        CheckConstraint("dia >= fecha_transferencia", name="vuelve_despues_de_salir"),
        # The same transfer comes back once.
        UniqueConstraint("cuenta_origen", "referencia_bancaria"),
    )


class CuentaCorregida(Base):
    """Another account to transfer a refund to, with the paper that proves it. What was handed in never changes.

    `primera_por` is the first of the two people: the official who brought it or, when the applicant did (`traida_por` is
    none), the one who recorded that the transfer came back.
    """

    __tablename__ = "cuenta_corregida"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    devolucion_id: Mapped[int] = mapped_column(ForeignKey("devolucion.id"), index=True)
    # The form's idempotency key.
    clave_formulario: Mapped[str] = mapped_column(String(64), unique=True)
    banco: Mapped[str] = mapped_column(String(80))
    tipo_cuenta: Mapped[TipoCuenta] = mapped_column(enum_texto(TipoCuenta))
    cuenta: Mapped[str] = mapped_column(String(20))
    titular: Mapped[str] = mapped_column(String(120))
    titular_tipo_documento: Mapped[str] = mapped_column(String(4))
    titular_documento: Mapped[str] = mapped_column(String(20))
    certificacion_id: Mapped[int] = mapped_column(ForeignKey("archivo.id"))
    traida_en: Mapped[datetime] = mapped_column(Instante)
    traida_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    traida_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    primera_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))

    aceptada: Mapped[bool | None]
    # Why it was not accepted; the applicant reads it.
    motivo: Mapped[str] = mapped_column(String(500), default="")
    decidida_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    decidida_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    decidida_en: Mapped[datetime | None] = mapped_column(Instante)

    certificacion: Mapped[Archivo] = relationship()

    __table_args__ = (
        CheckConstraint("traida_por IS NULL OR traida_por = primera_por", name="quien_la_trae_es_la_primera"),
        CheckConstraint("decidida_por <> primera_por", name="la_decide_otra_persona"),
        CheckConstraint(
            "(aceptada IS NULL) = (decidida_por IS NULL) AND (aceptada IS NULL) = (decidida_en IS NULL)",
            name="decidida_por_alguien",
        ),
        CheckConstraint("(motivo <> '') = (aceptada IS NOT NULL AND NOT aceptada)", name="rechazada_con_motivo"),
        # One at a time.
        Index(
            "uq_cuenta_corregida_por_decidir",
            "devolucion_id",
            unique=True,
            sqlite_where=text("aceptada IS NULL"),
            postgresql_where=text("aceptada IS NULL"),
        ),
    )


class EventoDevolucion(Base):
    """One move of a refund: from where to where, when, and which official caused it (none: the applicant, or the bank)."""

    __tablename__ = "evento_devolucion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    devolucion_id: Mapped[int] = mapped_column(ForeignKey("devolucion.id"), index=True)
    en: Mapped[datetime] = mapped_column(Instante)
    desde: Mapped[EstadoDevolucion] = mapped_column(enum_texto(EstadoDevolucion))
    evento: Mapped[Evento] = mapped_column(enum_texto(Evento))
    usuario_id: Mapped[int | None] = mapped_column(Entero)
