"""Files that people hand in as evidence: kept in the database, so that every machine that serves the portal has them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante


class Archivo(Base):
    """One file, never changed. `tipo` is what its bytes say; `contenido` is read only when somebody downloads it.

    `codigo` is its name in an address, which nobody can guess. `subido_por` is the account that handed it in; none, when it
    came with a citizen's request. `espacio` is whose room it takes (`agente:7`) when several accounts share one.
    """

    __tablename__ = "archivo"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    nombre: Mapped[str] = mapped_column(String(120))
    tipo: Mapped[str] = mapped_column(String(40))
    tamano: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    contenido: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    subido_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    subido_en: Mapped[datetime] = mapped_column(Instante)
    espacio: Mapped[str | None] = mapped_column(String(40), index=True)

    __table_args__ = (
        CheckConstraint("tamano > 0", name="tamano_positivo"),
        # The same bytes are kept once for each account, and once for all citizens.
        Index(
            "uq_archivo_de_cuenta",
            "subido_por",
            "sha256",
            unique=True,
            sqlite_where=text("subido_por IS NOT NULL"),
            postgresql_where=text("subido_por IS NOT NULL"),
        ),
        Index(
            "uq_archivo_de_afuera",
            "sha256",
            unique=True,
            sqlite_where=text("subido_por IS NULL"),
            postgresql_where=text("subido_por IS NULL"),
        ),
    )
