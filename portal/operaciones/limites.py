"""Shared limits: how often one key may act within a window, counted by the database for all workers alike."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, text

from portal.db import db, ejecutar
from portal.models import Cuota

# One statement that both engines understand; the row's own lock settles races.
_SUMAR = text(
    "INSERT INTO cuota (clave, ventana, cuenta) VALUES (:clave, :ventana, :cuanto) "
    "ON CONFLICT (clave, ventana) DO UPDATE SET cuenta = cuota.cuenta + excluded.cuenta RETURNING cuenta"
)
_LEER = text("SELECT cuenta FROM cuota WHERE clave = :clave AND ventana = :ventana")


@dataclass(frozen=True)
class Limite:
    """`maximo` acts per `segundos`, for each key under `nombre`."""

    nombre: str
    maximo: int
    segundos: int

    def _fila(self, clave: str, ahora: datetime) -> dict[str, object]:
        return {
            "clave": f"{self.nombre}:{clave}"[:80],
            "ventana": int(ahora.timestamp()) // self.segundos * self.segundos,
        }

    def espera(self, ahora: datetime) -> int:
        """Seconds until the current window ends."""
        return self.segundos - int(ahora.timestamp()) % self.segundos


def contar(limite: Limite, clave: str, ahora: datetime, *, cuanto: int = 1) -> bool:
    """Count one act of `clave`, or `cuanto` of what is limited; False when it goes beyond the limit.

    `clave` never holds an identity number in clear.
    """
    cuenta = db.session.execute(_SUMAR, limite._fila(clave, ahora) | {"cuanto": cuanto}).scalar_one()
    return int(cuenta) <= limite.maximo


def agotado(limite: Limite, clave: str, ahora: datetime) -> bool:
    """Whether `clave` has used up its window, without counting."""
    cuenta = db.session.execute(_LEER, limite._fila(clave, ahora)).scalar()
    return int(cuenta or 0) >= limite.maximo


def olvidar_cuotas(ahora: datetime) -> int:
    """Drop counters older than a day; returns how many."""
    ayer = int(ahora.timestamp()) - 86400
    return ejecutar(delete(Cuota).where(Cuota.ventana < ayer))
