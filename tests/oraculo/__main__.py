"""`python -m tests.oraculo`: many random requests against the oracle, on every core, with a bar; exit 1 when any differs."""

import os
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool

import click

from tests.oraculo.comparar import Cuenta, comparar, sin_tocar

REPARTO = {"cundinamarca": 50, "narino": 45, "putumayo": 5}
TANDA = 500


def _tandas(casos: int, semilla: int) -> Iterator[tuple[str, int, range]]:
    for departamento, parte in REPARTO.items():
        suyos = casos * parte // 100
        for primero in range(0, suyos, TANDA):
            yield departamento, semilla, range(primero, min(primero + TANDA, suyos))


def _comparar(tanda: tuple[str, int, range]) -> Cuenta:
    return comparar(*tanda)


@click.command()
@click.option("--casos", default=100_000, show_default=True, help="Cuántas solicitudes.")
@click.option("--semilla", default=1, show_default=True, help="La misma semilla repite las mismas solicitudes.")
@click.option("--procesos", default=os.cpu_count() or 1, show_default=True, help="Cuántos procesos a la vez.")
def principal(casos: int, semilla: int, procesos: int) -> None:
    """Compara el liquidador con el oráculo escrito desde las normas."""
    empieza, cuenta, tandas = time.monotonic(), Cuenta(), list(_tandas(casos, semilla))
    with (
        Pool(procesos) as cuadrilla,
        click.progressbar(length=len(tandas), label="Comparando", file=sys.stderr) as barra,
    ):
        for parte in cuadrilla.imap_unordered(_comparar, tandas):
            cuenta.sumar(parte)
            barra.update(1)
    for diferencia in cuenta.diferencias[:20]:
        click.echo(diferencia, err=True)
    olvidados = [nombre for departamento in REPARTO for nombre in sin_tocar(departamento, cuenta)]
    if olvidados:
        click.echo(f"Sin probar: {', '.join(olvidados)}", err=True)
    click.echo(
        f"{cuenta.casos} casos (semilla {semilla}), {cuenta.renglones} renglones, {cuenta.exentos} exentos, "
        f"{cuenta.rehusados} rehusados, {time.monotonic() - empieza:.0f} s: {len(cuenta.diferencias)} diferencias."
    )
    sys.exit(bool(cuenta.diferencias or olvidados))


if __name__ == "__main__":
    principal()
