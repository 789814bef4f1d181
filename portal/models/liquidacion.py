"""The assessment and its facturas, one per stamp. What was issued never changes; what happens to it are rows beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.estados import ESTADOS_PAGADOS, PAGABLES, EstadoFactura, EstadoPublico, estado_publico
from portal.dominio.partes import repartir
from portal.models.reconocimiento import FACTURA_RECONOCIDA, Reconocimiento

if TYPE_CHECKING:
    from portal.models.adhesion import AdhesionFactura
    from portal.models.contrato import MovimientoContrato


class TipoLiquidacion(StrEnum):
    """The two kinds of the known screens."""

    CONTRATO = "contrato"
    TRAMITE = "tramite"


class ClaseContribuyente(StrEnum):
    """`contratista.clase` of contract.md."""

    NATURAL = "natural"
    JURIDICA = "juridica"
    ESAL = "esal"
    PUBLICA = "publica"
    ECONOMIA_MIXTA = "economia_mixta"
    CONSORCIO = "consorcio"


def numero_en_palabras(numero: str, adicion: int, cuenta: str) -> str:
    """A contract's number as people read it.

    >>> numero_en_palabras("647", 1, ""), numero_en_palabras("647", 0, "3")
    ('647, adición 1', '647, cuenta 3')
    """
    cola = f", adición {adicion}" if adicion else ""
    return f"{numero}{cola}, cuenta {cuenta}" if cuenta else f"{numero}{cola}"


def _su_entidad(contexto: Any) -> int:
    """The agent of the row that SQLAlchemy is inserting, as a value that a unique index tells apart: NULLs would all differ."""
    return contexto.get_current_parameters().get("agente_id") or 0


class Liquidacion(Base):
    """One act assessed: whose, over what, with which values. The contributor's data are those printed on it, for ever."""

    __tablename__ = "liquidacion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    numero: Mapped[int] = mapped_column(Entero, unique=True)
    # The form's idempotency key: the same form sent twice issues once.
    clave_formulario: Mapped[str] = mapped_column(String(64), unique=True)
    departamento: Mapped[str] = mapped_column(String(30))
    tipo: Mapped[TipoLiquidacion] = mapped_column(enum_texto(TipoLiquidacion))
    vigencia: Mapped[int] = mapped_column(Integer)

    tipo_documento: Mapped[str] = mapped_column(String(4))
    documento: Mapped[str] = mapped_column(String(20))
    nombre: Mapped[str] = mapped_column(String(160))
    clase: Mapped[ClaseContribuyente] = mapped_column(enum_texto(ClaseContribuyente))
    direccion: Mapped[str] = mapped_column(String(160), default="")
    telefono: Mapped[str] = mapped_column(String(30), default="")
    correo: Mapped[str] = mapped_column(String(254), default="")

    # `acto_nombre` is what the look-up shows under Trámite; for a contract, its kind of contract.
    acto_nombre: Mapped[str] = mapped_column(String(400))
    numero_contrato: Mapped[str | None] = mapped_column(String(40))
    numero_proceso: Mapped[str] = mapped_column(String(60), default="")
    contratante: Mapped[str] = mapped_column(String(160), default="", index=True)
    contratante_nit: Mapped[str] = mapped_column(String(20), default="")
    # The collecting agent that takes part in the act, if there is one: it assesses, withholds and declares. Filled afterwards
    # when the entity that contracts is registered later than the act.
    agente_id: Mapped[int | None] = mapped_column(ForeignKey("agente.id"))
    # Whose contract it is, as `Contrato.entidad` says it: every entity numbers its contracts by itself.
    entidad: Mapped[int] = mapped_column(default=_su_entidad)
    objeto: Mapped[str] = mapped_column(String(1000), default="")
    fecha_contrato: Mapped[date | None]
    # Which part of the contract's value this assesses: 0 the contract itself, then its additions in order.
    adicion: Mapped[int] = mapped_column(Integer, default=0)
    # Number of the payment whose part of the stamps this collects; empty in what determines them.
    cuenta: Mapped[str] = mapped_column(String(40), default="")
    # The stamps are determined here and collected with each payment of the contract: nothing of this is paid as a whole.
    por_retencion: Mapped[bool] = mapped_column(default=False)

    valor_acto: Mapped[Decimal | None] = mapped_column(Pesos)
    fecha_causacion: Mapped[date]
    # What the engine was asked, so that anyone can ask it again: {"actos": […], "variantes": {…}, "hechos": {…}}
    solicitud: Mapped[dict[str, Any]] = mapped_column(JSON)
    avisos: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Exclusions and exemptions looked at (`portal.dominio.razones.reglas_de`): once each, because most stamps share them.
    reglas: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    provisional: Mapped[bool] = mapped_column(default=False)
    total: Mapped[Decimal] = mapped_column(Pesos)
    fecha_limite: Mapped[date] = mapped_column(index=True)
    emitida_en: Mapped[datetime] = mapped_column(Instante, index=True)
    # No account when the contributor assessed it in the portal, as `emitida_por_nombre` says.
    emitida_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    emitida_por_nombre: Mapped[str] = mapped_column(String(120))
    # It was assessed by the system that was there before, and never again here; SHA-256 of the rows that said so.
    migracion_id: Mapped[int | None] = mapped_column(ForeignKey("migracion.id"), index=True)
    huella_origen: Mapped[str | None] = mapped_column(String(64))
    # Mirrors the existence of a `SinEfecto` row, because a partial unique index needs a column.
    vigente: Mapped[bool] = mapped_column(default=True)

    facturas: Mapped[list["Factura"]] = relationship(back_populates="liquidacion", order_by="Factura.orden")
    sin_efecto: Mapped["SinEfecto | None"] = relationship(back_populates="liquidacion")
    integrantes: Mapped[list["Integrante"]] = relationship(back_populates="liquidacion", order_by="Integrante.orden")
    movimientos: Mapped[list["MovimientoContrato"]] = relationship(
        back_populates="liquidacion", order_by="MovimientoContrato.orden"
    )

    __table_args__ = (
        CheckConstraint("total >= 0", name="total_no_negativo"),
        CheckConstraint("vigencia BETWEEN 1990 AND 2200", name="vigencia_razonable"),
        CheckConstraint("(migracion_id IS NULL) = (huella_origen IS NULL)", name="migrada_con_su_huella"),
        CheckConstraint("(tipo = 'contrato') = (numero_contrato IS NOT NULL)", name="contrato_con_numero"),
        # What follows from an assessment keeps its contract, and so does what was assessed before its entity was an agent (0);
        # additions older than this rule may have another agent.
        CheckConstraint(
            "NOT (vigente AND adicion = 0 AND cuenta = '') OR entidad IN (0, COALESCE(agente_id, 0))",
            name="entidad_de_su_agente",
        ),
        Index(None, "documento", "id"),
        Index(None, "agente_id", "emitida_en"),
        Index(
            "uq_liquidacion_contrato_vigente",
            "departamento",
            "vigencia",
            "documento",
            "numero_contrato",
            "entidad",
            "adicion",
            "cuenta",
            unique=True,
            sqlite_where=text("tipo = 'contrato' AND vigente"),
            postgresql_where=text("tipo = 'contrato' AND vigente"),
        ),
    )

    @property
    def es_contrato(self) -> bool:
        return self.tipo is TipoLiquidacion.CONTRATO

    @property
    def reconocimientos(self) -> list[Reconocimiento]:
        """Those that its facturas lean on, each once."""
        return list({uno.id: uno for factura in self.facturas for uno in factura.reconocimientos}.values())

    @property
    def soporte(self) -> "MovimientoContrato | None":
        """The act that this liquidación was issued for: the contract, its addition, its reduction or its payment."""
        # What left it without effect is a line too, and the only one without a date of its own.
        return next((m for m in self.movimientos if m.fecha is not None), None)

    @property
    def numero_en_palabras(self) -> str:
        """The contract's number, and which of its additions or payments this is."""
        return numero_en_palabras(self.numero_contrato or "", self.adicion, self.cuenta)

    def participaciones(self) -> list["Participacion"]:
        """What each member of a consorcio bears of every factura, in their order; the parts sum exactly to each of them."""
        porcentajes = [Decimal(i.porcentaje) for i in self.integrantes]
        por_factura = [repartir(f.valor, porcentajes) for f in self.facturas] if porcentajes else []
        return [Participacion(x, [partes[n] for partes in por_factura]) for n, x in enumerate(self.integrantes)]

    def tiene_pagables(self, hoy: date) -> bool:
        """Whether any of its facturas can be paid on the Colombian day `hoy`."""
        return any(factura.es_pagable(hoy) for factura in self.facturas)

    def estados_publicos(self, hoy: date) -> list[EstadoPublico]:
        """The words of its facturas on the Colombian day `hoy`, each once."""
        return list(dict.fromkeys(factura.estado_publico(hoy) for factura in self.facturas))

    def por_pagar(self, hoy: date) -> Decimal:
        """Pesos of the facturas that can be paid on the Colombian day `hoy`."""
        return sum((f.valor for f in self.facturas if f.es_pagable(hoy)), Decimal(0))


class Factura(Base):
    """One stamp of an assessment: its own consecutive number, value, explanation and state."""

    __tablename__ = "factura"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    numero: Mapped[int] = mapped_column(Entero, unique=True)
    liquidacion_id: Mapped[int] = mapped_column(ForeignKey("liquidacion.id"))
    orden: Mapped[int] = mapped_column(Integer)
    estampilla: Mapped[str] = mapped_column(String(60))
    estampilla_nombre: Mapped[str] = mapped_column(String(160))
    acto: Mapped[str] = mapped_column(String(30))
    base: Mapped[Decimal | None] = mapped_column(Pesos)
    tarifa: Mapped[str] = mapped_column(String(80))
    indicador: Mapped[str] = mapped_column(String(160), default="")
    exacto: Mapped[str] = mapped_column(String(60))
    redondeo: Mapped[str] = mapped_column(String(60))
    norma: Mapped[str] = mapped_column(String(300))
    explicacion: Mapped[str] = mapped_column(String(1000))
    exencion: Mapped[str | None] = mapped_column(String(500))
    valor: Mapped[Decimal] = mapped_column(Pesos)
    estado: Mapped[EstadoFactura] = mapped_column(enum_texto(EstadoFactura), default=EstadoFactura.LIQUIDADA)

    liquidacion: Mapped[Liquidacion] = relationship(back_populates="facturas")
    reconocimientos: Mapped[list[Reconocimiento]] = relationship(
        secondary=FACTURA_RECONOCIDA, order_by=Reconocimiento.id
    )
    # The one adhesion that stands, if any: the database lets no second one live.
    uso: Mapped["AdhesionFactura | None"] = relationship(
        primaryjoin="and_(Factura.id == AdhesionFactura.factura_id, AdhesionFactura.viva)", viewonly=True, uselist=False
    )

    __table_args__ = (
        UniqueConstraint("liquidacion_id", "orden"),
        CheckConstraint("valor >= 0", name="valor_no_negativo"),
    )

    def estado_publico(self, hoy: date) -> EstadoPublico:
        """The word to show on the Colombian day `hoy`."""
        liquidacion = self.liquidacion
        return estado_publico(self.estado, liquidacion.fecha_limite, hoy, por_retencion=liquidacion.por_retencion)

    @property
    def esta_pagada(self) -> bool:
        """Whether its stamp can be issued: its money stands, or nothing was owed; used or not."""
        return self.estado in ESTADOS_PAGADOS

    @property
    def reglas(self) -> list[dict[str, Any]]:
        """The exclusions and exemptions that were looked at for this stamp."""
        return [regla for regla in self.liquidacion.reglas if self.orden in regla["renglones"]]

    def es_pagable(self, hoy: date) -> bool:
        """Whether a payment may start today: worth something, and assessed and not past its due date, or owed again."""
        return self.valor > 0 and self.estado_publico(hoy) in PAGABLES


class Integrante(Base):
    """A member of the consorcio or unión temporal that contracts. `porcentaje` is exact text; all of them sum 100."""

    __tablename__ = "integrante"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    liquidacion_id: Mapped[int] = mapped_column(ForeignKey("liquidacion.id"))
    orden: Mapped[int] = mapped_column(Integer)
    tipo_documento: Mapped[str] = mapped_column(String(4))
    documento: Mapped[str] = mapped_column(String(20), index=True)
    nombre: Mapped[str] = mapped_column(String(160))
    porcentaje: Mapped[str] = mapped_column(String(11))

    liquidacion: Mapped[Liquidacion] = relationship(back_populates="integrantes")

    __table_args__ = (UniqueConstraint("liquidacion_id", "orden"), UniqueConstraint("liquidacion_id", "documento"))


@dataclass(frozen=True)
class Participacion:
    """A member and its pesos of each factura, in the order of the facturas."""

    integrante: Integrante
    partes: Sequence[Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.partes, Decimal(0))


class EventoFactura(Base):
    """One move of a factura: from where to where, when, and which payment or person caused it."""

    __tablename__ = "evento_factura"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    factura_id: Mapped[int] = mapped_column(ForeignKey("factura.id"), index=True)
    en: Mapped[datetime] = mapped_column(Instante)
    desde: Mapped[str | None] = mapped_column(String(32))
    hasta: Mapped[str] = mapped_column(String(32))
    evento: Mapped[str] = mapped_column(String(32))
    pago_id: Mapped[int | None] = mapped_column(Entero)
    usuario_id: Mapped[int | None] = mapped_column(Entero)


class SinEfecto(Base):
    """The voiding of an assessment (*dejar sin efecto*): who (no account: the contributor), when, why. At most one."""

    __tablename__ = "sin_efecto"

    liquidacion_id: Mapped[int] = mapped_column(ForeignKey("liquidacion.id"), primary_key=True)
    en: Mapped[datetime] = mapped_column(Instante)
    usuario_id: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))
    motivo: Mapped[str] = mapped_column(String(500))

    liquidacion: Mapped[Liquidacion] = relationship(back_populates="sin_efecto")
