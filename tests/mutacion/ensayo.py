"""Trying one wrong with the tests that would execute it."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from tests.mutacion.carga import Alterados, archivo_de
from tests.mutacion.informe import Resultado
from tests.mutacion.mutantes import Mutante, mutar
from tests.mutacion.sesiones import NOTADO, QUIEN, VIVO, PorTurnos, Prueba, Verdugo, correr, en_hijo

# The histories find what nothing else does, and take the longest.
ULTIMAS = "tests/maquina/"
# How many tests are tried before loading the others.
POCAS = 5


class Ensayo:
    """Where wrongs are tried: the tests with what they execute, and the process that has everything loaded."""

    def __init__(self, carpeta: Path, pruebas: Sequence[Prueba], turno: Connection, segundos: float) -> None:
        self.carpeta, self.turno, self.segundos = carpeta, turno, segundos
        self.pruebas = sorted(pruebas, key=lambda p: p.segundos)
        # How many wrongs of each function a test has noticed: it will notice the next one too.
        self.aciertos: Counter[tuple[str, object, str]] = Counter()
        # What passes without any wrong, in the process that has everything loaded and in the other.
        self.comprobadas: set[tuple[bool, str]] = set()

    def alcanzan(self, mutante: Mutante) -> list[Prueba]:
        """The tests that would execute it, in the order in which they are tried."""
        if mutante.funcion is not None:
            return [p for p in self.pruebas if (mutante.modulo, mutante.sentencia) in p.pasos]
        suyas = [p for p in self.pruebas if mutante.modulo in p.importa]
        return suyas + [p for p in self.pruebas if p not in suyas and any(m == mutante.modulo for m, _ in p.pasos)]

    def escogidas(self, mutante: Mutante, alcanzan: Sequence[Prueba]) -> list[Prueba]:
        """Of those, what fits in the seconds, and the histories at the end.

        First who noticed its neighbours; then, in turn, one of each way through the function: of the file that is named after
        its module, else of one that imports it, the cheapest of them.
        """
        ultimas = [p for p in alcanzan if p.nombre.startswith(ULTIMAS)]
        vistas: Counter[object] = Counter()
        orden = {}
        for prueba in sorted(alcanzan, key=lambda p: (not _es_suya(mutante, p), mutante.modulo not in p.importa)):
            camino = _camino(mutante, prueba)
            orden[prueba] = -self._aciertos(mutante, prueba), vistas[camino]
            vistas[camino] += 1
        primeras = [p for p in sorted(orden, key=orden.__getitem__) if p not in ultimas]
        gastados = accumulate(p.segundos for p in primeras)
        return [*(p for p, gastado in zip(primeras, gastados, strict=True) if gastado <= self.segundos), *ultimas]

    def _aciertos(self, mutante: Mutante, prueba: Prueba) -> int:
        return self.aciertos[mutante.modulo, mutante.funcion, prueba.nombre]

    def probar(self, mutante: Mutante) -> Resultado:
        """Try one wrong. A test that is the first to notice something must pass without it."""
        empieza = time.monotonic()
        archivo = self.carpeta / QUIEN
        archivo.unlink(missing_ok=True)
        alcanzan = self.alcanzan(mutante)
        pruebas = self.escogidas(mutante, alcanzan)
        fin = self._fin(mutante, mutante.funcion is not None, pruebas) if pruebas else VIVO
        quien = archivo.read_text() if archivo.exists() else ""
        if quien:
            self.aciertos[mutante.modulo, mutante.funcion, quien] += 1
            self._descartar_falsa_alarma(mutante.funcion is not None, pruebas, quien)
        return Resultado(mutante, fin, len(pruebas), len(alcanzan), time.monotonic() - empieza, quien)

    def _descartar_falsa_alarma(self, cargado: bool, pruebas: list[Prueba], nombre: str) -> None:
        if (cargado, nombre) in self.comprobadas:
            return
        if self._fin(None, cargado, [p for p in pruebas if p.nombre == nombre]) != VIVO:
            raise RuntimeError(f"{nombre} fails without any wrong")
        self.comprobadas.add((cargado, nombre))

    def _fin(self, mutante: Mutante | None, cargado: bool, pruebas: list[Prueba]) -> int:
        if cargado:
            self.turno.send((mutante, [p.nombre for p in pruebas]))
            return int(self.turno.recv())
        return en_hijo(lambda: self._cargar_y_correr(mutante, pruebas))

    def _cargar_y_correr(self, mutante: Mutante | None, pruebas: list[Prueba]) -> int:
        if mutante is not None:
            arbol = mutar(archivo_de(mutante.modulo), mutante.indice)
            sys.meta_path.insert(0, Alterados({mutante.modulo: arbol}))
        # Most wrongs are noticed at once: not every file needs to be loaded.
        for tanda in (pruebas[:POCAS], pruebas[POCAS:]):
            archivos = dict.fromkeys(p.archivo for p in tanda)
            if archivos and correr([*archivos], self.carpeta, Verdugo(tanda, self.carpeta)) != 0:
                return NOTADO
        return VIVO


def _es_suya(mutante: Mutante, prueba: Prueba) -> bool:
    return prueba.archivo.endswith(f"/test_{mutante.modulo.rpartition('.')[2]}.py")


def _camino(mutante: Mutante, prueba: Prueba) -> object:
    """Which statements of the function a test executes.

    Of what runs as the module loads, which file the test is in; those of the module's own file are all different.
    """
    if mutante.funcion is None:
        return prueba.nombre if _es_suya(mutante, prueba) else prueba.archivo
    lineas = range(mutante.funcion[1], mutante.hasta + 1)
    return frozenset(linea for modulo, linea in prueba.pasos if modulo == mutante.modulo and linea in lineas)


@contextmanager
def todo_cargado(carpeta: Path, pruebas: Sequence[Prueba]) -> Iterator[Connection]:
    """The process that has everything loaded; ends with the connection."""
    mia, suya = Pipe()
    archivos = dict.fromkeys(p.archivo for p in pruebas)
    hijo = os.fork()
    if hijo == 0:
        mia.close()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(correr([*archivos], carpeta, PorTurnos(suya, {p.nombre: p for p in pruebas}, carpeta)))
    suya.close()
    try:
        yield mia
    finally:
        mia.close()
        os.waitpid(hijo, 0)
