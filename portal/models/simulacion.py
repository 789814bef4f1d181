"""A draft run over past assessments: what was compared, how far the run is, and the account so far."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante, enum_texto


class EstadoSimulacion(StrEnum):
    """A run ends once: finished, or given up because the draft or the rules changed under it."""

    EN_CURSO = "en_curso"
    TERMINADA = "terminada"
    ABANDONADA = "abandonada"


class Simulacion(Base):
    """One run. `version` of the draft and `edicion` of the rules say what it is worth; another of either makes it old.

    It looks at the department's assessments of `desde` to `hasta` with ids up to `id_final`; `ultimo_id` is the last one seen,
    and the step that moves it writes the account in the same UPDATE. No proposal is ever deleted, so its number is enough.
    """

    __tablename__ = "simulacion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    departamento: Mapped[str] = mapped_column(String(30))
    propuesta_id: Mapped[int] = mapped_column(Entero)
    version: Mapped[int] = mapped_column(Integer)
    edicion: Mapped[str] = mapped_column(String(32))
    desde: Mapped[date]
    hasta: Mapped[date]
    sin_valor: Mapped[list[str]] = mapped_column(JSON)
    tarifas: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    estado: Mapped[EstadoSimulacion] = mapped_column(enum_texto(EstadoSimulacion))
    total: Mapped[int] = mapped_column(Integer)
    procesadas: Mapped[int] = mapped_column(Integer, default=0)
    id_final: Mapped[int] = mapped_column(Entero)
    ultimo_id: Mapped[int] = mapped_column(Entero, default=0)
    resultado: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    creada_en: Mapped[datetime] = mapped_column(Instante)
    creada_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    creada_por_nombre: Mapped[str] = mapped_column(String(120))
    terminada_en: Mapped[datetime | None] = mapped_column(Instante)

    __table_args__ = (
        CheckConstraint("(estado = 'terminada') = (terminada_en IS NOT NULL)", name="terminada_en_su_instante"),
        CheckConstraint("hasta >= desde", name="hasta_despues_de_desde"),
        CheckConstraint("procesadas >= 0 AND total >= 0", name="cuentas_no_negativas"),
        Index(None, "propuesta_id", "departamento", "id"),
        Index(
            "uq_simulacion_en_curso",
            "propuesta_id",
            "departamento",
            unique=True,
            sqlite_where=text("estado = 'en_curso'"),
            postgresql_where=text("estado = 'en_curso'"),
        ),
    )

    @property
    def termino(self) -> bool:
        return self.estado is EstadoSimulacion.TERMINADA

    @property
    def en_curso(self) -> bool:
        return self.estado is EstadoSimulacion.EN_CURSO

    @property
    def por_ciento(self) -> int:
        """How far it is, from 0 to 100."""
        return 100 if self.termino or not self.total else min(self.procesadas * 100 // self.total, 99)
