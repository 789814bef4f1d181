"""Sessions of pytest for the mutants: one that writes down what each test executes, and those that try a wrong."""

import gc
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from hypothesis import Phase, settings

from tests.mutacion.carga import RAIZ, Paso, archivo_de
from tests.mutacion.mutantes import Mutante, mutar

# pytest warns that it cannot look into what was loaded before it.
RECARGADO = "ignore::pytest.PytestAssertRewriteWarning"
# The exit of a child in which no test noticed, and of one in which some did; the signals of one that never ended.
VIVO, NOTADO = 0, 1
SIN_FIN = (-signal.SIGALRM, -signal.SIGPROF)
# The file in which a child leaves the name of the test that noticed.
QUIEN = "quien.txt"
# The folder of what the tests write.
TEMPORAL = "temporal"


@dataclass(frozen=True)
class Prueba:
    """A test without any wrong: its seconds of processor, what it executes and the modules that its file imports."""

    nombre: str
    segundos: float
    pasos: frozenset[Paso]
    importa: frozenset[str]

    @property
    def archivo(self) -> str:
        return self.nombre.partition("::")[0]

    def limitar(self) -> None:
        """From now on this process ends if the test seems not to: by what it works, or by the clock when it only waits."""
        signal.setitimer(signal.ITIMER_PROF, 10 + 10 * self.segundos)
        signal.alarm(ceil(120 + 60 * self.segundos))


def correr(pruebas: Sequence[str], carpeta: Path, *piezas: object) -> int:
    """A session over SQLite and without the controls, which break the portal themselves."""
    orden = [*pruebas, "-q", "-k", "not postgresql and not control", "-p", "no:cacheprovider", "-W", RECARGADO]
    return int(pytest.main([*orden, f"--basetemp={carpeta / TEMPORAL}"], plugins=[Preparada(carpeta), *piezas]))


class Preparada:
    """The database was migrated once, before all of them, and a property that breaks need not be told in its shortest form."""

    def __init__(self, carpeta: Path) -> None:
        self.plantilla = carpeta / "plantilla.sqlite"

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        import tests.conftest

        def copiar(_carpeta: Path, base_datos: str) -> None:
            shutil.copy(self.plantilla, base_datos.removeprefix("sqlite:///"))

        tests.conftest._preparar = copiar
        sin_encoger = [f for f in Phase if f not in (Phase.shrink, Phase.explain, Phase.reuse)]
        settings.register_profile("mutacion", settings(), phases=sin_encoger, derandomize=True)
        settings.load_profile("mutacion")


class Anotadora:
    """Writes down what each test executes of the modules and how long it takes."""

    def __init__(self, modulos: Sequence[str], archivo: Path) -> None:
        self.modulos, self.archivo = modulos, archivo
        self.pasos: set[Paso] = set()
        self.anotado: list[dict[str, object]] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.pasos.clear()
        empieza = time.process_time()
        hecho = yield
        segundos = time.process_time() - empieza
        importa = [m for m in self.modulos if _importa(item.path, m)]
        self.anotado.append(
            {"nombre": item.nodeid, "segundos": segundos, "pasos": sorted(self.pasos), "importa": importa}
        )
        return hecho

    def pytest_sessionfinish(self) -> None:
        self.archivo.write_text(json.dumps(self.anotado))


def _importa(archivo: Path, modulo: str) -> bool:
    paquete, _, nombre = modulo.rpartition(".")
    return bool(re.search(rf"from {modulo} import|from {paquete} import .*\b{nombre}\b", archivo.read_text()))


class Verdugo:
    """Ends the process at the first test that fails or never ends."""

    def __init__(self, pruebas: Sequence[Prueba], carpeta: Path) -> None:
        self.pruebas, self.quien = {p.nombre: p for p in pruebas}, carpeta / QUIEN

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        lugar = {nombre: n for n, nombre in enumerate(self.pruebas)}
        items[:] = sorted((i for i in items if i.nodeid in lugar), key=lambda i: lugar[i.nodeid])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.pruebas[item.nodeid].limitar()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.quien.write_text(report.nodeid)
            os._exit(NOTADO)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            os._exit(NOTADO)


class PorTurnos:
    """A session that has collected everything, and tries in children of itself the wrongs that it is told.

    What it is sent is `(mutant or None, names of tests)`; it answers how the child ended. The wrong goes into the code of the
    function that is already loaded.
    """

    def __init__(self, turno: Connection, pruebas: Mapping[str, Prueba], carpeta: Path) -> None:
        self.turno, self.pruebas, self.carpeta = turno, pruebas, carpeta
        self.temporal = carpeta / TEMPORAL

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {i.nodeid: i for i in session.items}
        self._calentar(session.items)
        funciones = _funciones_del_portal()
        self.temporal.mkdir(exist_ok=True)
        propias = set(self.temporal.iterdir())
        gc.collect()
        gc.freeze()
        while True:
            try:
                mutante, nombres = self.turno.recv()
            except EOFError:
                return True
            afectadas = funciones[str(archivo_de(mutante.modulo)), *mutante.funcion] if mutante else []
            fin = en_hijo(partial(self._probar, mutante, afectadas, [items[n] for n in nombres]))
            for sobra in set(self.temporal.iterdir()) - propias:
                sobra.unlink() if sobra.is_symlink() else shutil.rmtree(sobra)
            self.turno.send(fin)

    def _calentar(self, items: Sequence[pytest.Item]) -> None:
        """One test of the whole portal: what is prepared at the first use is prepared here, once for every child."""
        primero = next((i for i in items if "app" in i.fixturenames), items[0])
        primero.config.hook.pytest_runtest_protocol(item=primero, nextitem=None)

    def _probar(self, mutante: Mutante | None, funciones: list[FunctionType], items: list[pytest.Item]) -> int:
        for funcion in funciones:
            funcion.__code__ = _codigo_con_error(mutante)
        verdugo = Verdugo([self.pruebas[i.nodeid] for i in items], self.carpeta)
        items[0].config.pluginmanager.register(verdugo)
        for item, siguiente in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=siguiente)
        return VIVO


def _funciones_del_portal() -> dict[tuple[str, str, int], list[FunctionType]]:
    halladas: dict[tuple[str, str, int], list[FunctionType]] = {}
    for objeto in gc.get_objects():
        if isinstance(objeto, FunctionType) and objeto.__code__.co_filename.startswith(str(RAIZ / "portal")):
            codigo = objeto.__code__
            llave = codigo.co_filename, codigo.co_qualname, codigo.co_firstlineno
            halladas.setdefault(llave, []).append(objeto)
    return halladas


def _codigo_con_error(mutante: Mutante) -> CodeType:
    archivo = archivo_de(mutante.modulo)
    pendientes = [compile(mutar(archivo, mutante.indice), str(archivo), "exec")]
    while pendientes:
        codigo = pendientes.pop()
        if (codigo.co_qualname, codigo.co_firstlineno) == mutante.funcion:
            return codigo
        pendientes += [c for c in codigo.co_consts if isinstance(c, CodeType)]
    raise LookupError(mutante.clave)


def en_hijo(hacer: Callable[[], int]) -> int:
    """Do it in a child of this process, silent and at the head of its own group; how it ended."""
    hijo = os.fork()
    if hijo == 0:
        salida = NOTADO
        try:
            os.setsid()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            salida = hacer()
        finally:
            os._exit(salida)
    try:
        estado = os.waitpid(hijo, 0)[1]
    finally:
        _terminar(hijo)
    return -os.WTERMSIG(estado) if os.WIFSIGNALED(estado) else os.WEXITSTATUS(estado)


def _terminar(grupo: int) -> None:
    try:
        os.killpg(grupo, signal.SIGKILL)
    except ProcessLookupError:
        return
