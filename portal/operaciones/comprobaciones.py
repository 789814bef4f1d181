"""Recomputing both chains, and keeping what was found of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.dominio.bitacora import Cadena
from portal.dominio.cadena import GENESIS
from portal.models import Asiento, ComprobacionCadena, SelloBitacora
from portal.operaciones.verificacion_bitacora import (
    anotaciones_sin_sello,
    cadena_de_bitacora,
    cadenas_de_otras_veces,
)
from portal.operaciones.verificacion_libro import cadena as cadena_del_libro

_TABLAS: Mapping[Cadena, type[Asiento] | type[SelloBitacora]] = {Cadena.LIBRO: Asiento, Cadena.BITACORA: SelloBitacora}


@dataclass(frozen=True)
class Cabeza:
    """The last link of a chain and its number, 0 and `GENESIS` for an empty one."""

    filas: int
    huella: str


@dataclass(frozen=True)
class Comprobada:
    """A chain that was recomputed, with what is wrong in it, one Spanish sentence each."""

    cadena: Cadena
    cabeza: Cabeza
    quiebres: Sequence[str]


def comprobar() -> list[Comprobada]:
    """Recompute both chains. Reads only; both are of one instant inside `portal.db.foto`."""
    otras = list(cadenas_de_otras_veces())
    hallados: Mapping[Cadena, Iterable[str]] = {
        Cadena.LIBRO: cadena_del_libro(),
        Cadena.BITACORA: (q for parte in (cadena_de_bitacora(), anotaciones_sin_sello()) for q in parte),
    }
    return [
        Comprobada(cual, cabeza_de(cual), [*quiebres, *(o for o in otras if f"«{cual.value}»" in o)])
        for cual, quiebres in hallados.items()
    ]


def registrar(comprobadas: Sequence[Comprobada], *, ahora: datetime) -> None:
    """Keep what was found, so that a chain that is written again whole does not match it."""
    for una in comprobadas:
        db.session.add(
            ComprobacionCadena(
                cadena=una.cadena,
                en=ahora,
                filas=una.cabeza.filas,
                huella=una.cabeza.huella,
                quiebres=len(una.quiebres),
            )
        )
    db.session.flush()


def ultimas() -> dict[Cadena, ComprobacionCadena]:
    """The last check of each chain that was ever checked."""
    recientes = select(func.max(ComprobacionCadena.id)).group_by(ComprobacionCadena.cadena)
    return {
        una.cadena: una
        for una in db.session.scalars(select(ComprobacionCadena).where(ComprobacionCadena.id.in_(recientes)))
    }


def cabeza_de(cadena: Cadena) -> Cabeza:
    """The last link that a chain has now."""
    tabla = _TABLAS[cadena]
    fila = db.session.execute(select(tabla.numero, tabla.huella).order_by(tabla.numero.desc()).limit(1)).first()
    return Cabeza(*fila) if fila else Cabeza(0, GENESIS)
