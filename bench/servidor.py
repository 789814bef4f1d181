"""Servers on a socket that the bench itself bound, their processor time, and a client that refuses any answer but the expected.

Every connection sends its next request when the last one was answered. What is reported is the processor time of all the
server's processes for each request, which the load of the client and of other programs moves far less than time itself.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.procesos import cpu_de, de_la_sesion

RAIZ = Path(__file__).resolve().parent.parent
PROCESOS, HILOS = 2, 16
_ESPERA_SEGUNDOS = 60


class RondaInvalida(Exception):
    """A server that is not ours, or an answer that is not the expected one: the round is worth nothing."""


@dataclass(frozen=True)
class Servidor:
    """One that answers on `puerto` of this machine."""

    puerto: int
    proceso: subprocess.Popen[bytes]

    def procesos(self) -> list[int]:
        """Of its session: the server's own, its workers and whatever they start."""
        return de_la_sesion(self.proceso.pid)

    def cpu(self) -> float:
        """Seconds of processor that they have taken, with those of children that ended."""
        return cpu_de(self.procesos())


@contextmanager
def escuchando() -> Iterator[socket.socket]:
    """A free port of this machine that nobody else listens on, nor will while it is open."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as escucha:
        exigir_dueno(escucha)
        yield escucha


def exigir_dueno(escucha: socket.socket) -> None:
    """Raises `RondaInvalida` when somebody else listens on the port of that socket too."""
    puerto = escucha.getsockname()[1]
    duenos = [f[9] for f in _conexiones() if f[3] == "0A" and int(f[1].rsplit(":", 1)[1], 16) == puerto]
    if duenos != [str(os.fstat(escucha.fileno()).st_ino)]:
        raise RondaInvalida(f"port {puerto} has another listener")


def _conexiones() -> list[list[str]]:
    return [
        fila.split()
        for archivo in ("tcp", "tcp6")
        for fila in Path(f"/proc/net/{archivo}").read_text().splitlines()[1:]
    ]


@contextmanager
def gunicorn(
    app: str,
    entorno: Mapping[str, str] | None = None,
    *,
    python: str = sys.executable,
    procesos: int = PROCESOS,
    hilos: int = HILOS,
    carpeta: Path = RAIZ,
) -> Iterator[Servidor]:
    """Serve a WSGI application as the portal is served."""
    opciones = [
        "-k",
        "gthread",
        "-w",
        str(procesos),
        "--threads",
        str(hilos),
        "--keep-alive",
        "60",
        "--log-level",
        "error",
    ]
    with escuchando() as escucha:
        orden = [python, "-m", "gunicorn", *opciones, "--no-control-socket", "-b", f"fd://{escucha.fileno()}", app]
        with servidor(orden, escucha, entorno, carpeta) as este:
            yield este


@contextmanager
def servidor(
    orden: Sequence[str], escucha: socket.socket, entorno: Mapping[str, str] | None, carpeta: Path = RAIZ
) -> Iterator[Servidor]:
    """Run a server that takes that socket, and wait until it answers something."""
    with tempfile.TemporaryFile() as quejas:
        proceso = subprocess.Popen(
            orden,
            cwd=carpeta,
            env=dict(entorno or os.environ),
            pass_fds=[escucha.fileno()],
            stderr=quejas,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        este = Servidor(int(escucha.getsockname()[1]), proceso)
        try:
            _despertar(este)
            yield este
        except RondaInvalida as error:
            quejas.seek(0)
            dicho = quejas.read()[-1500:].decode(errors="replace")
            raise RondaInvalida(f"{error}; the server said: …{dicho}") from error
        finally:
            _terminar(proceso)


def _terminar(proceso: "subprocess.Popen[bytes]") -> None:
    os.killpg(proceso.pid, signal.SIGTERM)
    try:
        proceso.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(proceso.pid, signal.SIGKILL)
        proceso.wait()


def _despertar(este: Servidor) -> None:
    """The socket takes connections from the beginning: the first answer says that somebody is there."""
    plazo = time.monotonic() + _ESPERA_SEGUNDOS
    while time.monotonic() < plazo:
        if este.proceso.poll() is not None:
            raise RondaInvalida("the server ended before it answered")
        try:
            with Conexion(este.puerto, _ESPERA_SEGUNDOS) as conexion:
                conexion.pedir(b"GET /salud HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return
        except OSError:
            time.sleep(0.05)
    raise RondaInvalida("the server never answered")


@dataclass(frozen=True)
class Respuesta:
    """What a server said."""

    estado: int
    cabeceras: bytes
    cuerpo: bytes


class Conexion:
    """One connection that stays open. Just enough of HTTP/1.1: an answer has a length, or comes in pieces."""

    def __init__(self, puerto: int, segundos: float = 30) -> None:
        self._puerto, self._segundos = puerto, segundos
        self._conectar()

    def _conectar(self) -> None:
        self._toma = socket.create_connection(("127.0.0.1", self._puerto), timeout=self._segundos)
        self._toma.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._llega = self._toma.makefile("rb")

    def __enter__(self) -> "Conexion":
        return self

    def __exit__(self, *_: object) -> None:
        self._llega.close()
        self._toma.close()

    def pedir(self, peticion: bytes) -> Respuesta:
        """Send and read the whole answer. Raises `OSError` when there is none."""
        self._toma.sendall(peticion)
        primera = self._llega.readline()
        if not primera:
            raise ConnectionResetError("closed without an answer")
        cabeceras = b"".join(iter(self._llega.readline, b"\r\n"))
        valores = dict(fila.split(b": ", 1) for fila in cabeceras.lower().split(b"\r\n") if b": " in fila)
        if valores.get(b"transfer-encoding") == b"chunked":
            cuerpo = b"".join(self._pedazos())
        else:
            cuerpo = self._llega.read(int(valores.get(b"content-length", b"0")))
        if valores.get(b"connection") == b"close":
            self.__exit__()
            self._conectar()
        return Respuesta(int(primera.split(b" ", 2)[1]), cabeceras, cuerpo)

    def _pedazos(self) -> Iterator[bytes]:
        while largo := int(self._llega.readline().split(b";")[0], 16):
            yield self._llega.read(largo)
            self._llega.readline()
        self._llega.readline()


@dataclass
class Ronda:
    """What some connections did together."""

    hechas: int = 0
    segundos: float = 0.0
    latencias: list[float] = field(default_factory=list)
    errores: list[str] = field(default_factory=list)


def enviar(
    puerto: int, peticiones: Sequence[bytes], espera: bytes | Callable[[Respuesta], bool], conexiones: int = 16
) -> Ronda:
    """Share the requests among that many connections. `espera` must be in each body (or hold of each answer), with a 2xx.

    Raises `RondaInvalida` with what was answered instead.
    """
    ronda, turno = Ronda(), threading.Lock()
    pendientes = iter(peticiones)
    vale = (lambda r: espera in r.cuerpo) if isinstance(espera, bytes) else espera

    def trabajar() -> None:
        try:
            with Conexion(puerto) as conexion:
                while True:
                    with turno:
                        peticion = next(pendientes, None)
                    if peticion is None or ronda.errores:
                        return
                    comienzo = time.perf_counter()
                    dicho = conexion.pedir(peticion)
                    ronda.latencias.append(time.perf_counter() - comienzo)
                    if not 200 <= dicho.estado < 300 or not vale(dicho):
                        ronda.errores.append(f"{dicho.estado}: {dicho.cuerpo[:300]!r}")
        except OSError as error:
            ronda.errores.append(repr(error))

    comienzo = time.perf_counter()
    hilos = [threading.Thread(target=trabajar) for _ in range(conexiones)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    ronda.segundos, ronda.hechas = time.perf_counter() - comienzo, len(ronda.latencias)
    if ronda.errores or ronda.hechas != len(peticiones):
        raise RondaInvalida("; ".join(ronda.errores[:3]) or "not every request was answered")
    return ronda


def cpu_por_peticion(
    este: Servidor, peticiones: Sequence[bytes], espera: bytes | Callable[[Respuesta], bool], conexiones: int = 16
) -> float:
    """Milliseconds of the server's processor for each of the requests. Raises `RondaInvalida`."""
    antes = este.cpu()
    enviar(este.puerto, peticiones, espera, conexiones)
    return 1000 * (este.cpu() - antes) / len(peticiones)
