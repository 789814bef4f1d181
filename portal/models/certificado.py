"""The certificate of validation: what an official found when looking an act up, fixed as it was at that instant."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Entero, Instante


class CertificadoValidacion(Base):
    """One certificate, never changed: triggers refuse it on both engines.

    `contenido` is what was asked and what was found, as `portal.operaciones.certificados` writes it; the live state is never
    copied back into it. `pdf` is the paper that was handed out, and `sha256` its digest.
    """

    __tablename__ = "certificado_validacion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(12), unique=True)
    # The form's idempotency key: the same form sent twice certifies once.
    clave_formulario: Mapped[str] = mapped_column(String(64), unique=True)
    departamento: Mapped[str] = mapped_column(String(30))
    en: Mapped[datetime] = mapped_column(Instante)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))
    rol: Mapped[str] = mapped_column(String(32))
    dependencia: Mapped[str] = mapped_column(String(160), default="")
    titulo: Mapped[str] = mapped_column(String(200))
    contenido: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    # How many acts were asked for, and how many stamps were found.
    consultas: Mapped[int] = mapped_column(Integer)
    estampillas: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (
        CheckConstraint("consultas > 0 AND estampillas >= 0", name="algo_se_consulto"),
        Index(None, "usuario_id", "id"),
    )
