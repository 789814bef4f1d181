"""`flask respaldo`: a copy of the database that can be trusted, and putting one in its place."""

import hashlib
import sys
from pathlib import Path

import click
from flask_migrate import upgrade

from portal.cli.espanol import Grupo
from portal.cli.turnos import OTRA_MAQUINA, PLAZO_LARGO, con_turno
from portal.cli.verificar import verificar
from portal.db import transaccion
from portal.operaciones.claves import ClaveInservible
from portal.operaciones.esquema import migraciones_conocidas
from portal.operaciones.respaldos import copia, manifiesto, restauracion
from portal.operaciones.respaldos.manifiesto import RespaldoInservible
from portal.web.departamento import ajustes_actuales
from portal.web.estampillas import firmante_actual
from portal.web.migraciones import carpeta_de_migraciones
from portal.web.reloj import ahora

grupo = Grupo("respaldo", help="Respaldos de la base de datos y su restauración.")
_CARPETA = click.Path(file_okay=False, path_type=Path)


@grupo.command("crear")
@click.argument("destino", type=_CARPETA)
def crear(destino: Path) -> None:
    """Copia la base de datos, mientras se usa, en una carpeta nueva con su manifiesto."""
    departamento = ajustes_actuales().departamento
    try:
        hecho = con_turno(
            "respaldo",
            lambda: copia.crear(destino, departamento=departamento, clave=_clave(), ahora=ahora()),
            plazo=PLAZO_LARGO,
        )
    except RespaldoInservible as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"No se pudo escribir {destino}: {error.strerror}.")
    if hecho is None:
        sys.exit(OTRA_MAQUINA)
    numero, eslabon = hecho.contenido.libro
    click.echo(f"{destino}: {hecho.octetos} bytes, {sum(hecho.contenido.filas.values())} filas, {numero} asientos.")
    click.echo(f"Último asiento {eslabon}.")
    # Kept elsewhere, it tells whether manifest and copy were both changed.
    click.echo(f"SHA-256 del manifiesto {hashlib.sha256(hecho.a_json()).hexdigest()}.")


@grupo.command("restaurar")
@click.argument("origen", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--confirmar", is_flag=True, help="Restaura aunque haya datos: lo que hay se aparta, no se borra.")
@click.option(
    "--salto",
    type=click.IntRange(0, 10_000_000),
    default=10_000,
    show_default=True,
    help="Números que se saltan en cada serie, más de los que se dieron después del respaldo.",
)
@click.pass_context
def restaurar(contexto: click.Context, origen: Path, confirmar: bool, salto: int) -> None:
    """Pone un respaldo en el lugar de la base de datos, la migra, cierra las sesiones y verifica cada invariante."""
    try:
        suyo = manifiesto.leer(origen)
        archivo = manifiesto.comprobar_archivo(origen, suyo)
        restauracion.exigir_restaurable(
            suyo,
            departamento=ajustes_actuales().departamento,
            migraciones=migraciones_conocidas(carpeta_de_migraciones()),
            confirmado=confirmar,
        )
        apartado = restauracion.poner(archivo, suyo, ahora=ahora())
    except RespaldoInservible as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"No se pudo restaurar: {error.strerror}.")
    click.echo(f"Restaurado el respaldo de {suyo.hecho_en}: {suyo.contenido.libro[0]} asientos, todo como se copió.")
    if apartado:
        click.echo(f"Lo que había quedó en {apartado}.")
    upgrade()
    with transaccion():
        terminadas = restauracion.concluir(suyo, salto=salto, ahora=ahora())
    click.echo(f"Sesiones terminadas: {terminadas}. Cada serie de números sigue {salto} más adelante.")
    if suyo.clave != _clave():
        click.echo("La clave de las estampillas de esta máquina no es la del respaldo: lo ya firmado sigue valiendo.")
    click.echo("Ahora traiga lo que pasó después: docs/operacion.md, «Lo que pasó después del respaldo».")
    contexto.invoke(verificar)


def _clave() -> str:
    try:
        return firmante_actual().id
    except ClaveInservible:
        return ""
