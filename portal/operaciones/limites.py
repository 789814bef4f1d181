"""Shared limits: how often one key may act within a window, counted by the database for all workers alike.

What protects an account or a disk is always counted here, in the transaction of what it limits. The brakes of pages may be
counted by a Redis instead (`portal/web/contadores.py`), with the same windows and the same order.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import TextualSelect, delete, text

from portal import directo
from portal.db import db, ejecutar
from portal.models import Cuota

# One statement that both engines understand; the row's own lock settles races.
_SUMAR = text(
    "INSERT INTO cuota (clave, ventana, cuenta) VALUES (:clave, :ventana, :cuanto) "
    "ON CONFLICT (clave, ventana) DO UPDATE SET cuenta = cuota.cuenta + excluded.cuenta RETURNING cuenta"
)
_RESTAR = "UPDATE cuota SET cuenta = cuenta - 1 WHERE clave = :clave AND ventana = :ventana RETURNING clave, cuenta"
_OLVIDAR = "UPDATE cuota SET cuenta = 0 WHERE clave = :clave AND ventana = :ventana RETURNING clave, cuenta"
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


# Carries out an order, by itself, and gives its rows.
Ejecutar = Callable[[str, Mapping[str, object]], Iterable[Sequence[Any]]]


def primero_agotado(cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
    """Count one act under each limit in the database, outside of any transaction; the first that is exceeded is returned, and
    what is refused counts no further."""
    return contar_juntas(cuentas, ahora, _en_la_base, sin_espera=db.engine.dialect.name == "postgresql")


def contar_juntas(
    cuentas: Sequence[Cuenta], ahora: datetime, ejecutar: Ejecutar, *, sin_espera: bool = False
) -> Limite | None:
    """As `primero_agotado`, wherever there is a table `cuota`: all are counted by one order, and those after a refusal are
    taken back. `sin_espera` is of PostgreSQL, which would wait for the disk."""
    datos: dict[str, object] = {}
    for n, una in enumerate(cuentas):
        datos |= {f"clave{n}": una.llave, f"ventana{n}": una.limite.ventana(ahora)}
        if una.cual:
            datos[f"marca{n}"] = una.marca
    orden = _sumar(tuple(bool(una.cual) for una in cuentas), sin_espera)
    hechas: dict[str, int] = {clave: cuenta for clave, cuenta in ejecutar(orden, datos)}

    def cambiar(orden: str, clave: str, una: Cuenta) -> None:
        ejecutar(orden, {"clave": clave, "ventana": una.limite.ventana(ahora)})

    for lugar, una in enumerate(cuentas):
        if una.cual and una.llave in hechas and hechas[una.marca] > 1:
            # Somebody else asked for the same one at the same time.
            cambiar(_RESTAR, una.llave, una)
        elif hechas.get(una.llave, 0) > una.limite.maximo:
            contadas = [otra for otra in cuentas[lugar:] if otra.llave in hechas]
            for otra in contadas[1:]:
                cambiar(_RESTAR, otra.llave, otra)
            for otra in contadas:
                if otra.cual:
                    # Or it would pass the second time.
                    cambiar(_OLVIDAR, otra.marca, otra)
            return una.limite
    return None


def _en_la_base(orden: str, datos: Mapping[str, object]) -> Iterable[Sequence[Any]]:
    return directo.filas(_preparada(orden), datos)


@cache
def _preparada(orden: str) -> TextualSelect:
    return text(orden).columns(Cuota.clave, Cuota.cuenta)


@cache
def _sumar(con_marca: tuple[bool, ...], sin_espera: bool) -> str:
    """One act of each of so many keys, and of those with a mark only when it is new. Always in their order, so that two that
    count the same never wait for each other."""
    actos = []
    for n, con in enumerate(con_marca):
        acto, marca = (f"SELECT CAST(:{que}{n} AS VARCHAR), CAST(:ventana{n} AS INTEGER)" for que in ("clave", "marca"))
        vista = f"SELECT 1 FROM cuota WHERE clave = :marca{n} AND ventana = :ventana{n} AND cuenta > 0"  # noqa: S608
        actos += [f"{acto} WHERE NOT EXISTS ({vista})", marca] if con else [acto]
    # A count that a power cut takes away protects nobody's money: nobody need wait for the disk.
    espera = ", (SELECT set_config('synchronous_commit', 'off', true)) AS sin_espera" if sin_espera else ""
    return (
        f"WITH actos (clave, ventana) AS ({' UNION ALL '.join(actos)}) "  # noqa: S608  names of parameters and nothing else
        f"INSERT INTO cuota (clave, ventana, cuenta) SELECT clave, ventana, 1 FROM actos{espera} WHERE true "
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
