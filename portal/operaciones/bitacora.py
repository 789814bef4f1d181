"""The audit log's only door."""

from datetime import datetime
from typing import Any

from portal.db import db
from portal.models import Bitacora


def anotar(
    accion: str, objeto: str, *, ahora: datetime, usuario_id: int | None, peticion: str = "", **detalle: Any
) -> None:
    """Append who did what to what. `detalle` holds no identity number, name or secret."""
    db.session.add(
        Bitacora(en=ahora, usuario_id=usuario_id, accion=accion, objeto=objeto, detalle=detalle, peticion=peticion[:40])
    )
