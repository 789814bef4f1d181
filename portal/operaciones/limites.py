"""Shared limits: how often one key may act within a window, counted by the database for all workers alike.

What protects an account or a disk is always counted here, in the transaction of what it limits. The brakes of pages may be
counted by a Redis instead (`portal/web/contadores.py`), with the same windows and the same order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, TextualSelect, delete, text

from portal import directo
from portal.db import cada_orden_sola, db, ejecutar
from portal.models import Cuota

# One statement that both engines understand; the row's own lock settles races.
_SUMAR = text(
    "INSERT INTO cuota (clave, ventana, cuenta) VALUES (:clave, :ventana, :cuanto) "
    "ON CONFLICT (clave, ventana) DO UPDATE SET cuenta = cuota.cuenta + excluded.cuenta RETURNING cuenta"
)
_RESTAR = text("UPDATE cuota SET cuenta = cuenta - 1 WHERE clave = :clave AND ventana = :ventana")
_OLVIDAR = text("UPDATE cuota SET cuenta = 0 WHERE clave = :clave AND ventana = :ventana")
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


class Cuenta(NamedTuple):
    """One act of `clave` under `limite`. With `cual`, what is limited is how many different ones `clave` asks for in a window:
    each counts once. Neither holds an identity number in clear.
    """

    limite: Limite
    clave: str
    cual: str = ""

    @property
    def llave(self) -> str:
        """Under what it is counted."""
        return self.limite.llave(self.clave)

    @property
    def marca(self) -> str:
        """What remembers that `cual` was counted."""
        return self.limite.llave(f"{self.clave}:{self.cual}")


def primero_agotado(cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
    """Count one act under each limit, outside of any transaction; the first that is exceeded is returned, and what is refused
    counts no further.

    On PostgreSQL all are counted by one statement, in one round trip, and those after a refusal are taken back.
    """
    if db.engine.dialect.name == "postgresql":
        return _de_una_vez(cuentas, ahora)
    with cada_orden_sola() as conexion:
        return _de_una_en_una(conexion, cuentas, ahora)


def _de_una_en_una(conexion: Connection, cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
    def sumar(llave: str, ventana: int) -> int:
        fila = {"clave": llave, "ventana": ventana, "cuanto": 1}
        return int(conexion.execute(_SUMAR, fila).scalar_one())

    def olvidar(marca: str, ventana: int) -> None:
        conexion.execute(_OLVIDAR, {"clave": marca, "ventana": ventana})

    return en_orden(cuentas, ahora, sumar, olvidar)


def en_orden(
    cuentas: Sequence[Cuenta],
    ahora: datetime,
    sumar: Callable[[str, int], int],
    olvidar: Callable[[str, int], object],
) -> Limite | None:
    """As `primero_agotado`, where nobody else counts meanwhile: `sumar` counts one under a key in a window and says how many,
    `olvidar` begins a key anew."""
    for cuenta in cuentas:
        ventana = cuenta.limite.ventana(ahora)
        if cuenta.cual and sumar(cuenta.marca, ventana) > 1:
            continue
        if sumar(cuenta.llave, ventana) > cuenta.limite.maximo:
            if cuenta.cual:
                # Or it would pass the second time.
                olvidar(cuenta.marca, ventana)
            return cuenta.limite
    return None


def _de_una_vez(cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
    datos: dict[str, object] = {}
    for n, una in enumerate(cuentas):
        datos |= {f"clave{n}": una.llave, f"ventana{n}": una.limite.ventana(ahora)}
        if una.cual:
            datos[f"marca{n}"] = una.marca
    hechas: dict[str, int] = dict(directo.filas(_sumar(tuple(bool(una.cual) for una in cuentas)), datos))
    for lugar, una in enumerate(cuentas):
        if hechas.get(una.llave, 0) > una.limite.maximo:
            with cada_orden_sola() as conexion:
                _devolver(conexion, [otra for otra in cuentas[lugar:] if otra.llave in hechas], ahora)
            return una.limite
    return None


def _devolver(conexion: Connection, contadas: Sequence[Cuenta], ahora: datetime) -> None:
    """Take back what was counted after the first of them, which was refused, and their marks."""
    for n, una in enumerate(contadas):
        ventana = una.limite.ventana(ahora)
        if n:
            conexion.execute(_RESTAR, {"clave": una.llave, "ventana": ventana})
        if una.cual:
            conexion.execute(_OLVIDAR, {"clave": una.marca, "ventana": ventana})


@cache
def _sumar(con_marca: tuple[bool, ...]) -> TextualSelect:
    """One act of each of so many keys, and of those with a mark only when it is new. Always in their order, so that two that
    count the same never wait for each other."""
    fila = "CAST(:clave{0} AS VARCHAR), CAST(:ventana{0} AS INTEGER)"
    marcas = [
        f"marca{n} AS (INSERT INTO cuota (clave, ventana, cuenta) "  # noqa: S608  names of parameters and nothing else
        f"VALUES (CAST(:marca{n} AS VARCHAR), CAST(:ventana{n} AS INTEGER), 1) "
        "ON CONFLICT (clave, ventana) DO UPDATE SET cuenta = cuota.cuenta + 1 RETURNING cuenta)"
        for n, con in enumerate(con_marca)
        if con
    ]
    actos = " UNION ALL ".join(
        f"SELECT {fila.format(n)}" + (f" FROM marca{n} WHERE cuenta = 1" if con else "")  # noqa: S608
        for n, con in enumerate(con_marca)
    )
    return text(
        f"WITH {', '.join([*marcas, f'actos (clave, ventana) AS ({actos})'])} "  # noqa: S608
        "INSERT INTO cuota (clave, ventana, cuenta) SELECT clave, ventana, 1 FROM actos, "
        # A count that a power cut takes away protects nobody's money: nobody need wait for the disk.
        "(SELECT set_config('synchronous_commit', 'off', true)) AS sin_espera WHERE true "
        "ON CONFLICT (clave, ventana) DO UPDATE SET cuenta = cuota.cuenta + 1 RETURNING clave, cuenta"
    ).columns(Cuota.clave, Cuota.cuenta)


def agotado(limite: Limite, clave: str, ahora: datetime) -> bool:
    """Whether `clave` has used up its window, without counting."""
    cuenta = db.session.execute(_LEER, limite._fila(clave, ahora)).scalar()
    return int(cuenta or 0) >= limite.maximo


def olvidar_cuotas(ahora: datetime) -> int:
    """Drop counters older than a day; returns how many."""
    ayer = int(ahora.timestamp()) - 86400
    return ejecutar(delete(Cuota).where(Cuota.ventana < ayer))
