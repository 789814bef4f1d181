"""The documents of the system that was there before were brought: from which files, how far it is, and what it comes to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante


class Migracion(Base):
    """One folder of files, known by the SHA-256 of its bytes. A department has one that is not finished.

    `hechas`: liquidaciones written of the `total` that were not here before. `cuadre`: what the database held of each step in
    the transaction that wrote it, added up (`portal.dominio.migracion.control.a_json`); the step that adds it moves `hechas`.
    """

    __tablename__ = "migracion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    departamento: Mapped[str] = mapped_column(String(30))
    huella: Mapped[str] = mapped_column(String(64))
    corte: Mapped[date]
    total: Mapped[int] = mapped_column(Integer)
    hechas: Mapped[int] = mapped_column(Integer, default=0)
    cuadre: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))
    iniciada_en: Mapped[datetime] = mapped_column(Instante)
    terminada_en: Mapped[datetime | None] = mapped_column(Instante)

    __table_args__ = (
        UniqueConstraint("departamento", "huella"),
        CheckConstraint("hechas BETWEEN 0 AND total", name="hechas_de_su_total"),
        CheckConstraint("terminada_en IS NULL OR hechas = total", name="termina_entera"),
        Index(
            "uq_migracion_en_curso",
            "departamento",
            unique=True,
            sqlite_where=text("terminada_en IS NULL"),
            postgresql_where=text("terminada_en IS NULL"),
        ),
    )
