"""`python -m tests.maquina`: many histories, every invariant after each step, on every core; exit 1 when one breaks."""

import os
import random
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import click

from tests.maquina.tandas import TANDA, contar_tanda, plantilla_en


@click.command()
@click.option("--historias", default=10_000, show_default=True, help="Cuántas historias.")
@click.option("--semilla", default=0, help="La misma semilla repite las mismas historias; sin ella, una al azar.")
@click.option("--procesos", default=os.cpu_count() or 1, show_default=True, help="Cuántos procesos a la vez.")
@click.option("--ligera", is_flag=True, help="Las invariantes se revisan una vez por historia y no tras cada paso.")
def principal(historias: int, semilla: int, procesos: int, ligera: bool) -> None:
    """Inventa historias de pagos y compara el portal con el auditor."""
    semilla = semilla or random.randrange(1, 10**9)
    click.echo(f"Semilla {semilla}.")
    empieza, rotas = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="maquina-") as carpeta:
        plantilla = plantilla_en(Path(carpeta))
        tandas = [
            (plantilla, semilla + n, min(TANDA, historias - n * TANDA), not ligera)
            for n in range(-(-historias // TANDA))
        ]
        with (
            get_context("spawn").Pool(procesos, maxtasksperchild=10) as cuadrilla,
            click.progressbar(length=len(tandas), label="Contando historias", file=sys.stderr) as barra,
        ):
            for suya, falla in cuadrilla.imap_unordered(contar_tanda, tandas):
                barra.update(1)
                if falla:
                    rotas.append(suya)
                    click.echo(f"Semilla {suya}:\n{falla}", err=True)
    click.echo(f"{historias} historias en {time.monotonic() - empieza:.0f} s; se rompieron las semillas {rotas}.")
    sys.exit(bool(rotas))


if __name__ == "__main__":
    principal()
