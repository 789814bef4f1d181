"""How long the portal takes to answer its first request, against an empty application, and the memory of its processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import datos
from bench.procesos import cpu_de, cpu_exacta, hijos_de, pss
from bench.rondas import RONDAS, Medida, Meta, Parte, medir_por_turnos

RAIZ = Path(__file__).resolve().parents[2]
CONF = RAIZ / "docs" / "despliegue" / "gunicorn.conf.py"
SEGUNDOS = 60
_PETICION = b"GET /salud HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
PORTAL, VACIA = "wsgi:app", "bench.vacia:app"
NOMBRES = {PORTAL: "the portal", VACIA: "an empty application"}
# Both are served with the deployment's own settings, but for the log, whose format is a class of the portal.
_DE_LA_VACIA = f"""import runpy
globals().update(runpy.run_path({str(CONF)!r}))
del logconfig_dict
"""


@dataclass(frozen=True)
class _Sitio:
    """Where the servers of a run find their settings and their database."""

    carpeta: Path
    url: str

    def orden(self, aplicacion: str, *opciones: str) -> list[str]:
        conf = CONF if aplicacion == PORTAL else self.carpeta / "vacia.conf.py"
        return [sys.executable, "-m", "gunicorn", "-c", str(conf), *opciones, aplicacion]

    def entorno(self, procesos: int, oyente: int) -> dict[str, str]:
        # Compiled once and kept, as in any installation; no setting of whoever runs the bench.
        heredado = {n: v for n, v in os.environ.items() if not n.startswith(("PORTAL_", "FLASK_", "PYTHON"))}
        return heredado | {
            "DATABASE_URL": self.url,
            "PORTAL_PROCESOS": str(procesos),
            "PORTAL_ESCUCHA": f"fd://{oyente}",
        }


@dataclass(frozen=True)
class _Servidor:
    maestro: int
    puerto: int

    @property
    def procesos(self) -> list[int]:
        return hijos_de(self.maestro)

    def pedir(self) -> None:
        """Ask for `/salud` and read it whole. Raises `RuntimeError` for any other answer than 200."""
        with socket.create_connection(("127.0.0.1", self.puerto), timeout=SEGUNDOS) as conexion:
            conexion.sendall(_PETICION)
            dicho = b"".join(iter(lambda: conexion.recv(65536), b""))
        if not dicho.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"not a 200: {dicho[:60]!r}")


def medir(rapido: bool) -> Parte:
    """CPU and time to the first answer, to that of a process that is renewed, and the memory that each process adds."""
    rondas, cuantos = (3, (2,)) if rapido else (RONDAS, (1, 2, 4))
    with tempfile.TemporaryDirectory(prefix="bench-arranque-") as carpeta:
        sitio = _preparar(Path(carpeta))
        tiempos: dict[str, list[float]] = {PORTAL: [], VACIA: []}
        medidas = [
            *medir_por_turnos(_arranques(sitio, tiempos), "ms of CPU of all its processes", rondas),
            *(Medida(_nombre(a, "seconds to the first answer"), "s", tuple(tiempos[a][1:])) for a in tiempos),
            *_renovar(sitio, rondas),
        ]
        memoria = {
            f"memory of {NOMBRES[aplicacion]}, {como}": _memoria(sitio, aplicacion, cuantos, opciones)
            for aplicacion, como, opciones in (
                (PORTAL, "as deployed", ()),
                (PORTAL, "if each process loaded it by itself", ("--config", str(sitio.carpeta / "suelto.conf.py"))),
                (VACIA, "served in the same way", ()),
            )
            if not (rapido and (opciones or aplicacion == VACIA))
        }
        if not rapido:
            medidas += medir_por_turnos(_cargas(sitio), "ms of CPU of a process that only loads it", rondas)
        perfil = _perfil(sitio)
    arranque, renovado = "first answer", "first answer of a renewed process"
    return Parte(
        "Start and memory",
        "From the start of gunicorn, with the deployment's settings and one process, to the first answer on a socket that the "
        "bench bound itself: the portal with every check of its start, on a migrated SQLite database, and an empty Flask and "
        "Flask-SQLAlchemy application in the same environment. A renewed process is one that gunicorn starts in the place of "
        "another, as after a thousand requests. Memory is PSS: what processes share is divided among them.",
        medidas,
        [
            Meta("a process that is renewed answers", _nombre(PORTAL, renovado), _nombre(VACIA, renovado), maximo=1.5),
            Meta(
                "the whole start, to the first answer",
                _nombre(PORTAL, arranque),
                _nombre(VACIA, arranque),
                maximo=1.5,
                limite=f"what the portal is{_solo_los_modelos(medidas)}. {perfil}",
            ),
        ],
        memoria | {"what the portal loads": perfil},
    )


def _nombre(aplicacion: str, que: str) -> str:
    return f"{NOMBRES[aplicacion]}: {que}"


def _preparar(carpeta: Path) -> _Sitio:
    (carpeta / "vacia.conf.py").write_text(_DE_LA_VACIA)
    (carpeta / "suelto.conf.py").write_text(_DE_LA_VACIA + "preload_app = False\n")
    return _Sitio(carpeta, datos.vacia("sqlite", "arranque"))


@contextmanager
def _servido(sitio: _Sitio, aplicacion: str, procesos: int = 1, *opciones: str) -> Iterator[_Servidor]:
    dijo = sitio.carpeta / "gunicorn.log"
    with socket.create_server(("127.0.0.1", 0), backlog=128) as oyente, dijo.open("w") as salida:
        puerto = oyente.getsockname()[1]
        servidor = subprocess.Popen(
            sitio.orden(aplicacion, *opciones),
            env=sitio.entorno(procesos, oyente.fileno()),
            cwd=RAIZ,
            pass_fds=[oyente.fileno()],
            stdout=salida,
            stderr=salida,
        )
        try:
            yield _Servidor(servidor.pid, puerto)
        except OSError as error:
            raise RuntimeError(f"{NOMBRES[aplicacion]} did not answer: {dijo.read_text()[-1000:]}") from error
        finally:
            servidor.terminate()
            servidor.wait()


def _arranques(sitio: _Sitio, tiempos: Mapping[str, list[float]]) -> Mapping[str, Callable[[], float]]:
    def arrancar(aplicacion: str) -> float:
        comienzo = time.perf_counter()
        with _servido(sitio, aplicacion) as servidor:
            servidor.pedir()
            tiempos[aplicacion].append(time.perf_counter() - comienzo)
            return 1000 * cpu_de((servidor.maestro, *servidor.procesos))

    return {
        _nombre(aplicacion, "first answer"): (lambda cual=aplicacion: arrancar(cual)) for aplicacion in (PORTAL, VACIA)
    }


def _renovar(sitio: _Sitio, rondas: int) -> list[Medida]:
    with _servido(sitio, PORTAL) as portal, _servido(sitio, VACIA) as vacia:

        def renovar(servidor: _Servidor) -> float:
            servidor.pedir()
            (viejo,) = servidor.procesos
            os.kill(viejo, signal.SIGKILL)
            # It waits in the socket until there is another.
            servidor.pedir()
            (nuevo,) = servidor.procesos
            if nuevo == viejo:
                raise RuntimeError("the process was not renewed")
            return 1000 * cpu_exacta(nuevo)

        que = {
            _nombre(aplicacion, "first answer of a renewed process"): (lambda cual=servidor: renovar(cual))
            for aplicacion, servidor in ((PORTAL, portal), (VACIA, vacia))
        }
        return medir_por_turnos(que, "ms of CPU of that process", rondas)


def _memoria(sitio: _Sitio, aplicacion: str, cuantos: tuple[int, ...], opciones: tuple[str, ...]) -> str:
    dichas = []
    for procesos in cuantos:
        with _servido(sitio, aplicacion, procesos, *opciones) as servidor:
            servidor.pedir()
            plazo = time.monotonic() + SEGUNDOS
            while len(servidor.procesos) < procesos and time.monotonic() < plazo:
                time.sleep(0.05)
            with ThreadPoolExecutor(8) as hilos:
                for hecha in [hilos.submit(servidor.pedir) for _ in range(20 * procesos)]:
                    hecha.result()
            todos = [pss(n) for n in (servidor.maestro, *servidor.procesos)]
        dichas.append(
            f"{procesos} process{'es' * (procesos > 1)} {sum(todos) / 1024:.0f} MiB in all, {median(todos[1:]) / 1024:.0f} each"
        )
    return "; ".join(dichas)


def _cargas(sitio: _Sitio) -> Mapping[str, Callable[[], float]]:
    """What a process takes that ends as soon as it has loaded something."""

    def cargar(modulo: str) -> float:
        antes = os.times()
        guion = f"import gc; gc.disable(); import {modulo}"
        subprocess.run([sys.executable, "-c", guion], env=sitio.entorno(1, 0), cwd=RAIZ, check=True)
        despues = os.times()
        usado = despues.children_user + despues.children_system - antes.children_user - antes.children_system
        return usado * 1000

    modulos = {"the models alone": "portal.models", "the whole portal": "portal.app", "the empty one": "bench.vacia"}
    return {f"loading {que}": (lambda cual=modulo: cargar(cual)) for que, modulo in modulos.items()}


def _solo_los_modelos(medidas: Sequence[Medida]) -> str:
    medianas = {medida.nombre: medida.mediana for medida in medidas}
    if "loading the models alone" not in medianas:
        return ""
    razon = medianas["loading the models alone"] / medianas["loading the empty one"]
    return f": the models of its tables alone, without which nothing can be asked, take {razon:.1f} × the empty application"


def _perfil(sitio: _Sitio) -> str:
    """The share of each library in what the portal loads, from the interpreter's own clock."""
    grupos: Counter[str] = Counter()
    orden = [sys.executable, "-X", "importtime", "-c", "import wsgi"]
    dicho = subprocess.run(orden, env=sitio.entorno(1, 0), cwd=RAIZ, capture_output=True, text=True, check=True).stderr
    for microsegundos, modulo in re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", dicho, re.MULTILINE):
        raiz, _, resto = modulo.partition(".")
        grupos[f"{raiz}.{resto.partition('.')[0]}" if raiz == "portal" else raiz] += int(microsegundos)
    todo = grupos.total()
    mayores = [f"{nombre} {100 * n / todo:.0f} %" for nombre, n in grupos.most_common(9)]
    return f"Of {todo / 1000:.0f} ms of loading, the pages and the checks of the start (wsgi) included: {', '.join(mayores)}"
