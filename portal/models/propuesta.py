"""A draft of the law: written by one administrator, published by another. Only a published one has its dated rows.

One table holds the life that every draft has; two more hold what it says: the pesos of an indicator, or a change of a tariff.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.propuestas_tarifa import cifra_de
from portal.dominio.tarifas import Tarifa, TipoTarifa
from portal.models.archivo import Archivo


class EstadoPropuesta(StrEnum):
    """A draft ends once: published or withdrawn. What was published may be replaced by a correction, before any use."""

    BORRADOR = "borrador"
    PUBLICADA = "publicada"
    RETIRADA = "retirada"
    CORREGIDA = "corregida"


class ClasePropuesta(StrEnum):
    """What a draft speaks of."""

    INDICADOR = "indicador"
    TARIFA = "tarifa"


class CambioTarifa(StrEnum):
    """What an act of the Assembly or the government does to a tariff: fix it, choose one of its variants, end it."""

    FIJAR = "fijar"
    VARIANTE = "variante"
    TERMINAR = "terminar"


class Propuesta(Base):
    """The life of a draft: days, the act with its evidence (which the draft may lack), who wrote it and how it ended.

    `codigo` is that of the dated row. `autor_id` is who wrote the draft last: who answers for it and may not publish it.
    `corrige` is the first day of the published version that it corrects, and `correccion` the reason.
    """

    __tablename__ = "propuesta"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    clase: Mapped[ClasePropuesta] = mapped_column(enum_texto(ClasePropuesta))
    departamento: Mapped[str] = mapped_column(String(30))
    codigo: Mapped[str] = mapped_column(String(80))
    desde: Mapped[date]
    hasta: Mapped[date | None]
    acto: Mapped[str] = mapped_column(String(160))
    acto_fecha: Mapped[date | None]
    evidencia: Mapped[str] = mapped_column(String(500))
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    salto_confirmado: Mapped[bool]
    corrige: Mapped[date | None]
    correccion: Mapped[str] = mapped_column(String(500), default="")
    estado: Mapped[EstadoPropuesta] = mapped_column(enum_texto(EstadoPropuesta), default=EstadoPropuesta.BORRADOR)
    version: Mapped[int] = mapped_column(Integer, default=1)
    autor_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    autor_nombre: Mapped[str] = mapped_column(String(120))
    escrita_en: Mapped[datetime] = mapped_column(Instante)
    resuelta_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    resuelta_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    resuelta_en: Mapped[datetime | None] = mapped_column(Instante)
    motivo: Mapped[str] = mapped_column(String(500), default="")
    corregida_por: Mapped[int | None] = mapped_column(ForeignKey("propuesta.id"))

    archivo: Mapped[Archivo | None] = relationship()

    __table_args__: tuple[Any, ...] = (
        CheckConstraint("hasta >= desde", name="hasta_despues_de_desde"),
        CheckConstraint("clase = 'tarifa' OR hasta IS NOT NULL", name="valor_con_fin"),
        CheckConstraint("(estado = 'borrador') = (resuelta_por IS NULL)", name="resuelta_por_alguien"),
        CheckConstraint("(resuelta_por IS NULL) = (resuelta_en IS NULL)", name="resuelta_en_su_instante"),
        CheckConstraint(
            "estado IN ('borrador', 'retirada') OR resuelta_por <> autor_id", name="la_publica_otra_persona"
        ),
        CheckConstraint(
            "estado IN ('borrador', 'retirada') OR "
            "(acto <> '' AND acto_fecha IS NOT NULL AND (evidencia <> '' OR archivo_id IS NOT NULL))",
            name="publicada_con_su_acto",
        ),
        CheckConstraint("estado <> 'retirada' OR motivo <> ''", name="retirada_con_motivo"),
        CheckConstraint("(corrige IS NULL) = (correccion = '')", name="corrige_con_motivo"),
        CheckConstraint("(estado = 'corregida') = (corregida_por IS NOT NULL)", name="corregida_por_otra"),
        Index(
            "uq_propuesta_borrador",
            "departamento",
            "codigo",
            "desde",
            unique=True,
            sqlite_where=text("estado = 'borrador'"),
            postgresql_where=text("estado = 'borrador'"),
        ),
    )
    __mapper_args__ = {"polymorphic_on": "clase", "with_polymorphic": "*"}

    @property
    def es_borrador(self) -> bool:
        return self.estado is EstadoPropuesta.BORRADOR


class PropuestaIndicador(Propuesta):
    """The pesos that an indicator would have between two days."""

    __tablename__ = "propuesta_indicador"

    id: Mapped[int] = mapped_column(ForeignKey("propuesta.id"), primary_key=True)
    valor: Mapped[Decimal] = mapped_column(Pesos)

    __table_args__ = (CheckConstraint("valor > 0", name="valor_positivo"),)
    __mapper_args__ = {"polymorphic_identity": ClasePropuesta.INDICADOR}


class PropuestaTarifa(Propuesta):
    """What a stamp would charge on an act (`acto_gravado`; `*` for every act of `clase_acto`) from a day on.

    Ending keeps the figures that end. `valor` is exact text, as in `tarifa`.
    """

    __tablename__ = "propuesta_tarifa"

    id: Mapped[int] = mapped_column(ForeignKey("propuesta.id"), primary_key=True)
    cambio: Mapped[CambioTarifa] = mapped_column(enum_texto(CambioTarifa))
    estampilla: Mapped[str] = mapped_column(String(60))
    acto_gravado: Mapped[str] = mapped_column(String(60))
    clase_acto: Mapped[str] = mapped_column(String(20))
    variante: Mapped[str] = mapped_column(String(40))
    tipo: Mapped[str] = mapped_column(String(30))
    valor: Mapped[str] = mapped_column(String(30))
    indicador: Mapped[str] = mapped_column(String(60))
    redondeo: Mapped[str] = mapped_column(String(60))
    redondeo_inferido: Mapped[bool]
    norma: Mapped[str] = mapped_column(String(120))
    articulo: Mapped[str] = mapped_column(String(160))

    __table_args__ = (CheckConstraint("(cambio = 'variante') = (variante <> '')", name="variante_elegida"),)
    __mapper_args__ = {"polymorphic_identity": ClasePropuesta.TARIFA}

    def como_tarifa(self) -> Tarifa:
        """The tariff as the engine would read it. Raises `ValueError` for a type that does not exist."""
        return Tarifa(
            estampilla=self.estampilla,
            acto=self.acto_gravado,
            clase=self.clase_acto,
            tipo=TipoTarifa(self.tipo),
            valor=Decimal(self.valor),
            redondeo=self.redondeo,
            norma=self.norma,
            articulo=self.articulo,
            desde=self.desde,
            hasta=self.hasta,
            indicador=self.indicador,
            redondeo_inferido=self.redondeo_inferido,
        )

    @property
    def texto(self) -> str:
        """The rate for people: `2 %`, `0,5 UVT`, `$4.000`."""
        return cifra_de(self.como_tarifa())


class VersionAnterior(Base):
    """A dated row as it was before a publication replaced it or changed its last day; the engine never reads it.

    `tabla` is `tarifa` or `valor_indicador`; `cifra` says its figure in words and `datos` is the whole row, as that day's
    release had it. Who, when and why are the proposal's.
    """

    __tablename__ = "version_anterior"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    tabla: Mapped[str] = mapped_column(String(30))
    departamento: Mapped[str] = mapped_column(String(30))
    codigo: Mapped[str] = mapped_column(String(80))
    desde: Mapped[date]
    hasta: Mapped[date | None]
    cifra: Mapped[str] = mapped_column(String(120))
    reemplazada: Mapped[bool]
    datos: Mapped[dict[str, Any]] = mapped_column(JSON)
    propuesta_id: Mapped[int] = mapped_column(ForeignKey("propuesta.id"))

    propuesta: Mapped[Propuesta] = relationship()

    __table_args__ = (Index("ix_version_anterior_fila", "tabla", "departamento", "codigo"),)
