"""`flask migracion`: bring the documents of the system that was there before, from a folder of CSV files."""

import sys
from pathlib import Path

import click

from portal.cli.avance import barra
from portal.cli.espanol import Grupo
from portal.db import transaccion
from portal.dominio.dinero import escribir_miles
from portal.dominio.errores import DatoInvalido, ErrorDominio
from portal.dominio.migracion.control import Cuadre
from portal.dominio.migracion.renglones import COLUMNAS
from portal.models import Migracion
from portal.models.usuario import Rol
from portal.operaciones.firmas import Firma
from portal.operaciones.migracion import importacion
from portal.operaciones.migracion.archivos import MAXIMO_BYTES
from portal.operaciones.migracion.importacion import CarpetaConErrores, MigracionNoCuadra
from portal.operaciones.migracion.plan import Plan, planear
from portal.operaciones.usuarios import cuenta_de
from portal.web.departamento import departamento_actual
from portal.web.reloj import ahora, hoy

# More than a person mends at once; the rest comes with the next run.
_HALLAZGOS_A_DECIR = 500

grupo = Grupo("migracion", help="Migración: traer los documentos del sistema anterior.")


@grupo.command("importar")
@click.argument("carpeta", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--aplicar", is_flag=True, help="Escribe; sin ella solo se revisa.")
@click.option(
    "--usuario", help="Correo de la cuenta de administrador que trae los documentos; necesario con --aplicar."
)
def importar(carpeta: Path, aplicar: bool, usuario: str | None) -> None:
    """Trae contribuyentes, liquidaciones, facturas, pagos y usuarios. Si se interrumpe, repítala y continúa."""
    try:
        plan = planear(_leer(carpeta), departamento=departamento_actual().codigo, hoy=hoy())
        if aplicar:
            _aplicar(plan, usuario)
        else:
            _ensayar(plan)
    except CarpetaConErrores as error:
        for uno in error.hallazgos[:_HALLAZGOS_A_DECIR]:
            click.echo(str(uno), err=True)
        _terminar(error.mensaje)
    except MigracionNoCuadra as error:
        for frase in error.diferencias:
            click.echo(frase, err=True)
        _terminar(error.mensaje)
    except ErrorDominio as error:
        _terminar(error.mensaje)


def _leer(carpeta: Path) -> dict[str, bytes]:
    """The bytes of the files that are there; one byte beyond the limit tells that a file passes it."""
    contenidos = {}
    for nombre in COLUMNAS:
        archivo = carpeta / nombre
        if archivo.is_file():
            with archivo.open("rb") as abierto:
                contenidos[nombre] = abierto.read(MAXIMO_BYTES + 1)
    return contenidos


def _ensayar(plan: Plan) -> None:
    if plan.hallazgos:
        raise CarpetaConErrores(plan.hallazgos)
    _contar(plan.totales)
    for aviso in plan.avisos():
        click.echo(f"Aviso: {aviso}")
    ya = len(plan.previas) + len(plan.hechas)
    click.echo(
        f"Se escribirían {escribir_miles(plan.pendientes)} liquidaciones; ya están {escribir_miles(ya)}. "
        "Todo cuadra con el control. No se escribió nada."
    )


def _contar(totales: Cuadre) -> None:
    for (concepto, clave), suma in sorted(totales.items()):
        click.echo(f"{concepto} {clave}".strip() + f": {suma}")


def _aplicar(leida: Plan, usuario: str | None) -> None:
    if not usuario:
        raise DatoInvalido("Diga con --usuario qué cuenta de administrador trae los documentos.")
    cuenta = cuenta_de(usuario)
    if cuenta.rol is not Rol.ADMINISTRADOR:
        raise DatoInvalido("Solo una cuenta con el rol administrador puede traer los documentos del sistema anterior.")
    with transaccion():
        migracion, plan = importacion.abrir(leida, firma=Firma(cuenta_de(usuario), ahora()))
        migracion_id = migracion.id
    if plan.termino:
        click.echo("Esa carpeta ya se trajo entera. No cambió nada.")
        return
    _contar(plan.totales)
    with barra("Trayendo") as avanzar:
        escritas = 0
        for tramo in importacion.tramos_de(plan):
            with transaccion():
                escritas += importacion.escribir_tramo(
                    migracion_id, tramo, plan, firma=Firma(cuenta_de(usuario), ahora())
                )
            avanzar(escritas, plan.pendientes)
    _cerrar(migracion_id, plan, usuario, escritas)


def _cerrar(migracion_id: int, plan: Plan, usuario: str, escritas: int) -> None:
    with transaccion():
        hecha: Migracion = importacion.terminar(migracion_id, plan, firma=Firma(cuenta_de(usuario), ahora()))
        total = hecha.total
    click.echo(
        f"Escritas ahora: {escribir_miles(escritas)} liquidaciones, de {escribir_miles(total)}. "
        "La base de datos tiene lo que dice el control, al peso."
    )


def _terminar(mensaje: str) -> None:
    click.echo(mensaje, err=True)
    sys.exit(1)
