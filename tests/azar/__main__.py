"""`python -m tests.azar`: many made-up requests, on every core; exit 1 when one answer is not as it should be."""

import os
import random
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import click

from tests.azar.tandas import TANDA, Informe, correr_aparte, preparar_proceso
from tests.maquina.tandas import plantilla_en


@click.command()
@click.option("--peticiones", default=100_000, show_default=True, help="Cuántas peticiones.")
@click.option("--semilla", default=0, help="La misma semilla repite las mismas tandas; sin ella, una al azar.")
@click.option("--tanda", default=TANDA, show_default=True, help="Cuántas peticiones con cada semilla.")
@click.option("--procesos", default=os.cpu_count() or 1, show_default=True, help="Cuántos procesos a la vez.")
def principal(peticiones: int, semilla: int, tanda: int, procesos: int) -> None:
    """Envía peticiones inventadas a cada ruta con cada método y cada rol, y juzga cada respuesta."""
    semilla = semilla or random.randrange(1, 10**9)
    click.echo(f"Semilla {semilla}.")
    empieza, informe = time.monotonic(), Informe()
    with tempfile.TemporaryDirectory(prefix="azar-") as carpeta:
        plantilla = plantilla_en(Path(carpeta))
        tareas = [(semilla + n, min(tanda, peticiones - n * tanda)) for n in range(-(-peticiones // tanda))]
        with (
            get_context("spawn").Pool(procesos, preparar_proceso, (plantilla,)) as cuadrilla,
            click.progressbar(length=len(tareas), label="Enviando peticiones", file=sys.stderr) as barra,
        ):
            for suyo in cuadrilla.imap_unordered(correr_aparte, tareas):
                informe.sumar(suyo)
                barra.update(1)
                for falla in suyo.fallas:
                    click.echo(
                        f"{falla}\n  make azar SEMILLA={falla.semilla} PETICIONES={tanda} TANDA={tanda}", err=True
                    )
    click.echo(f"{informe.peticiones} peticiones en {time.monotonic() - empieza:.0f} s; {len(informe.fallas)} fallas.")
    click.echo(f"Respuestas: {dict(sorted(informe.por_estado().items()))}.")
    click.echo(f"Sin alcanzar: {', '.join(informe.sin_alcanzar()) or 'ninguna'}.")
    sys.exit(bool(informe.fallas))


if __name__ == "__main__":
    principal()
