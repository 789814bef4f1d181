"""Where the brakes of pages are counted: a Redis that every machine shares, or the database.

A Redis that does not answer never opens the door: the same limits are counted by the database until it is back. What had been
counted stays behind, so that the most an outage gives away is one window more for each key.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from threading import Lock
from time import monotonic

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError

from portal.config.limites import BASE
from portal.db import fuera_de_transaccion, sin_esperar_al_disco, transaccion
from portal.operaciones.limites import Cuenta, Limite, primero_agotado

registro = logging.getLogger(__name__)
_PREFIJO = "portal:cuota:"
# A brake that takes longer than this is worse than the database.
_PLAZO_SEGUNDOS = 0.25
_DESCANSO_SEGUNDOS = 5
# One step for all machines: each key is counted until one exceeds its limit, whose place is returned; 0 when none does. A key
# lives as long as its window, and a minute more for clocks that differ.
_CONTAR = """
for i, llave in ipairs(KEYS) do
  local cuenta = redis.call('INCR', llave)
  if cuenta == 1 then redis.call('EXPIRE', llave, ARGV[2 * i]) end
  if cuenta > tonumber(ARGV[2 * i - 1]) then return i end
end
return 0
"""


class RedisNoResponde(Exception):
    """It did not answer now, or moments ago."""


class ContadorRedis:
    """The counters of one Redis. After a failure it is left alone for seconds, so that no page waits for it each time."""

    def __init__(self, url: str) -> None:
        self._cliente = Redis.from_url(url, socket_timeout=_PLAZO_SEGUNDOS, socket_connect_timeout=_PLAZO_SEGUNDOS)
        self._contar = self._cliente.register_script(_CONTAR)
        self._descansa_hasta = 0.0
        self._caido = False
        self._turno = Lock()

    def primero_agotado(self, cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
        """As `limites.primero_agotado`. Raises `RedisNoResponde`."""
        if monotonic() < self._descansa_hasta:
            raise RedisNoResponde
        llaves = [f"{_PREFIJO}{limite.llave(clave)}:{limite.ventana(ahora)}" for limite, clave in cuentas]
        valores = [valor for limite, _ in cuentas for valor in (limite.maximo, limite.espera(ahora) + 60)]
        try:
            lugar = int(self._contar(keys=llaves, args=valores))
        except (RedisError, OSError, ValueError) as error:
            self._anotar(caido=True, porque=type(error).__name__)
            raise RedisNoResponde from error
        self._anotar(caido=False)
        return cuentas[lugar - 1][0] if lugar else None

    def _anotar(self, *, caido: bool, porque: str = "") -> None:
        """Say once that it went away, and once that it came back."""
        with self._turno:
            cambio, self._caido = caido is not self._caido, caido
            self._descansa_hasta = monotonic() + _DESCANSO_SEGUNDOS if caido else 0.0
        if cambio and caido:
            registro.error("Redis no responde (%s): los límites se cuentan en la base de datos", porque)
        elif cambio:
            registro.warning("Redis responde de nuevo: los límites se cuentan en él")

    def cerrar(self) -> None:
        """Give its connections back."""
        self._cliente.close()


def init_app(app: Flask) -> None:
    """Make ready what `PORTAL_LIMITES` says; nothing is asked of it yet."""
    donde = app.extensions["ajustes"].limites
    if donde != BASE:
        app.extensions["contador"] = ContadorRedis(donde)


def contar_hasta_agotar(cuentas: Sequence[Cuenta], ahora: datetime) -> Limite | None:
    """Count one act under each limit, in order, until one is exceeded, which is returned. Called outside of any transaction."""
    redis: ContadorRedis | None = current_app.extensions.get("contador")
    if redis is not None:
        fuera_de_transaccion()
        with suppress(RedisNoResponde):
            return redis.primero_agotado(cuentas, ahora)
    with transaccion():
        sin_esperar_al_disco()
        return primero_agotado(cuentas, ahora)
