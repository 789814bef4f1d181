"""Following up stored notifications once their answers left: few threads for however many wait.

A gateway that was stopped sends all that it kept at once. A thread for each would exhaust the connections of the database
and wait for its lock longer than it lets; what waits here is followed up in turn, and the probe has whatever a death loses.
"""

import logging
import threading
from collections import deque

from flask import Flask

from portal.db import db
from portal.web.pasarela import atender_notificacion

registro = logging.getLogger(__name__)
# Name of the threads that ask the gateway after the answer left.
HILO = "notificacion-"
# None keeps a connection to the database while it waits for the gateway.
HILOS_MAXIMOS = 8


class Seguimiento:
    """What waits in this process. A thread ends when nothing does."""

    def __init__(self) -> None:
        self._turno = threading.Lock()
        self._esperan: deque[tuple[Flask, int, str]] = deque()
        self._hilos = 0

    def encargar(self, aplicacion: Flask, notificacion_id: int, id_pasarela: str) -> None:
        """Follow up a stored notification in another thread, at once unless all of them are busy."""
        with self._turno:
            self._esperan.append((aplicacion, notificacion_id, id_pasarela))
            if self._hilos == HILOS_MAXIMOS:
                return
            self._hilos += 1
        threading.Thread(target=self._seguir, name=f"{HILO}{notificacion_id}", daemon=True).start()

    def _seguir(self) -> None:
        while (una := self._siguiente()) is not None:
            _atender(*una)

    def _siguiente(self) -> tuple[Flask, int, str] | None:
        with self._turno:
            if self._esperan:
                return self._esperan.popleft()
            self._hilos -= 1
            return None


def _atender(aplicacion: Flask, notificacion_id: int, id_pasarela: str) -> None:
    with aplicacion.app_context():
        try:
            atender_notificacion(notificacion_id, id_pasarela)
        except Exception as error:
            registro.warning("notificación %s sin atender: %s", notificacion_id, type(error).__name__)
        finally:
            db.session.remove()


encargar = Seguimiento().encargar
