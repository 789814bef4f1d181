"""`flask agentes`: opens the monthly returns of the collecting agents."""

from datetime import datetime

import click

from portal.cli.espanol import Grupo
from portal.db import transaccion
from portal.operaciones.agentes import declaraciones
from portal.web.departamento import ajustes_actuales
from portal.web.reloj import ahora, hoy

grupo = Grupo("agentes", help="Agentes recaudadores y sus declaraciones mensuales.")


@grupo.command("abrir")
@click.option("--hasta", type=click.DateTime(["%Y-%m"]), help="Último mes por abrir, AAAA-MM; si falta, el de hoy.")
def abrir(hasta: datetime | None) -> None:
    """Abre la declaración de cada mes que falte, de todas las entidades; repetida, no cambia nada."""
    ultimo = min(hasta.date(), hoy()) if hasta else hoy()
    with transaccion():
        abiertas = declaraciones.abrir_todos(ajustes_actuales().departamento, ultimo, ahora=ahora())
    click.echo(f"Declaraciones abiertas: {abiertas}.")
