"""Sealing the bitácora: its rows are numbered and chained after they were written, never while they are.

A chain needs one writer at a time. Taking its place inside `anotar` would keep every other writer waiting until the end of
each transaction that looks at a person, and two that also move money could wait for each other for ever. So a row is written
alone, and a short transaction that does nothing else gives the rows without a seal their places, one after another.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from portal.db import db
from portal.dominio.bitacora import eslabon
from portal.dominio.cadena import GENESIS
from portal.models import Bitacora, SelloBitacora
from portal.operaciones.consecutivos import tomar
from portal.operaciones.paginas import contar_desde

SERIE = "sello_bitacora"
# One transaction holds the writers of SQLite for as long as it takes to chain these.
TANDA = 500
# How far behind the last sealed id a frequent round looks for rows whose transaction ended late. A complete one looks at all.
VENTANA = 10_000


def sellar(*, ahora: datetime, completa: bool = True) -> int:
    """Chain at most `TANDA` rows that have no seal, in the order of their ids; returns how many.

    The series' row is locked before looking, so that two who seal never see the same rows; nobody else takes it.
    """
    numero = tomar(SERIE, 0).start
    filas = db.session.scalars(_sin_sello(completa=completa).order_by(Bitacora.id).limit(TANDA)).all()
    if filas:
        _encadenar(filas, numero, ahora)
    return len(filas)


def hay_por_sellar(*, completa: bool = True) -> bool:
    """Whether some row has no seal. Reads only, so that a round with nothing to do writes nothing."""
    return db.session.scalar(_sin_sello(completa=completa).limit(1)) is not None


def por_sellar() -> tuple[int, datetime | None]:
    """How many of the latest rows have no seal, and when the oldest of them was written."""
    return contar_desde(_sin_sello(completa=False), "en")


def _sin_sello(*, completa: bool) -> Select[Any]:
    """Rows without a seal: never "those after the last", which would leave out whoever committed late with a lower id."""
    consulta = (
        select(Bitacora)
        .outerjoin(SelloBitacora, SelloBitacora.bitacora_id == Bitacora.id)
        .where(SelloBitacora.numero.is_(None))
    )
    if completa:
        return consulta
    ultimo = db.session.scalar(select(func.max(SelloBitacora.bitacora_id))) or 0
    return consulta.where(Bitacora.id > ultimo - VENTANA)


def _encadenar(filas: Sequence[Bitacora], numero: int, ahora: datetime) -> None:
    huella = GENESIS
    if numero > 1:
        huella = db.session.execute(select(SelloBitacora.huella).where(SelloBitacora.numero == numero - 1)).scalar_one()
    for suyo, fila in zip(tomar(SERIE, len(filas)), filas, strict=True):
        huella = eslabon(huella, suyo, ahora, fila.anotacion)
        db.session.add(SelloBitacora(numero=suyo, bitacora_id=fila.id, en=ahora, huella=huella))
    db.session.flush()
