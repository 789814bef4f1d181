"""Who recognised that a rule covers somebody, on which document, from when until when; and what was issued on its strength."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, enum_texto
from portal.dominio.palabras import CLASES_SOPORTE, nombre_de
from portal.dominio.reconocimientos import EstadoReconocimiento, estado_en

if TYPE_CHECKING:
    from portal.models.agente import Agente

# The contract that a recognition is limited to: its number, its year, and the agent that contracts, if one does.
ContratoReconocido = tuple[str | None, int | None, int | None]
SIN_CONTRATO: ContratoReconocido = (None, None, None)


class ClaseSoporte(StrEnum):
    """The kind of document that a recognition rests on."""

    RESOLUCION = "resolucion"
    CERTIFICACION = "certificacion"
    CONCEPTO = "concepto"
    OFICIO = "oficio"
    ACTA = "acta"
    DECRETO = "decreto"
    CONTRATO = "contrato"
    OTRO = "otro"


# Which facturas lean on which recognitions: a row beside what was issued, which itself never changes.
FACTURA_RECONOCIDA = Table(
    "factura_reconocida",
    Base.metadata,
    Column("factura_id", Entero, ForeignKey("factura.id"), primary_key=True),
    Column("reconocimiento_id", Entero, ForeignKey("reconocimiento.id"), primary_key=True, index=True),
)


class Reconocimiento(Base):
    """One rule recognised to one beneficiary, for all of its acts or for one contract. Only its revocation is written later.

    `orden` numbers those of one rule and beneficiary: of two people that read the same ones and add another, the unique
    index lets one through, and the other looks again. `regla_motivo` is the rule's name and norm as they were.
    """

    __tablename__ = "reconocimiento"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    departamento: Mapped[str] = mapped_column(String(30))
    regla: Mapped[str] = mapped_column(String(80))
    regla_motivo: Mapped[str] = mapped_column(String(500))
    tipo_documento: Mapped[str] = mapped_column(String(4))
    documento: Mapped[str] = mapped_column(String(20), index=True)
    nombre: Mapped[str] = mapped_column(String(160))
    orden: Mapped[int] = mapped_column(Integer)
    # Both, for one contract alone; neither, for every act of the beneficiary.
    numero_contrato: Mapped[str | None] = mapped_column(String(40))
    vigencia_contrato: Mapped[int | None] = mapped_column(Integer)
    # Whose that contract is: the collecting agent, or none for the department and whoever collects nothing for it.
    agente_id: Mapped[int | None] = mapped_column(ForeignKey("agente.id"))

    soporte_clase: Mapped[ClaseSoporte] = mapped_column(enum_texto(ClaseSoporte))
    soporte_numero: Mapped[str] = mapped_column(String(60))
    soporte_fecha: Mapped[date]
    soporte_emisor: Mapped[str] = mapped_column(String(160))
    desde: Mapped[date]
    hasta: Mapped[date | None]

    # The office that recognises, for the public; the person, for staff.
    dependencia: Mapped[str] = mapped_column(String(160))
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))
    registrado_en: Mapped[datetime] = mapped_column(Instante)

    revocado_en: Mapped[datetime | None] = mapped_column(Instante)
    revocado_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    revocado_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    revocado_motivo: Mapped[str] = mapped_column(String(500), default="")

    agente: Mapped["Agente | None"] = relationship()

    __table_args__ = (
        CheckConstraint("agente_id IS NULL OR numero_contrato IS NOT NULL", name="entidad_con_su_contrato"),
        CheckConstraint("hasta IS NULL OR hasta >= desde", name="hasta_despues_de_desde"),
        CheckConstraint("(numero_contrato IS NULL) = (vigencia_contrato IS NULL)", name="contrato_con_su_vigencia"),
        CheckConstraint("soporte_emisor <> '' AND dependencia <> ''", name="con_quien_lo_expide_y_lo_reconoce"),
        CheckConstraint("(revocado_en IS NULL) = (revocado_por IS NULL)", name="revocado_por_alguien"),
        CheckConstraint("(revocado_en IS NULL) = (revocado_motivo = '')", name="revocado_con_motivo"),
        Index("uq_reconocimiento_orden", "departamento", "regla", "tipo_documento", "documento", "orden", unique=True),
    )

    @property
    def soporte_nombre(self) -> str:
        """The kind of document, for people."""
        return nombre_de(CLASES_SOPORTE, self.soporte_clase.value)

    @property
    def contrato(self) -> ContratoReconocido:
        """The contract that it is limited to; `SIN_CONTRATO` for every act of the beneficiary."""
        return self.numero_contrato, self.vigencia_contrato, self.agente_id

    @property
    def alcance_en_palabras(self) -> str:
        """What it covers: `Todos sus actos`, `Solo el contrato 647 de 2025 con HOSPITAL SAN RAFAEL`."""
        if self.numero_contrato is None:
            return "Todos sus actos"
        con_quien = f" con {self.agente.nombre}" if self.agente else ""
        return f"Solo el contrato {self.numero_contrato} de {self.vigencia_contrato}{con_quien}"

    @property
    def revocado(self) -> bool:
        return self.revocado_en is not None

    def estado(self, hoy: date) -> EstadoReconocimiento:
        """The word to show on the Colombian day `hoy`."""
        return estado_en(self.desde, self.hasta, self.revocado, hoy)
