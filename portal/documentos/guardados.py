"""Documents laid out a moment ago, by the digest of all that decides their bytes.

They hold personal data: they are kept in the memory of this process and nowhere else, few and not for long. Whoever may see
a document is decided before its HTML exists, and only that same HTML finds it here.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

MB = 1024**2


@dataclass(frozen=True)
class Topes:
    """How many documents are kept, how many bytes they take together, and how many seconds each."""

    documentos: int = 64
    bytes_: int = 4 * MB
    segundos: float = 600.0


class Guardados:
    """The latest documents; what goes beyond a limit pushes out the oldest."""

    def __init__(self, topes: Topes = Topes(), reloj: Callable[[], float] = time.monotonic) -> None:
        self._topes, self._reloj = topes, reloj
        self.vaciar()

    def vaciar(self) -> None:
        """Forget all. In a copy of the process, whoever held the lock is not there to let it go."""
        self._documentos: dict[bytes, tuple[float, bytes]] = {}
        self._bytes = 0
        self._candado = threading.Lock()

    def dar(self, llave: bytes) -> bytes | None:
        """The document of `llave`, if it is still kept."""
        with self._candado:
            self._soltar()
            _, documento = self._documentos.get(llave, (0.0, None))
            return documento

    def guardar(self, llave: bytes, documento: bytes) -> None:
        """Keep it from now on; one that alone takes more than all may take is not kept."""
        with self._candado:
            if llave not in self._documentos and len(documento) <= self._topes.bytes_:
                self._documentos[llave] = (self._reloj() + self._topes.segundos, documento)
                self._bytes += len(documento)
            self._soltar()

    def _soltar(self) -> None:
        """Let go of what is past its time or too much, which are the first: they were kept in this order."""
        for llave, (hasta, documento) in list(self._documentos.items()):
            sobra = len(self._documentos) > self._topes.documentos or self._bytes > self._topes.bytes_
            if hasta > self._reloj() and not sobra:
                return
            del self._documentos[llave]
            self._bytes -= len(documento)
