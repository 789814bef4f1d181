"""Turns: one at once, so many waiting, and whoever comes later is told to come back."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from portal.dominio.errores import ServicioOcupado

Argumentos = ParamSpec("Argumentos")
Resultado = TypeVar("Resultado")
# How many documents of a process may wait, and how long. Each waits in a thread of the server, which has four more (`threads`
# of docs/despliegue/gunicorn.conf.py), so that nobody else waits for documents.
EN_COLA = 12
SEGUNDOS_DE_COLA = 10.0
_OCUPADA = "Hay muchas personas descargando documentos. Espere un momento e inténtelo de nuevo."
_SEGUNDOS_PARA_VOLVER = 15


class Cola:
    """One goes on; those that wait are at most `en_cola` with it, for at most `segundos`.

    One for each process is one for each processor: two end no sooner together, and double what whoever pays waits for them.
    """

    def __init__(self, en_cola: int, segundos: float) -> None:
        self._en_cola, self._segundos = en_cola, segundos
        self.abrir()

    def abrir(self) -> None:
        """Begin anew. In a copy of the process, whoever had the turn is not there to let it go."""
        self._lugares = threading.BoundedSemaphore(self._en_cola)
        self._turno = threading.Lock()

    @contextmanager
    def turno(self) -> Iterator[None]:
        """Its turn. Raises `ServicioOcupado` when too many wait, or for too long."""
        lugares, turno = self._lugares, self._turno
        if not lugares.acquire(blocking=False):
            raise ServicioOcupado(_OCUPADA, _SEGUNDOS_PARA_VOLVER)
        try:
            if not turno.acquire(timeout=self._segundos):
                raise ServicioOcupado(_OCUPADA, _SEGUNDOS_PARA_VOLVER)
            try:
                yield
            finally:
                turno.release()
        finally:
            lugares.release()


_documentos = Cola(EN_COLA, SEGUNDOS_DE_COLA)


def por_turnos(vista: Callable[Argumentos, Resultado]) -> Callable[Argumentos, Resultado]:
    """Make the document of that view in its turn, from before anything of it is read: ten that are read and written at once
    would take the interpreter from whoever pays, and each would hold a connection while it waits for the press.

    Raises `ServicioOcupado`.
    """

    @wraps(vista)
    def en_su_turno(*args: Argumentos.args, **kwargs: Argumentos.kwargs) -> Resultado:
        with _documentos.turno():
            return vista(*args, **kwargs)

    return en_su_turno


os.register_at_fork(after_in_child=_documentos.abrir)
