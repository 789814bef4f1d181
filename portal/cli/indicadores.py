"""`flask indicadores`: the yearly values, with the acts that fixed them."""

import click

from portal.cli.espanol import Grupo
from portal.dominio.dinero import escribir_pesos
from portal.operaciones import normativa

grupo = Grupo("indicadores", help="UVT, SMMLV y los valores que un decreto fija cada año.")


@grupo.command("listar")
def listar() -> None:
    """Muestra cada valor publicado con sus fechas y el acto que lo fijó."""
    for fila in normativa.listar_valores():
        acto = f"{fila.acto} ({fila.comprobacion})" if fila.comprobacion else fila.acto
        click.echo(f"{fila.codigo}\t{fila.desde} a {fila.hasta}\t{escribir_pesos(fila.valor)}\t{acto}")
