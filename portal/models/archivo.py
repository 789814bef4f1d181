"""Files that people hand in as evidence: kept in the database, so that every machine that serves the portal has them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante


class Archivo(Base):
    """One file, never changed. `tipo` is what its bytes say; `contenido` is read only when somebody downloads it.

    `subido_por` is the official who handed it in; none, when it came with a citizen's request.
    """

    __tablename__ = "archivo"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    nombre: Mapped[str] = mapped_column(String(120))
    tipo: Mapped[str] = mapped_column(String(40))
    tamano: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    contenido: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    subido_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    subido_en: Mapped[datetime] = mapped_column(Instante)

    __table_args__ = (CheckConstraint("tamano > 0", name="tamano_positivo"),)
