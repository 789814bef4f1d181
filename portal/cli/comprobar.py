"""`flask comprobar`: what the portal looks at before it serves, and what of it is wrong."""

import sys

import click

from portal.cli.espanol import Orden
from portal.web.arranque import comprobar_arranque


@click.command("comprobar", cls=Orden)
def comprobar() -> None:
    """Revisa lo que el portal necesita para arrancar y dice qué falta; los ajustes ya los revisó al empezar."""
    hechas = comprobar_arranque()
    click.echo("✓  Ajustes")
    for una in hechas:
        click.echo(f"{'✗' if una.falta else '✓'}  {una.nombre}{f': {una.falta}' if una.falta else ''}")
    if any(una.falta for una in hechas):
        sys.exit(1)
    click.echo("El portal puede arrancar.")
