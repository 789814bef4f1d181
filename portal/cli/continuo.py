"""Commands that go on until they are told to stop."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError

from portal.db import db
from portal.web.departamento import ajustes_actuales

registro = logging.getLogger(__name__)


def repetir(ronda: Callable[[], object], quien: str) -> NoReturn:
    """Run `ronda` every `PORTAL_SONDA_SEGUNDOS` until SIGTERM or SIGINT, then exit 0. `quien` names it in the log."""
    parar = threading.Event()
    for senal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(senal, lambda *_: parar.set())
    while not parar.is_set():
        try:
            ronda()
        except SQLAlchemyError as error:
            # The database may be away for a while; the next round tries again.
            registro.warning("%s no pudo usar la base de datos: %s", quien, type(error).__name__)
        finally:
            db.session.remove()
        parar.wait(ajustes_actuales().sonda_segundos)
    sys.exit(0)
