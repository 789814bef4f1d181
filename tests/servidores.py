"""Servers that tests talk to over real HTTP: the gateway's simulator, and one that misbehaves byte by byte."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.simuladores import placetopay, wompi

# The credentials of each simulator as the portal knows them, and the name of each in the simulator's own settings.
CREDENCIALES = {
    "placetopay": {"PLACETOPAY_LOGIN": "comercio-de-prueba", "PLACETOPAY_CLAVE": "clave-de-prueba-del-comercio"},
    "wompi": {
        "WOMPI_LLAVE_PUBLICA": "pub_test_llaveDePrueba",
        "WOMPI_LLAVE_PRIVADA": "prv_test_llaveDePrueba",
        "WOMPI_SECRETO_INTEGRIDAD": "test_integrity_secretoDePrueba",
        "WOMPI_SECRETO_EVENTOS": "test_events_secretoDePrueba",
    },
}


class _SinRegistro(WSGIRequestHandler):
    def log(self, *_args: Any, **_kwargs: Any) -> None:
        """Requests are the tests' own."""


@dataclass(frozen=True)
class SimuladorEnMarcha:
    """A running simulator of a gateway and the ways to play the payer and the bank."""

    pasarela: str
    url: str

    @property
    def ajustes(self) -> dict[str, str]:
        """The settings with which the portal finds it."""
        nombre, ruta = ("PLACETOPAY_URL", "") if self.pasarela == "placetopay" else ("WOMPI_URL", "/v1")
        return {nombre: self.url + ruta, **CREDENCIALES[self.pasarela]}

    def control(self, orden: str, **datos: Any) -> None:
        """Give an order to the control door: `averias`, `decidir`, `resolver`, `caducar`, `notificaciones`, …"""
        respuesta = httpx2.post(f"{self.url}/_control/{orden}", json=datos, trust_env=False)
        assert respuesta.status_code == 200, f"{orden}: {respuesta.status_code}"

    def poner(self, nombre: str, valor: str) -> None:
        """Set a switch of the control door."""
        self.control("interruptor", nombre=nombre, valor=valor)

    def sesiones(self) -> list[dict[str, Any]]:
        """Every session with its state and its notifications, once the ones on their way have arrived."""
        hallado: list[dict[str, Any]] = httpx2.get(f"{self.url}/_control/sesiones", trust_env=False).json()
        return hallado

    def decidir(self, url: str | None, decision: str, *, banco: str = "1007", segundos: int = 1) -> str | None:
        """Walk the pages from `url` as a browser would; where it ends: the merchant's address.

        `decision` is aprobar, rechazar, fallar, pendiente, pendiente_aprobar, pendiente_rechazar, abandonar or cancelar;
        None when the payer is left at the bank.
        """
        assert url is not None
        with httpx2.Client(trust_env=False, follow_redirects=False) as navegador:
            assert "ningún pago es real" in navegador.get(url).text
            if self.pasarela == "placetopay" and decision == "cancelar":
                return _destino(navegador.post(f"{url}/cancelar"))
            pagina = url
            if self.pasarela == "placetopay":
                al_banco = _destino(navegador.post(url, data={"banco": banco}))
                assert al_banco is not None
                pagina = str(httpx2.URL(url).join(al_banco))
                assert navegador.get(pagina).status_code == 200
            return _destino(navegador.post(pagina, data={"decision": decision, "segundos": str(segundos)}))


def _destino(respuesta: httpx2.Response) -> str | None:
    assert respuesta.status_code in (200, 303), f"{respuesta.status_code}: {respuesta.text[:200]}"
    return respuesta.headers.get("location")


def esperar(condicion: Callable[[], bool]) -> None:
    """Wait until `condicion` holds; a test that waits in vain fails instead of hanging."""
    for _ in range(400):
        if condicion():
            return
        time.sleep(0.05)
    raise AssertionError("it never happened")


@contextmanager
def simulador_placetopay(carpeta: Path, **ajustes: str) -> Iterator[SimuladorEnMarcha]:
    """PlacetoPay's simulator on a free port with its control door open; `ajustes` are SIMULADOR_* settings in lower case."""
    suyas = CREDENCIALES["placetopay"]
    propios = {"login": suyas["PLACETOPAY_LOGIN"], "clave": suyas["PLACETOPAY_CLAVE"]}
    with _simulador("placetopay", carpeta, {**propios, **ajustes}) as marcha:
        yield marcha


@contextmanager
def simulador_wompi(carpeta: Path, **ajustes: str) -> Iterator[SimuladorEnMarcha]:
    """The same for Wompi's. Without more, the bank's address exists from the first moment."""
    suyas = CREDENCIALES["wompi"]
    propios = {
        "publica": suyas["WOMPI_LLAVE_PUBLICA"],
        "privada": suyas["WOMPI_LLAVE_PRIVADA"],
        "integridad": suyas["WOMPI_SECRETO_INTEGRIDAD"],
        "eventos": suyas["WOMPI_SECRETO_EVENTOS"],
        "demora_url": "0",
    }
    with _simulador("wompi", carpeta, {**propios, **ajustes}) as marcha:
        yield marcha


SIMULADORES = {"placetopay": simulador_placetopay, "wompi": simulador_wompi}


@contextmanager
def _simulador(pasarela: str, carpeta: Path, ajustes: dict[str, str]) -> Iterator[SimuladorEnMarcha]:
    crear = {"placetopay": placetopay.create_app, "wompi": wompi.create_app}[pasarela]
    with socket.create_server(("127.0.0.1", 0)) as escucha:
        url = f"http://127.0.0.1:{escucha.getsockname()[1]}"
        propios = {"base_datos": str(carpeta / f"simulador-{pasarela}.sqlite"), "url": url, "control": "1"}
        app = crear({f"SIMULADOR_{k.upper()}": v for k, v in {**propios, **ajustes}.items()})
        servidor = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_SinRegistro, fd=escucha.fileno())
        servidor.daemon_threads = True
        hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        hilo.start()
        try:
            yield SimuladorEnMarcha(pasarela, url)
        finally:
            servidor.shutdown()
            hilo.join()
            servidor.server_close()
            app.extensions["simulador"].detener()


class Buzon:
    """A merchant's address for notifications that keeps what arrives, headers and body, and answers `estado`."""

    def __init__(self, url: str) -> None:
        self.url, self.estado = url, 200
        self.recibidos: list[bytes] = []
        self.cabeceras: list[dict[str, str]] = []


@contextmanager
def buzon_de_avisos() -> Iterator[Buzon]:
    """A `Buzon` on a free port."""

    class Recibidor(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802  the standard library's name
            propio.cabeceras.append(dict(self.headers))
            propio.recibidos.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(propio.estado)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Requests are the tests' own."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Recibidor) as servidor:
        propio = Buzon(f"http://127.0.0.1:{servidor.server_port}/pago/notificaciones")
        hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        hilo.start()
        yield propio
        servidor.shutdown()
        hilo.join()


@contextmanager
def servidor_crudo(atender: Callable[[socket.socket], None]) -> Iterator[str]:
    """A TCP server that hands each connection, its first request read, to `atender`; yields its http address."""
    with socket.create_server(("127.0.0.1", 0)) as escucha:
        hilo = threading.Thread(target=_aceptar, args=(escucha, atender), daemon=True)
        hilo.start()
        yield f"http://127.0.0.1:{escucha.getsockname()[1]}"
        # Closing a listening socket does not wake who waits on it; a last connection does.
        with suppress(OSError), socket.create_connection(escucha.getsockname(), timeout=1) as ultima:
            ultima.shutdown(socket.SHUT_RDWR)
        hilo.join(5)


def _aceptar(escucha: socket.socket, atender: Callable[[socket.socket], None]) -> None:
    with suppress(OSError):
        while True:
            conexion, _ = escucha.accept()
            with conexion:
                conexion.settimeout(5)
                if not _leer_peticion(conexion):
                    return
                with suppress(OSError):
                    atender(conexion)


def _leer_peticion(conexion: socket.socket) -> bytes:
    leido = b""
    while b"\r\n\r\n" not in leido:
        trozo = conexion.recv(65536)
        if not trozo:
            return b""
        leido += trozo
    cabecera, _, cuerpo = leido.partition(b"\r\n\r\n")
    lineas = cabecera.lower().split(b"\r\n")
    largo = next((int(n.split(b":")[1]) for n in lineas if n.startswith(b"content-length:")), 0)
    while len(cuerpo) < largo:
        cuerpo += conexion.recv(65536)
    return leido


def contestar(cuerpo: bytes, *, estado: str = "200 OK", tipo: str = "application/json", cabeceras: str = "") -> bytes:
    """A whole HTTP answer as bytes."""
    inicio = f"HTTP/1.1 {estado}\r\nContent-Type: {tipo}\r\nContent-Length: {len(cuerpo)}\r\n{cabeceras}"
    return f"{inicio}Connection: close\r\n\r\n".encode() + cuerpo


class Goteo:
    """An `atender` that sends `datos` one byte at a time; `completo` tells whether it was let finish."""

    def __init__(self, datos: bytes, pausa: float) -> None:
        self._datos, self._pausa = datos, pausa
        self.completo = False

    def __call__(self, conexion: socket.socket) -> None:
        for byte in self._datos:
            conexion.sendall(bytes([byte]))
            time.sleep(self._pausa)
        self.completo = True
