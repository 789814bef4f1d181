"""`python -m tests.mutacion`: put one wrong at a time into the money code and see whether a test notices.

The tests run once without any wrong, to know which statements each one executes and how long it takes. A wrong is then tried
only with those that execute its statement, the cheapest first, until one fails. What runs inside a function is put into a
process that has everything loaded; what runs while a module loads, into one that has not loaded the portal yet.
"""

import importlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from tests.mutacion.atajos import tomar_atajos
from tests.mutacion.carga import RAIZ, archivo_de
from tests.mutacion.ensayo import Ensayo, todo_cargado
from tests.mutacion.equivalentes import razones, sobrantes
from tests.mutacion.informe import Resultado, contar
from tests.mutacion.mutantes import Mutante, mutantes_de
from tests.mutacion.objetivo import MODULOS, PRUEBAS
from tests.mutacion.registro import Registro
from tests.mutacion.sesiones import NOTADO

# Loaded once, before the first child: none of them is the portal.
AJENOS = (
    "flask_sqlalchemy",
    "flask_migrate",
    "flask_login",
    "flask_wtf",
    "httpx2",
    "weasyprint",
    "hypothesis.stateful",
    "time_machine",
    "xlsxwriter",
)
POCAS = {"MAQUINA_HISTORIAS": "40", "MAQUINA_SEMILLA": "1", "MAQUINA_ENCOGER": "no", "PERMUTACIONES": "6"}
MEMORIA = Path("/dev/shm")


def preparar(carpeta: Path) -> None:
    """The migrated database, made by a process of its own: this one must not load the portal."""
    orden = (
        "import sys, pathlib; from tests.maquina.tandas import plantilla_en; plantilla_en(pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", orden, str(carpeta)], cwd=RAIZ, check=True, capture_output=True)
    for ajeno in AJENOS:
        importlib.import_module(ajeno)
    tomar_atajos()
    os.environ |= POCAS


def recorrer(ensayo: Ensayo, mutantes: Sequence[Mutante], registro: Registro, minutos: float) -> list[Resultado]:
    """Those that were tried before the time was over, or known to have been noticed."""
    limite, hechos = time.monotonic() + minutos * 60, []
    for mutante in mutantes:
        if time.monotonic() > limite:
            break
        if sabido := registro.notados.get(mutante.clave):
            hechos.append(Resultado(mutante, NOTADO, 0, 0, 0, sabido))
            continue
        hecho = ensayo.probar(mutante)
        hechos.append(hecho)
        if hecho.quien:
            registro.notados[mutante.clave] = hecho.quien.partition("::")[0]
            registro.guardar()
        click.echo(f"{len(hechos)}/{len(mutantes)} {hecho}", err=True)
    return hechos


@click.command()
@click.option("--minutos", default=120.0, show_default=True, help="Cuánto tiempo, a lo sumo.")
@click.option("--semilla", default=1, show_default=True, help="En qué orden se prueban.")
@click.option("--modulo", "modulos", multiple=True, default=MODULOS, help="Solo este módulo; se puede repetir.")
@click.option("--prueba", "pruebas", multiple=True, default=PRUEBAS, help="Solo estas pruebas; se puede repetir.")
@click.option("--minimo", default=90.0, show_default=True, help="Porcentaje de mutantes que se deben notar.")
@click.option(
    "--segundos", default=20.0, show_default=True, help="Cuánto se le dedica a un mutante, sin las historias."
)
@click.option("--registro", type=click.Path(path_type=Path), help="Guarda ahí lo que se va sabiendo.")
@click.option("--clave", default="", help="Solo los mutantes cuyo nombre contiene esto.")
@click.option("--equivalentes", is_flag=True, help="Prueba los que se tienen por equivalentes: ninguno se debe notar.")
def principal(
    minutos: float,
    semilla: int,
    modulos: tuple[str, ...],
    pruebas: tuple[str, ...],
    minimo: float,
    segundos: float,
    registro: Path | None,
    clave: str,
    equivalentes: bool,
) -> None:
    """Daña el código del dinero de a poco y mira si alguna prueba lo nota."""
    todos = [m for modulo in modulos for m in mutantes_de(modulo, archivo_de(modulo))]
    if sobran := sobrantes(todos):
        sys.exit("\n".join(["Ya no existen estos equivalentes:", *sobran]))
    conocidos = razones()
    mutantes = [m for m in todos if (m.clave in conocidos) is equivalentes and clave in m.clave]
    random.Random(semilla).shuffle(mutantes)
    with tempfile.TemporaryDirectory(prefix="mutacion-", dir=MEMORIA if MEMORIA.is_dir() else None) as nombre:
        carpeta = Path(nombre)
        preparar(carpeta)
        sabido = Registro(modulos, registro)
        anotadas = sabido.anotar(carpeta, pruebas)
        with todo_cargado(carpeta, anotadas) as turno:
            hechos = recorrer(Ensayo(carpeta, anotadas, turno, segundos), mutantes, sabido, minutos)
    click.echo(contar(hechos, [m for m in todos if m.clave in conocidos], len(mutantes)))
    notados = sum(not h.vive for h in hechos)
    sys.exit(notados > 0 if equivalentes else 100 * notados < minimo * len(hechos))


if __name__ == "__main__":
    principal()
