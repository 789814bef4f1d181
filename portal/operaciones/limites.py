"""Shared limits: how often one key may act within a window, counted by the database for all workers alike.

What protects an account or a disk is always counted here, in the transaction of what it limits. The brakes of pages may be
counted by a Redis instead (`portal/web/contadores.py`), with the same windows and the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, TextClause, delete, text

from portal.db import db, ejecutar
from portal.models import Cuota

# One statement that both engines understand; the row's own lock settles races.
_SUMAR = text(
    "INSERT INTO cuota (clave, ventana, cuenta) VALUES (:clave, :ventana, :cuanto) "
    "ON CONFLICT (clave, ventana) DO UPDATE SET cuenta = cuota.cuenta + excluded.cuenta RETURNING cuenta"
)
_RESTAR = text("UPDATE cuota SET cuenta = cuenta - 1 WHERE clave = :clave AND ventana = :ventana")
_LEER = text("SELECT cuenta FROM cuota WHERE clave = :clave AND ventana = :ventana")


@dataclass(frozen=True)
class Limite:
    """`maximo` acts per `segundos`, for each key under `nombre`."""

    nombre: str
    maximo: int
    segundos: int

    def llave(self, clave: str) -> str:
        """What is counted: the limit and whose it is, as long as its column."""
        return f"{self.nombre}:{clave}"[:80]

    def ventana(self, ahora: datetime) -> int:
        """When the current window began, in Unix seconds: windows begin at the same instants for everybody."""
        return int(ahora.timestamp()) // self.segundos * self.segundos

    def _fila(self, clave: str, ahora: datetime) -> dict[str, object]:
        return {"clave": self.llave(clave), "ventana": self.ventana(ahora)}

    def espera(self, ahora: datetime) -> int:
        """Seconds until the current window ends."""
        return self.segundos - int(ahora.timestamp()) % self.segundos


def contar(limite: Limite, clave: str, ahora: datetime, *, cuanto: int = 1) -> bool:
    """Count one act of `clave`, or `cuanto` of what is limited; False when it goes beyond the limit.

    `clave` never holds an identity number in clear.
    """
    cuenta = db.session.execute(_SUMAR, limite._fila(clave, ahora) | {"cuanto": cuanto}).scalar_one()
    return int(cuenta) <= limite.maximo


# A limit and whose act it is.
Cuenta = tuple[Limite, str]


def primero_agotado(conexion: Connection, cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
    """Count one act under each limit; the first that is exceeded is returned, and what is refused counts no further.

    All are counted by one statement, and those after a refusal are taken back: on `cada_orden_sola` that is one round trip.
    """
    filas = [limite._fila(clave, ahora) for limite, clave in cuentas]
    datos = {f"{que}{n}": valor for n, fila in enumerate(filas) for que, valor in fila.items()}
    hechas: dict[str, int] = dict(conexion.execute(_sumar(conexion.dialect.name, len(filas)), datos).all())
    for lugar, ((limite, _), fila) in enumerate(zip(cuentas, filas, strict=True)):
        if hechas[str(fila["clave"])] > limite.maximo:
            for otra in filas[lugar + 1 :]:
                conexion.execute(_RESTAR, otra)
            return limite
    return None


@cache
def _sumar(motor: str, cuantas: int) -> TextClause:
    """One act of each of so many keys. Always in their order, so that two that count the same never wait for each other."""
    filas = ", ".join(f"(CAST(:clave{n} AS VARCHAR), CAST(:ventana{n} AS INTEGER))" for n in range(cuantas))
    # A count that a power cut takes away protects nobody's money: PostgreSQL need not wait for its disk.
    sin_espera = (
        ", (SELECT set_config('synchronous_commit', 'off', true)) AS sin_espera" if motor == "postgresql" else ""
    )
    return text(
        f"WITH actos (clave, ventana) AS (VALUES {filas}) "  # noqa: S608  names of parameters and nothing else
        f"INSERT INTO cuota (clave, ventana, cuenta) SELECT clave, ventana, 1 FROM actos{sin_espera} WHERE true "
        "ON CONFLICT (clave, ventana) DO UPDATE SET cuenta = cuota.cuenta + 1 RETURNING clave, cuenta"
    )


def agotado(limite: Limite, clave: str, ahora: datetime) -> bool:
    """Whether `clave` has used up its window, without counting."""
    cuenta = db.session.execute(_LEER, limite._fila(clave, ahora)).scalar()
    return int(cuenta or 0) >= limite.maximo


def olvidar_cuotas(ahora: datetime) -> int:
    """Drop counters older than a day; returns how many."""
    ayer = int(ahora.timestamp()) - 86400
    return ejecutar(delete(Cuota).where(Cuota.ventana < ayer))
