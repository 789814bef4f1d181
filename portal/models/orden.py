"""Orders of treasury and the facturas that they name. What an order says never changes; it is only resolved, once."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.ordenes import ClaseOrden, EstadoOrden
from portal.models.archivo import Archivo
from portal.models.caso import Caso
from portal.models.liquidacion import Factura
from portal.models.pago import Recaudo


class OrdenTesoreria(Base):
    """Money that moves by hand: one person proposes it on a proof, another approves it. Triggers refuse any other change.

    A legalización names facturas and the bank's slip, whose number no other living order may use; the other two name the
    credit that they undo or take from. `clave` names its effect in the ledger.
    """

    __tablename__ = "orden_tesoreria"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    numero: Mapped[int] = mapped_column(Entero, unique=True)
    clase: Mapped[ClaseOrden] = mapped_column(enum_texto(ClaseOrden))
    caso_id: Mapped[int | None] = mapped_column(ForeignKey("caso.id"), index=True)
    recaudo_id: Mapped[int | None] = mapped_column(ForeignKey("recaudo.id"), index=True)
    valor: Mapped[Decimal] = mapped_column(Pesos)
    banco: Mapped[str | None] = mapped_column(String(120))
    fecha_banco: Mapped[date | None]
    referencia_banco: Mapped[str | None] = mapped_column(String(60))
    motivo: Mapped[str] = mapped_column(String(300))
    archivo_id: Mapped[int] = mapped_column(ForeignKey("archivo.id"), index=True)

    propuesta_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    propuesta_por_nombre: Mapped[str] = mapped_column(String(120))
    propuesta_en: Mapped[datetime] = mapped_column(Instante)
    estado: Mapped[EstadoOrden] = mapped_column(enum_texto(EstadoOrden), default=EstadoOrden.PROPUESTA)
    resuelta_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    resuelta_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    resuelta_en: Mapped[datetime | None] = mapped_column(Instante)
    motivo_rechazo: Mapped[str] = mapped_column(String(300), default="")

    caso: Mapped[Caso | None] = relationship()
    recaudo: Mapped[Recaudo | None] = relationship()
    archivo: Mapped[Archivo] = relationship()
    renglones: Mapped[list["OrdenFactura"]] = relationship(order_by="OrdenFactura.factura_id")

    __table_args__ = (
        CheckConstraint("valor > 0", name="valor_positivo"),
        CheckConstraint("motivo <> ''", name="con_motivo"),
        CheckConstraint("(clase = 'legalizacion') = (recaudo_id IS NULL)", name="sobre_un_recaudo"),
        CheckConstraint("(clase = 'legalizacion') = (referencia_banco IS NOT NULL)", name="con_comprobante"),
        CheckConstraint(
            "(referencia_banco IS NULL) = (banco IS NULL) AND (referencia_banco IS NULL) = (fecha_banco IS NULL)",
            name="comprobante_entero",
        ),
        CheckConstraint("(estado = 'propuesta') = (resuelta_por IS NULL)", name="resuelta_por_alguien"),
        CheckConstraint("(resuelta_por IS NULL) = (resuelta_en IS NULL)", name="resuelta_en_su_instante"),
        CheckConstraint("estado <> 'aprobada' OR resuelta_por <> propuesta_por", name="la_aprueba_otra_persona"),
        CheckConstraint("(estado = 'rechazada') = (motivo_rechazo <> '')", name="rechazada_con_motivo"),
        Index(
            "uq_orden_tesoreria_comprobante",
            "referencia_banco",
            unique=True,
            sqlite_where=text("estado <> 'rechazada'"),
            postgresql_where=text("estado <> 'rechazada'"),
        ),
    )

    @property
    def clave(self) -> str:
        """What its effect is known by: the transaction of its credit, or the origin of its asiento."""
        return f"orden:{self.numero}"

    @property
    def por_resolver(self) -> bool:
        return self.estado is EstadoOrden.PROPUESTA


class OrdenFactura(Base):
    """A factura that an order puts money on, and how much: its whole value. Only appended to."""

    __tablename__ = "orden_factura"

    orden_id: Mapped[int] = mapped_column(ForeignKey("orden_tesoreria.id"), primary_key=True)
    factura_id: Mapped[int] = mapped_column(ForeignKey("factura.id"), primary_key=True, index=True)
    valor: Mapped[Decimal] = mapped_column(Pesos)

    factura: Mapped[Factura] = relationship()

    __table_args__ = (CheckConstraint("valor > 0", name="valor_positivo"),)
