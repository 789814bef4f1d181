"""Where the brakes of pages are counted: a Redis that every machine shares, a file of this machine, or the database.

A portal on SQLite is of one machine: what its pages count goes to a file of its own beside the database, so that nobody who
looks something up waits for, or delays, who writes money. Losing it forgives at most a window.

A Redis or a file that does not answer never opens the door: the same limits are counted by the database until it is back. What
had been counted stays behind, so that the most an outage gives away is one window more for each key.
"""

import logging
import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Protocol

from flask import Flask, current_app

from portal.config.lectura import archivo_sqlite
from portal.config.limites import BASE
from portal.db import fuera_de_transaccion
from portal.operaciones.limites import Cuenta, Limite, contar_juntas, primero_agotado

registro = logging.getLogger(__name__)
_PREFIJO = "portal:cuota:"
# A brake that takes longer than this is worse than the database.
_PLAZO_SEGUNDOS = 0.25
_DESCANSO_SEGUNDOS = 5
_DIA_SEGUNDOS = 86_400
# One step for all machines: each key, and before it its mark if it has one, is counted until one exceeds its limit, whose place
# is returned; 0 when none does. A key lives as long as its window, and a minute more for clocks that differ.
_CONTAR = """
local function sumar(llave, vida)
  local cuenta = redis.call('INCR', llave)
  if cuenta == 1 then redis.call('EXPIRE', llave, vida) end
  return cuenta
end
for i = 1, #KEYS / 2 do
  local llave, marca, maximo, vida = KEYS[2 * i - 1], KEYS[2 * i], tonumber(ARGV[2 * i - 1]), ARGV[2 * i]
  if marca == '' or sumar(marca, vida) == 1 then
    if sumar(llave, vida) > maximo then
      if marca ~= '' then redis.call('DEL', marca) end
      return i
    end
  end
end
return 0
"""
_TABLA = (
    "CREATE TABLE IF NOT EXISTS cuota "
    "(clave TEXT, ventana INTEGER, cuenta INTEGER, PRIMARY KEY (clave, ventana)) WITHOUT ROWID"
)


class NoResponde(Exception):
    """Where it is counted did not answer now, or moments ago."""


class Contador(Protocol):
    """Counts one act under each limit, in order, until one is exceeded, which is returned. Raises `NoResponde`."""

    def primero_agotado(self, cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None: ...


class _Descanso:
    """After a failure it is left alone for seconds, so that no page waits for it each time; and it is said once."""

    def __init__(self, nombre: str) -> None:
        self._nombre = nombre
        self._hasta = 0.0
        self._caido = False
        self._turno = Lock()

    def exigir(self) -> None:
        """Raises `NoResponde` while it rests."""
        if monotonic() < self._hasta:
            raise NoResponde

    def anotar(self, *, caido: bool, porque: str = "") -> None:
        """Say once that it went away, and once that it came back."""
        if not caido and not self._caido:
            return
        with self._turno:
            cambio, self._caido = caido is not self._caido, caido
            self._hasta = monotonic() + _DESCANSO_SEGUNDOS if caido else 0.0
        if cambio and caido:
            registro.error("%s no responde (%s): los límites se cuentan en la base de datos", self._nombre, porque)
        elif cambio:
            registro.warning("%s responde de nuevo: los límites se cuentan en él", self._nombre)

    def terminar(self) -> None:
        """Ask it again at once."""
        self._hasta = 0.0


class ContadorRedis:
    """The counters of one Redis."""

    def __init__(self, url: str) -> None:
        # Only an installation with a Redis loads its library, a sixth of what the portal loads by itself.
        from redis import Redis
        from redis.exceptions import RedisError

        self._averias = (RedisError, OSError, ValueError)
        self._cliente = Redis.from_url(url, socket_timeout=_PLAZO_SEGUNDOS, socket_connect_timeout=_PLAZO_SEGUNDOS)
        self._contar = self._cliente.register_script(_CONTAR)
        self.descanso = _Descanso("Redis")

    def primero_agotado(self, cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
        """As `limites.primero_agotado`. Raises `NoResponde`."""
        self.descanso.exigir()
        llaves, valores = [], []
        for una in cuentas:
            ventana = una.limite.ventana(ahora)
            llaves += [f"{_PREFIJO}{una.llave}:{ventana}", f"{_PREFIJO}{una.marca}:{ventana}" if una.cual else ""]
            valores += [una.limite.maximo, una.limite.espera(ahora) + 60]
        try:
            lugar = int(self._contar(keys=llaves, args=valores))
        except self._averias as error:
            self.descanso.anotar(caido=True, porque=type(error).__name__)
            raise NoResponde from error
        self.descanso.anotar(caido=False)
        return cuentas[lugar - 1].limite if lugar else None

    def cerrar(self) -> None:
        """Give its connections back."""
        self._cliente.close()


class ContadorArchivo:
    """The counters of this machine, in a small SQLite file that every process opens.

    It survives the death of a process. After a power cut it may be broken, and is then begun again. One that was taken away is
    noticed by its number in the disk, which its process opened.
    """

    def __init__(self, archivo: Path) -> None:
        self._archivo = archivo
        self._turno = Lock()
        self._conexion: sqlite3.Connection | None = None
        self._abierto: tuple[int, int] | None = None
        self._barrido = 0
        self.descanso = _Descanso("El archivo de los límites")

    def primero_agotado(self, cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
        """As `limites.primero_agotado`. Raises `NoResponde`."""
        self.descanso.exigir()
        with self._turno:
            try:
                agotado = self._contar(self._abrir(), cuentas, ahora)
            except (sqlite3.Error, OSError) as error:
                # While it is this thread's turn: a connection that is closed under another one takes the process along.
                self._cerrar()
                if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                    self._archivo.unlink(missing_ok=True)
                self.descanso.anotar(caido=True, porque=type(error).__name__)
                raise NoResponde from error
        self.descanso.anotar(caido=False)
        return agotado

    def _contar(self, conexion: sqlite3.Connection, cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
        self._barrer(conexion, int(ahora.timestamp()))
        return contar_juntas(cuentas, ahora, lambda orden, datos: conexion.execute(orden, datos).fetchall())

    def _barrer(self, conexion: sqlite3.Connection, segundo: int) -> None:
        """Once in an hour, drop what is older than any window."""
        if segundo // 3600 != self._barrido:
            conexion.execute("DELETE FROM cuota WHERE ventana < ?", (segundo - _DIA_SEGUNDOS,))
            self._barrido = segundo // 3600

    def _abrir(self) -> sqlite3.Connection:
        """The connection of this process (a fork inherits none) to the file that is there now."""
        if self._conexion is not None and self._abierto == self._cual():
            return self._conexion
        self._cerrar()
        self._conexion = sqlite3.connect(
            self._archivo, timeout=_PLAZO_SEGUNDOS, isolation_level=None, check_same_thread=False
        )
        for orden in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", _TABLA):
            self._conexion.execute(orden)
        self._abierto = self._cual()
        return self._conexion

    def _cual(self) -> tuple[int, int]:
        try:
            return os.getpid(), os.stat(self._archivo).st_ino
        except FileNotFoundError:
            return os.getpid(), 0

    def cerrar(self) -> None:
        """Let go of the file."""
        with self._turno:
            self._cerrar()

    def _cerrar(self) -> None:
        if self._conexion is not None:
            self._conexion.close()
            self._conexion = None


def init_app(app: Flask) -> None:
    """Make ready what `PORTAL_LIMITES` says; nothing is asked of it yet."""
    ajustes = app.extensions["ajustes"]
    if ajustes.limites != BASE:
        app.extensions["contador"] = ContadorRedis(ajustes.limites)
    elif (base := archivo_sqlite(ajustes.base_datos)) is not None:
        app.extensions["contador"] = ContadorArchivo(base.with_name(f"{base.name}-limites"))


def contar_hasta_agotar(cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
    """Count one act under each limit, in order, until one is exceeded, which is returned. Called outside of any transaction."""
    fuera_de_transaccion()
    contador: Contador | None = current_app.extensions.get("contador")
    if contador is not None:
        with suppress(NoResponde):
            return contador.primero_agotado(cuentas, ahora)
    return primero_agotado(cuentas, ahora)
