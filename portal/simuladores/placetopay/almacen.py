"""The simulator's own SQLite file: sessions, transactions, notifications sent, and the switches of the panel."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

ESQUEMA = """
CREATE TABLE IF NOT EXISTS sesion (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL,
    pedido TEXT NOT NULL,
    creada REAL NOT NULL,
    vence REAL NOT NULL,
    estado TEXT NOT NULL,
    motivo TEXT NOT NULL,
    mensaje TEXT NOT NULL,
    fecha TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS transaccion (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sesion_id INTEGER NOT NULL REFERENCES sesion (id),
    estado TEXT NOT NULL,
    motivo TEXT NOT NULL,
    mensaje TEXT NOT NULL,
    fecha TEXT NOT NULL,
    banco TEXT NOT NULL,
    cus TEXT NOT NULL,
    resolver_en REAL,
    resolver_como TEXT,
    reversada INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS una_en_curso ON transaccion (sesion_id) WHERE estado IN ('PENDING', 'APPROVED');
CREATE TABLE IF NOT EXISTS aviso (sesion_id INTEGER PRIMARY KEY, cuerpo TEXT NOT NULL, respuesta TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS averia (id INTEGER PRIMARY KEY AUTOINCREMENT, ruta TEXT NOT NULL, datos TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS interruptor (nombre TEXT PRIMARY KEY, valor TEXT NOT NULL);
"""
# Numbers go on from the clock, so that a file thrown away never hands out an old number again.
_ANIO_2025 = 1_735_689_600


class Almacen:
    """Opens one short connection per use; writers take the lock at once."""

    def __init__(self, archivo: str) -> None:
        self._archivo = archivo
        with closing(self._conectar()) as conexion:
            conexion.executescript(ESQUEMA)
            if not conexion.execute("SELECT 1 FROM sqlite_sequence").fetchone():
                primero = int(time.time()) - _ANIO_2025
                filas = [("sesion", primero), ("transaccion", 1_500_000_000 + primero)]
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
