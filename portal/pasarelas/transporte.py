"""One JSON question to a gateway, bounded in time and size: whatever goes wrong is `PasarelaNoDisponible`.

Timeouts of a socket start again with every byte, so a server that dribbles could hold a worker for ever. Here one clock runs
over the whole exchange and shuts the connection when it is up. Resolving the name is the operating system's and stays
outside that clock.
"""

import logging
import socket
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx2

from portal.pasarelas.base import NadaCreado, PasarelaNoDisponible
from portal.pasarelas.json_estricto import leer_objeto

registro = logging.getLogger(__name__)

SEGUNDOS_CONEXION = 2.0
SEGUNDOS_LECTURA = 6.0
SEGUNDOS_TOTAL = 9.0
BYTES_MAXIMOS = 256 * 1024
AGENTE = "portal-de-estampillas"
_PLAZOS = httpx2.Timeout(SEGUNDOS_LECTURA, connect=SEGUNDOS_CONEXION).as_dict()
_CONECTADO = ("connection.connect_tcp.complete", "connection.start_tls.complete")


@dataclass(frozen=True)
class Respuesta:
    """An answer that could be read: its HTTP status and its JSON object."""

    estado: int
    cuerpo: dict[str, Any]


class Transporte:
    """Asks in JSON over fresh connections: TLS verified, no redirect followed, nothing taken from the environment."""

    def __init__(self, segundos_total: float = SEGUNDOS_TOTAL) -> None:
        self._segundos_total = segundos_total

    @cached_property
    def _via(self) -> httpx2.HTTPTransport:
        """Made with the first question: it reads every authority that the machine trusts. It is what a client of httpx2 stands
        on, without what no gateway may do here: redirect, set a cookie, ask for a password."""
        return httpx2.HTTPTransport(
            trust_env=False,
            # A kept connection may be dead by the next payment, and a POST is not asked twice.
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
        )

    def preguntar(
        self, url: str, cuerpo: bytes | None = None, *, cabeceras: Mapping[str, str] | None = None, plazo: float = 0
    ) -> Respuesta:
        """POST `cuerpo`, or GET without one, and read the JSON answer whatever its status; `plazo` shortens the total.

        Raises `PasarelaNoDisponible`, or `NadaCreado` when no connection could be made.
        """
        reloj = _Reloj(min(plazo or self._segundos_total, self._segundos_total))
        try:
            estado, tipo, leido = self._leer(url, cuerpo, cabeceras or {}, reloj)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise NadaCreado(type(error).__name__) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
            raise PasarelaNoDisponible(type(error).__name__) from error
        finally:
            reloj.parar()
        if reloj.vencido:
            raise PasarelaNoDisponible("total time exceeded")
        return _interpretar(estado, tipo, leido)

    def _leer(
        self, url: str, cuerpo: bytes | None, propias: Mapping[str, str], reloj: "_Reloj"
    ) -> tuple[int, str, bytes]:
        # Compression is refused: a small answer could unfold into a huge one.
        cabeceras = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENTE, **propias}
        if cuerpo is not None:
            cabeceras["Content-Type"] = "application/json"
        extensiones = {"trace": reloj.anotar, "timeout": _PLAZOS}
        metodo = "GET" if cuerpo is None else "POST"
        pregunta = httpx2.Request(metodo, url, content=cuerpo, headers=cabeceras, extensions=extensiones)
        leido = bytearray()
        with closing(self._via.handle_request(pregunta)) as respuesta:
            if respuesta.headers.get("content-encoding", "identity") != "identity":
                raise PasarelaNoDisponible("compressed answer")
            for trozo in respuesta.iter_raw():
                leido += trozo
                if len(leido) > BYTES_MAXIMOS:
                    raise PasarelaNoDisponible("answer too large")
            return respuesta.status_code, respuesta.headers.get("content-type", ""), bytes(leido)


class _Reloj:
    """Shuts the connection of one exchange when its time is up."""

    def __init__(self, segundos: float) -> None:
        self.vencido = False
        self._conexion: socket.socket | None = None
        self._temporizador = threading.Timer(segundos, self._vencer)
        self._temporizador.daemon = True
        self._temporizador.start()

    def anotar(self, evento: str, datos: dict[str, Any]) -> None:
        """Remember the connection as the client opens it, and again once TLS wraps it."""
        if evento in _CONECTADO:
            self._conexion = datos["return_value"].get_extra_info("socket")
            if self.vencido:
                self._cerrar()

    def parar(self) -> None:
        self._temporizador.cancel()

    def _vencer(self) -> None:
        self.vencido = True
        self._cerrar()

    def _cerrar(self) -> None:
        if self._conexion is not None:
            with suppress(OSError):
                # The plain socket's own way: a TLS socket's would pull its state from under the thread that reads.
                socket.socket.shutdown(self._conexion, socket.SHUT_RDWR)


def _interpretar(estado: int, tipo: str, leido: bytes) -> Respuesta:
    if 300 <= estado < 400 or estado >= 500 or estado in (408, 425, 429):
        raise PasarelaNoDisponible(f"HTTP {estado}")
    medio, _, parametros = tipo.lower().partition(";")
    juego = parametros.partition("charset=")[2].strip().strip('"')
    if medio.strip() != "application/json" or juego not in ("", "utf-8", "utf8"):
        raise PasarelaNoDisponible(f"HTTP {estado} that is not JSON in UTF-8")
    try:
        return Respuesta(estado, leer_objeto(leido, maximo=BYTES_MAXIMOS))
    except ValueError as error:
        raise PasarelaNoDisponible(f"HTTP {estado} with unreadable JSON") from error
