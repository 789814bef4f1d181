"""`flask estampillas`: issues what is paid and has no stamp yet, and changes the key that signs."""

import sys

import click

from portal.cli.espanol import Grupo
from portal.db import transaccion
from portal.operaciones import claves
from portal.operaciones.bitacora import anotar
from portal.operaciones.claves import ClaveInservible
from portal.web.departamento import ajustes_actuales
from portal.web.estampillas import expedir_pendientes
from portal.web.reloj import ahora

grupo = Grupo("estampillas", help="Estampillas electrónicas: expedición y claves.")
clave = Grupo("clave", help="La clave que firma las estampillas.")
grupo.add_command(clave)


@grupo.command("expedir")
def expedir() -> None:
    """Expide la estampilla de cada factura legalizada que aún no la tiene."""
    try:
        expedidas = expedir_pendientes()
    except ClaveInservible as error:
        sys.exit(str(error))
    click.echo(f"Estampillas expedidas: {expedidas}.")


@clave.command("crear")
def crear() -> None:
    """Crea una clave nueva en lugar de la actual; lo que firmó la anterior sigue valiendo."""
    ruta = ajustes_actuales().clave_estampillas
    try:
        if ruta.exists():
            # The stamps of a key that never was published could not be checked after it is replaced.
            _publicar(claves.abrir(ruta, crear_si_falta=False))
        nueva = claves.crear(ruta)
    except ClaveInservible as error:
        sys.exit(str(error))
    _publicar(nueva)
    with transaccion():
        anotar("clave_estampillas_creada", f"clave:{nueva.id}", ahora=ahora(), usuario_id=None)
    click.echo(f"Clave nueva: {nueva.id}. Firma desde ahora; las anteriores siguen publicadas.")


@clave.command("listar")
def listar() -> None:
    """Muestra las claves que han firmado estampillas, la más antigua primero."""
    for publicada in claves.publicadas():
        click.echo(f"{publicada.id}\t{publicada.creada_en:%Y-%m-%d}")


def _publicar(firmante: claves.Firmante) -> None:
    with transaccion():
        claves.publicar(firmante, ahora=ahora())
