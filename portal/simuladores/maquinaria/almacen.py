"""A simulator's own SQLite file: what its protocol keeps, the bad days to come, and the switches of its panel."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

_PROPIAS = """
CREATE TABLE IF NOT EXISTS averia (id INTEGER PRIMARY KEY AUTOINCREMENT, ruta TEXT NOT NULL, datos TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS interruptor (nombre TEXT PRIMARY KEY, valor TEXT NOT NULL);
"""
# Numbers go on from the clock, so that a file thrown away never hands out an old number again.
_ANIO_2025 = 1_735_689_600
# The switch of the panel with which notifications get lost.
SILENCIO = "silencio"


class Almacen:
    """Opens one short connection per use; writers take the lock at once.

    `esquema` is the SQL of the protocol's tables; `primeros`, what is added to the clock for the first number of each.
    """

    def __init__(self, archivo: str, esquema: str, primeros: Mapping[str, int]) -> None:
        self._archivo = archivo
        with closing(self._conectar()) as conexion:
            conexion.executescript(esquema + _PROPIAS)
            if not conexion.execute("SELECT 1 FROM sqlite_sequence").fetchone():
                reloj = int(time.time()) - _ANIO_2025
                filas = [(tabla, reloj + primero) for tabla, primero in primeros.items()]
                conexion.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", filas)

    @contextmanager
    def leer(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with."""
        with closing(self._conectar()) as conexion:
            yield conexion

    @contextmanager
    def escribir(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end, undone by an exception."""
        with closing(self._conectar()) as conexion:
            conexion.execute("BEGIN IMMEDIATE")
            try:
                yield conexion
            except BaseException:
                conexion.execute("ROLLBACK")
                raise
            conexion.execute("COMMIT")

    def interruptor(self, nombre: str) -> str:
        """The value of a switch of the panel; empty when it was never set."""
        with self.leer() as conexion:
            fila = conexion.execute("SELECT valor FROM interruptor WHERE nombre = ?", (nombre,)).fetchone()
        return fila["valor"] if fila else ""

    def poner_interruptor(self, nombre: str, valor: str) -> None:
        """Set a switch of the panel."""
        with self.escribir() as conexion:
            conexion.execute("INSERT OR REPLACE INTO interruptor (nombre, valor) VALUES (?, ?)", (nombre, valor))

    def _conectar(self) -> sqlite3.Connection:
        conexion = sqlite3.connect(self._archivo, timeout=10, isolation_level=None)
        conexion.row_factory = sqlite3.Row
        conexion.execute("PRAGMA foreign_keys=ON")
        return conexion
