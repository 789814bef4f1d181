"""`flask pagos importar`: apply the bank's file; what the screen does, for larger files and for other programs."""

import sys
from pathlib import Path

import click

from portal.cli.avance import barra
from portal.cli.espanol import Orden
from portal.db import transaccion
from portal.dominio.asobancaria_hallazgos import ArchivoRecaudoInvalido
from portal.dominio.asobancaria_texto import MAXIMO_BYTES
from portal.dominio.dinero import escribir_miles, escribir_pesos
from portal.dominio.errores import DatoInvalido, ErrorDominio
from portal.dominio.movimientos import DESENLACES, Dudosas, Novedad
from portal.models import Usuario
from portal.models.usuario import Rol
from portal.operaciones.archivos_banco import importacion
from portal.operaciones.archivos_banco.importacion import ArchivoRepetido, Revision
from portal.operaciones.usuarios import cuenta_de
from portal.web.convenio import convenio_actual
from portal.web.reloj import ahora, hoy


@click.command("importar", cls=Orden)
@click.argument("archivo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--aplicar", is_flag=True, help="Aplica el archivo; sin ella solo se revisa.")
@click.option("--usuario", help="Correo de la cuenta de Tesorería que importa; necesario con --aplicar.")
@click.option(
    "--dudosas",
    type=click.Choice([d.value for d in Dudosas if d]),
    help="Qué son los pagos iguales a los de otro archivo del día que el banco no numeró.",
)
def importar(archivo: Path, aplicar: bool, usuario: str | None, dudosas: str | None) -> None:
    """Revisa o aplica un archivo de recaudo del banco: todo o nada. Repetirla no cambia nada."""
    decididas = Dudosas(dudosas or "")
    try:
        contenido = archivo.read_bytes()[: MAXIMO_BYTES + 1]
        if not aplicar:
            _contar(importacion.revisar(contenido, convenio=convenio_actual(), hoy=hoy(), dudosas=decididas))
            return
        _aplicar(contenido, archivo.name, _cuenta(usuario), decididas)
    except ArchivoRepetido as error:
        click.echo(error.mensaje)
    except ArchivoRecaudoInvalido as error:
        for uno in error.problemas:
            click.echo(f"Línea {uno.linea}, {uno.campo}: {uno.mensaje}", err=True)
        _terminar(error.mensaje)
    except ErrorDominio as error:
        _terminar(error.mensaje)


def _aplicar(contenido: bytes, nombre: str, usuario: Usuario, dudosas: Dudosas) -> None:
    with barra("Importando") as avanzar, transaccion():
        hecho = importacion.importar(
            contenido,
            nombre=nombre,
            convenio=convenio_actual(),
            usuario=usuario,
            ahora=ahora(),
            hoy=hoy(),
            dudosas=dudosas,
            avanzar=avanzar,
        )
    nuevas = escribir_miles(hecho.lineas - hecho.repetidas)
    click.echo(
        f"Archivo {hecho.numero} importado: {nuevas} pagos nuevos por {escribir_pesos(hecho.total - hecho.valor_repetido)}. "
        f"Ya los había traído otro archivo: {escribir_miles(hecho.repetidas)}."
    )


def _contar(revision: Revision) -> None:
    for aviso in revision.avisos:
        click.echo(f"Aviso: {aviso}")
    if revision.anterior is not None:
        click.echo(f"Ese archivo ya se importó, con el número {revision.anterior.numero}. No cambiaría nada.")
        return
    for resultado, suma in revision.por_resultado.items():
        click.echo(f"{DESENLACES[resultado].nombre}: {escribir_miles(suma.cuantas)}, {escribir_pesos(suma.valor)}")
    for novedad, nombre in (
        (Novedad.REPETIDA, "Ya los trajo otro archivo"),
        (Novedad.DUDOSA, "Falta decidir (--dudosas)"),
    ):
        suma = revision.con_novedad(novedad)
        if suma.cuantas:
            click.echo(f"{nombre}: {escribir_miles(suma.cuantas)}, {escribir_pesos(suma.valor)}")
    total = revision.archivo.total
    click.echo(
        f"Total: {escribir_miles(len(revision.renglones))} pagos por {escribir_pesos(total)}. No se aplicó nada."
    )


def _cuenta(correo: str | None) -> Usuario:
    if not correo:
        raise DatoInvalido("Diga con --usuario qué cuenta de Tesorería importa.")
    cuenta = cuenta_de(correo)
    if cuenta.rol is not Rol.TESORERIA:
        raise DatoInvalido("Solo una cuenta con el rol de tesorería puede importar archivos del banco.")
    return cuenta


def _terminar(mensaje: str) -> None:
    click.echo(mensaje, err=True)
    sys.exit(1)
