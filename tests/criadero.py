"""Processes of the portal that begin with everything imported: importing takes longer than most of what they do."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from flask.cli import main

RAIZ = Path(__file__).resolve().parents[1]
# One process imports the portal once, and each of these is a copy of it: it shares neither memory nor connections.
_CRIADERO = get_context("forkserver")
_CRIADERO.set_forkserver_preload(
    ["portal.app", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "tests.fabricas", "tests.portal_en_marcha"]
)


@dataclass(frozen=True)
class Hecho:
    """How a process ended: its code (minus the signal that killed it) and what it said."""

    codigo: int
    dijo: str
    se_quejo: str


def empezar(hacer: Callable[..., object], *con: object, entorno: Mapping[str, str]) -> ForkServerProcess:
    """A process that runs `hacer(*con)` with that environment alone, already started."""
    proceso = _CRIADERO.Process(target=_ser, args=(dict(entorno), hacer, con))
    proceso.start()
    return proceso


def terminar(hacer: Callable[..., object], *con: object, entorno: Mapping[str, str], segundos: float = 120) -> Hecho:
    """Run `hacer(*con)` in a process of its own until it ends. Raises `TimeoutError` when it does not."""
    with tempfile.TemporaryDirectory() as carpeta:
        salidas = (Path(carpeta) / "dijo", Path(carpeta) / "se_quejo")
        proceso = empezar(_hablar_a, salidas, hacer, con, entorno=entorno)
        proceso.join(segundos)
        if proceso.exitcode is None:
            proceso.kill()
            proceso.join()
            raise TimeoutError(f"{hacer.__module__}.{hacer.__name__} did not end: {salidas[1].read_text()}")
        return Hecho(proceso.exitcode, *(salida.read_text() for salida in salidas))


def flask(*orden: str) -> None:
    """Be a command of the portal, as typed in its folder."""
    sys.argv = ["flask", *orden]
    main()


def _ser(entorno: dict[str, str], hacer: Callable[..., object], con: tuple[object, ...]) -> None:
    os.environ.clear()
    os.environ.update(entorno)
    os.chdir(RAIZ)
    sys.path.insert(0, str(RAIZ))
    hacer(*con)


def _hablar_a(salidas: tuple[Path, Path], hacer: Callable[..., object], con: tuple[object, ...]) -> None:
    for descriptor, archivo in zip((1, 2), salidas, strict=True):
        with archivo.open("wb") as abierto:
            os.dup2(abierto.fileno(), descriptor)
    try:
        hacer(*con)
    finally:
        sys.stdout.flush()
