"""Jobs that every machine starts and one does: the edge of `operaciones.labores`, with its clock and its transactions."""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from portal.db import db, transaccion
from portal.operaciones import labores
from portal.web.reloj import ahora

T = TypeVar("T")
registro = logging.getLogger(__name__)
# Longer than any round takes and shorter than anybody would mind waiting for one whose process died.
PLAZO = timedelta(minutes=5)
# A whole day or a whole database is asked for.
PLAZO_LARGO = timedelta(hours=2)
OTRA_MAQUINA = "Otro proceso está haciendo esa labor; no se hizo de nuevo."


def con_turno(cual: str, labor: Callable[[], T], *, plazo: timedelta = PLAZO) -> T | None:
    """Do it if nobody else is; None when somebody is. How it went is kept for `/metrics`.

    The turn spares double work and is not what keeps the money right: each thing that a job does is claimed or unique in the
    database, so whoever is overtaken by the end of its turn does no harm.
    """
    quien = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"
    with transaccion():
        mio = labores.tomar(cual, quien, plazo=plazo, ahora=ahora())
    if not mio:
        return None
    comienzo = time.monotonic()
    try:
        hecho = labor()
    except BaseException as error:
        with suppress(SQLAlchemyError):
            _soltar(cual, quien, comienzo, type(error).__name__)
        raise
    if not _soltar(cual, quien, comienzo):
        registro.warning("la labor %s tardó más que su turno, y otro proceso la tomó", cual)
    return hecho


def _soltar(cual: str, quien: str, comienzo: float, error: str = "") -> bool:
    db.session.rollback()
    with transaccion():
        return labores.soltar(cual, quien, milisegundos=_ms(comienzo), ahora=ahora(), error=error)


def anotando(cual: str, ronda: Callable[[], T]) -> T:
    """Do a round whose work is claimed piece by piece, so that every machine helps; how it went is kept for `/metrics`."""
    comienzo = time.monotonic()
    try:
        hecho = ronda()
    except BaseException as error:
        db.session.rollback()
        with suppress(SQLAlchemyError), transaccion():
            labores.anotar_fallo(cual, type(error).__name__)
        raise
    with transaccion():
        labores.anotar(cual, milisegundos=_ms(comienzo), ahora=ahora())
    return hecho


def _ms(comienzo: float) -> int:
    return int((time.monotonic() - comienzo) * 1000)
