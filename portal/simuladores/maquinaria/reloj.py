"""Time that passes on its own: expiries, decisions that come later, notifications to repeat."""

import threading
from collections.abc import Callable

_SEGUNDOS_ENTRE_PASOS = 0.2


class Reloj:
    """Calls `avanzar` five times a second from a thread of its own, until it is stopped."""

    def __init__(self, avanzar: Callable[[], None]) -> None:
        self._avanzar = avanzar
        self._alto = threading.Event()
        self._hilo = threading.Thread(target=self._correr, daemon=True)

    def arrancar(self) -> None:
        self._hilo.start()

    def detener(self) -> None:
        """Stop, and wait for the step that is under way."""
        self._alto.set()
        self._hilo.join()

    def _correr(self) -> None:
        while not self._alto.wait(_SEGUNDOS_ENTRE_PASOS):
            self._avanzar()
