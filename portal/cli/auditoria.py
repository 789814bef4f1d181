"""`flask auditoria`: seals the bitácora, recomputes both chains, exports a period and checks an export."""

import os
import sys
from base64 import b64decode
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from portal.cli.avance import barra
from portal.cli.espanol import Grupo
from portal.dominio.bitacora import CADENAS
from portal.dominio.errores import ErrorDominio
from portal.dominio.exportacion import Periodo
from portal.dominio.revision_exportacion import Exportacion, ExportacionIlegible, abrir
from portal.operaciones import claves
from portal.web.auditoria import comprobar_cadenas, exportar_periodo, sellar_bitacora

_DIA = click.DateTime(["%Y-%m-%d"])
grupo = Grupo("auditoria", help="Auditoría: sellos de la bitácora, verificación de las cadenas y exportaciones.")


@grupo.command("sellar")
def sellar() -> None:
    """Encadena las anotaciones de la bitácora que aún no tienen sello; la sonda también lo hace."""
    click.echo(f"Anotaciones selladas: {sellar_bitacora()}.")


@grupo.command("verificar")
@click.option("--archivo", type=click.File("rb"), help="Verifica una exportación, sin mirar la base de datos.")
@click.option("--clave", type=click.File("r"), help="Claves públicas del portal (/claves/estampillas.pem).")
def verificar(archivo: IO[bytes] | None, clave: IO[str] | None) -> None:
    """Recalcula las cadenas del libro y de la bitácora, o las de una exportación; nombra lo que esté mal."""
    faltas = _de_archivo(archivo, clave.read() if clave else "") if archivo else _de_la_base()
    for falta in faltas:
        click.echo(falta, err=True)
    if faltas:
        sys.exit(1)
    click.echo("Todo está como se escribió.")


@grupo.command("exportar")
@click.option("--desde", type=_DIA, required=True, help="Primer día, AAAA-MM-DD.")
@click.option("--hasta", type=_DIA, required=True, help="Último día, AAAA-MM-DD.")
@click.option("--archivo", type=click.Path(dir_okay=False, path_type=Path), required=True, help="ZIP por escribir.")
def exportar(desde: datetime, hasta: datetime, archivo: Path) -> None:
    """Escribe en un ZIP todo lo de un periodo, con las cadenas y su firma."""
    borrador = archivo.with_name(f".{archivo.name}.{os.getpid()}")
    try:
        periodo = Periodo(desde.date(), hasta.date())
        with barra("Exportando") as avanzar, borrador.open("xb") as salida:
            borrador.chmod(0o600)
            huella = exportar_periodo(
                periodo, salida, usuario_id=None, por="La línea de órdenes", peticion="", avanzar=avanzar
            )
        borrador.replace(archivo)
    except ErrorDominio as error:
        sys.exit(error.mensaje)
    except OSError as error:
        sys.exit(f"No se pudo escribir {archivo}: {error.strerror}.")
    finally:
        borrador.unlink(missing_ok=True)
    click.echo(f"{archivo}: SHA-256 del manifiesto {huella}.")


def _de_la_base() -> list[str]:
    comprobadas = comprobar_cadenas()
    for una in comprobadas:
        click.echo(f"{CADENAS[una.cadena]}: {una.cabeza.filas} filas, último eslabón {una.cabeza.huella}.")
    return [quiebre for una in comprobadas for quiebre in una.quiebres]


def _de_archivo(archivo: IO[bytes], pem: str) -> list[str]:
    try:
        exportacion = abrir(archivo)
    except ExportacionIlegible as error:
        return [str(error)]
    dice = exportacion.manifiesto
    click.echo(
        f"Exportación de {dice['departamento']}, del {dice['desde']} al {dice['hasta']}, hecha el {dice['hecho_en']}."
    )
    for cadena, tramo in dice["cadenas"].items():
        click.echo(f"{cadena}: del {tramo['primero']} al {tramo['ultimo']}, último eslabón {tramo['huella']}.")
    return [*exportacion.faltas(), *_de_firma(exportacion, pem)]


def _de_firma(exportacion: Exportacion, pem: str) -> list[str]:
    """What is wrong with the signature. Without the department's keys, the one inside only shows that nothing changed since."""
    firma = exportacion.firma
    if firma is None:
        click.echo("No está firmada: nada prueba quién la hizo.")
        return ["firma.json: se dieron claves y la exportación no está firmada"] if pem else []
    try:
        octetos, propia = b64decode(str(firma["firma"]), validate=True), str(firma["publica"])
    except (ValueError, KeyError, TypeError):
        return ["firma.json: no se puede leer"]
    if not claves.firmo(pem or propia, exportacion.mensaje, octetos):
        return ["firma.json: la firma no es de esas claves sobre este manifiesto"]
    if pem:
        click.echo("Firma correcta, de una clave que usted dio.")
    else:
        click.echo(
            "Firma correcta según la clave que trae el archivo; compárela con /claves/estampillas.pem con --clave."
        )
    return []
