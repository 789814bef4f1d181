"""What every process counts while it serves, added up in the database so that any machine can tell it.

Each process keeps its own sums and adds them from time to time in a transaction that has nothing else in it: what is counted
is never worth a payment's wait, and what cannot be written is added the next time.
"""

from collections import Counter
from threading import Lock

from sqlalchemy import select, text

from portal.db import db
from portal.models import Contador

_SUMAR = text(
    "INSERT INTO contador (nombre, etiqueta, valor) VALUES (:nombre, :etiqueta, :cuanto) "
    "ON CONFLICT (nombre, etiqueta) DO UPDATE SET valor = contador.valor + excluded.valor"
)
Cuentas = Counter[tuple[str, str]]


class Sumas:
    """The sums of one process that were not added yet."""

    def __init__(self) -> None:
        self._turno = Lock()
        self._cuentas: Cuentas = Counter()

    def contar(self, nombre: str, etiqueta: str = "", cuanto: int = 1) -> None:
        with self._turno:
            self._cuentas[nombre, etiqueta] += cuanto

    def tomar(self) -> Cuentas:
        """All of them, which begin again from zero."""
        with self._turno:
            cuentas, self._cuentas = self._cuentas, Counter()
        return cuentas

    def devolver(self, cuentas: Cuentas) -> None:
        """Those that could not be added."""
        with self._turno:
            self._cuentas.update(cuentas)


def sumar(cuentas: Cuentas) -> None:
    """Add them, in one order so that two processes wait for each other and never both."""
    for (nombre, etiqueta), cuanto in sorted(cuentas.items()):
        db.session.execute(_SUMAR, {"nombre": nombre, "etiqueta": etiqueta[:120], "cuanto": cuanto})


def leer(nombre: str) -> list[tuple[str, int]]:
    """The sums of one name by label."""
    consulta = select(Contador.etiqueta, Contador.valor).where(Contador.nombre == nombre).order_by(Contador.etiqueta)
    return [(etiqueta, valor) for etiqueta, valor in db.session.execute(consulta)]
