"""`python -m tests.mutacion`: put one wrong at a time into the money code and see whether a test notices.

A child that was forked before the portal was loaded imports it with the wrong inside and runs a chosen, fast set of tests on
SQLite. A mutant that no test notices is printed: it wants a test, or a word in docs/invariantes.md.
"""

import ast
import importlib.abc
import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import click
import pytest

from tests.mutacion.mutantes import Mutante, mutantes_de, mutar

RAIZ = Path(__file__).resolve().parents[2]
MODULOS = (
    "portal.dominio.libro",
    "portal.dominio.estados",
    "portal.operaciones.recaudos",
    "portal.operaciones.resultados",
    "portal.operaciones.reversiones",
    "portal.operaciones.casos",
    "portal.operaciones.facturas",
    "portal.operaciones.libro",
    "portal.operaciones.adhesiones",
    "portal.operaciones.deshacer_adhesiones",
)
# The cheapest first: the first that fails ends it.
PRUEBAS = (
    "tests/dominio/test_estados.py",
    "tests/arquitectura/test_grafos.py",
    "tests/operaciones/test_reversiones.py",
    "tests/operaciones/test_pagos.py",
    "tests/operaciones/test_dinero_preciso.py",
    "tests/operaciones/test_libro.py",
    "tests/operaciones/test_adhesiones.py",
    "tests/operaciones/test_deshacer_adhesiones.py",
    "tests/operaciones/test_permutaciones.py",
    "tests/maquina/test_maquina.py",
)
# Nothing here takes so long; a mutant that never ends has been noticed.
PLAZO = 240
# pytest warns that it cannot look into what was loaded before it.
RECARGADO = "ignore::pytest.PytestAssertRewriteWarning"
# Loaded once, before the first child: none of them is the portal.
AJENOS = (
    "flask_sqlalchemy",
    "flask_migrate",
    "flask_login",
    "flask_wtf",
    "httpx2",
    "weasyprint",
    "hypothesis.stateful",
)


class Alterado(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module with the wrong inside."""

    def __init__(self, nombre: str, archivo: Path, arbol: ast.Module) -> None:
        self.nombre, self.archivo, self.arbol = nombre, archivo, arbol

    def find_spec(self, nombre: str, ruta: object, destino: object = None) -> ModuleSpec | None:
        if nombre != self.nombre:
            return None
        return importlib.util.spec_from_file_location(nombre, self.archivo, loader=self)

    def exec_module(self, modulo: ModuleType) -> None:
        exec(compile(self.arbol, str(self.archivo), "exec"), modulo.__dict__)


class ConPlantilla:
    """Gives the tests a database that was migrated once, before all of them."""

    def __init__(self, plantilla: Path) -> None:
        self.plantilla = plantilla

    def pytest_collection_finish(self) -> None:
        import tests.conftest

        def copiar(_carpeta: Path, base_datos: str) -> None:
            shutil.copy(self.plantilla, base_datos.removeprefix("sqlite:///"))

        tests.conftest._preparar = copiar


def archivo_de(modulo: str) -> Path:
    return RAIZ / f"{modulo.replace('.', '/')}.py"


def probar(mutante: Mutante | None, plantilla: Path) -> bool:
    """Whether some test notices the wrong."""
    hijo = os.fork()
    if hijo == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        os.setsid()
        if mutante is not None:
            archivo = archivo_de(mutante.modulo)
            sys.meta_path.insert(0, Alterado(mutante.modulo, archivo, mutar(archivo, mutante.indice)))
        pruebas = [p for p in PRUEBAS if (RAIZ / p).exists()]
        orden = [
            *pruebas,
            "-x",
            "-q",
            "-k",
            "not postgresql and not control",
            "-p",
            "no:cacheprovider",
            "-W",
            RECARGADO,
        ]
        os._exit(int(pytest.main(orden, plugins=[ConPlantilla(plantilla)])) and 1)
    return esperar(hijo) != 0


def esperar(hijo: int) -> int:
    limite = time.monotonic() + PLAZO
    while time.monotonic() < limite:
        hecho, estado = os.waitpid(hijo, os.WNOHANG)
        if hecho:
            return estado
        time.sleep(0.05)
    os.killpg(hijo, signal.SIGKILL)
    return os.waitpid(hijo, 0)[1]


def preparar(carpeta: Path) -> Path:
    """The migrated database, made by a process of its own: this one must not load the portal."""
    orden = (
        "import sys, pathlib; from tests.maquina.tandas import plantilla_en; plantilla_en(pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", orden, str(carpeta)], cwd=RAIZ, check=True, capture_output=True)
    for ajeno in AJENOS:
        importlib.import_module(ajeno)
    os.environ |= {"MAQUINA_HISTORIAS": "40", "MAQUINA_SEMILLA": "1", "MAQUINA_ENCOGER": "no", "PERMUTACIONES": "6"}
    return carpeta / "plantilla.sqlite"


def recorrer(mutantes: Sequence[Mutante], plantilla: Path, minutos: float) -> tuple[int, list[Mutante]]:
    """How many were tried before the time was over, and those that nobody noticed."""
    limite, vivos, hechos = time.monotonic() + minutos * 60, [], 0
    with click.progressbar(mutantes, label="Mutantes", file=sys.stderr) as barra:
        for mutante in barra:
            if time.monotonic() > limite:
                break
            hechos += 1
            if not probar(mutante, plantilla):
                vivos.append(mutante)
                click.echo(f"\nvive: {mutante.modulo}:{mutante.linea} [{mutante.indice}] {mutante.que}", err=True)
    return hechos, vivos


@click.command()
@click.option("--minutos", default=60.0, show_default=True, help="Cuánto tiempo, a lo sumo.")
@click.option("--semilla", default=1, show_default=True, help="En qué orden se prueban.")
@click.option("--modulo", "modulos", multiple=True, default=MODULOS, help="Solo este módulo; se puede repetir.")
@click.option("--minimo", default=90.0, show_default=True, help="Porcentaje de mutantes que se deben notar.")
def principal(minutos: float, semilla: int, modulos: tuple[str, ...], minimo: float) -> None:
    """Daña el código del dinero de a poco y mira si alguna prueba lo nota."""
    mutantes = [m for modulo in modulos for m in mutantes_de(modulo, archivo_de(modulo))]
    random.Random(semilla).shuffle(mutantes)
    with tempfile.TemporaryDirectory(prefix="mutacion-") as carpeta:
        plantilla = preparar(Path(carpeta))
        if probar(None, plantilla):
            sys.exit("Las pruebas escogidas fallan sin ningún mutante.")
        hechos, vivos = recorrer(mutantes, plantilla, minutos)
    notados = 100 * (hechos - len(vivos)) / max(hechos, 1)
    click.echo(f"{hechos} de {len(mutantes)} mutantes probados; se notaron {hechos - len(vivos)} ({notados:.1f} %).")
    for mutante in sorted(vivos, key=lambda m: (m.modulo, m.linea)):
        click.echo(f"  {mutante.modulo}:{mutante.linea} {mutante.que}")
    sys.exit(notados < minimo)


if __name__ == "__main__":
    principal()
