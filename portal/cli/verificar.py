"""`flask verificar`: every invariant of money, and the rows that break one."""

import sys

import click

from portal.cli.espanol import Orden
from portal.db import foto
from portal.operaciones import verificacion


@click.command("verificar", cls=Orden)
def verificar() -> None:
    """Revisa cada invariante del dinero y nombra las filas que no la cumplan."""
    quiebres = 0
    foto()
    for invariante, filas in verificacion.verificar():
        click.echo(f"{'FALLA' if filas else 'bien '}  {invariante.codigo}  {invariante.dice}")
        for fila in filas:
            click.echo(f"       {fila}", err=True)
        quiebres += len(filas)
    if quiebres:
        sys.exit(1)
    click.echo("Todo cuadra.")
