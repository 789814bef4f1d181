"""`flask normativa`: load, check, list the facts, answer quotations and write the yearly circular."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app

from portal.cli.espanol import Grupo
from portal.config import DEPARTAMENTOS
from portal.db import fuera_de_transaccion, transaccion
from portal.documentos.circular import html_circular, pdf_circular, xlsx_circular
from portal.dominio.circular import Circular
from portal.dominio.condiciones import hechos_de
from portal.dominio.errores import ErrorDominio
from portal.dominio.hechos import TipoHecho
from portal.dominio.normativa import Normativa
from portal.operaciones import normativa
from portal.operaciones.circulares import circular_de
from portal.operaciones.cotizaciones import MAXIMO_LINEA, responder
from portal.web.departamento import ajustes_actuales, leer_departamento

# How the facts without a list of values are written.
_FORMAS = {
    TipoHecho.SI_NO: "true, false",
    TipoHecho.IMPORTE: 'pesos entre comillas, "46911499.50"',
    TipoHecho.PORCENTAJE: 'de 0 a 100, "69.9"',
    TipoHecho.FECHA: "AAAA-MM-DD",
    TipoHecho.TEXTO: "nombre de hasta 160 caracteres",
}

grupo = Grupo("normativa", help="Normas: actos, tarifas, redondeos, exclusiones y exenciones.")


def _del_departamento(orden: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--departamento",
        type=click.Choice(DEPARTAMENTOS),
        help="Departamento; si falta, el de esta instalación.",
    )(orden)


@grupo.command("cargar")
def cargar() -> None:
    """Carga las normas que trae el portal; repetirla no cambia nada."""
    with transaccion():
        resumen = normativa.cargar()
    click.echo(
        f"Normas: {resumen.nuevas} nuevas, {len(resumen.actualizadas)} actualizadas, {resumen.iguales} sin cambios."
    )
    for nombre in resumen.actualizadas:
        click.echo(f"Actualizada: {nombre}")
    for nombre in resumen.conservadas:
        click.echo(f"Conservada, porque ya hay liquidaciones en sus fechas: {nombre}", err=True)
    for nombre in resumen.publicadas:
        click.echo(f"Conservado lo que publicó un administrador en sus fechas: {nombre}", err=True)
    for nombre in resumen.ausentes:
        click.echo(f"Ya no viene con el portal y se conserva: {nombre}", err=True)


@grupo.command("verificar")
def verificar() -> None:
    """Revisa que las normas cargadas estén completas y no se contradigan."""
    problemas = normativa.verificar()
    for problema in problemas:
        click.echo(problema, err=True)
    if problemas:
        sys.exit(1)
    click.echo("Las normas cargadas están completas y no se contradicen.")


@grupo.command("hechos")
@_del_departamento
def hechos(departamento: str | None) -> None:
    """Lista los hechos que las reglas preguntan: clave, tipo, valores y reglas que los usan."""
    propia = _normativa(departamento)
    usos = _usos(propia)
    for hecho in propia.hechos:
        click.echo(f"{hecho.clave} ({hecho.tipo}: {', '.join(hecho.valores) or _FORMAS[hecho.tipo]})")
        click.echo(f"    {hecho.descripcion}")
        click.echo(f"    Reglas: {', '.join(usos.get(hecho.clave, ())) or 'ninguna'}")


@grupo.command("cotizar")
@_del_departamento
def cotizar(departamento: str | None) -> None:
    """Liquida sin guardar nada: lee líneas JSON de la entrada y escribe una por cada una, en orden.

    Ejemplo: {"id": "1", "actos": ["N-CC-D"], "fecha": "2025-03-03", "valor": "46911499", "hechos": {}}
    """
    propia = _normativa(departamento)
    # Nothing more is read from the database, and the other system may keep the pipe open for hours.
    fuera_de_transaccion()
    salida = sys.stdout.buffer
    try:
        for linea in _lineas(sys.stdin.buffer):
            salida.write(responder(propia, linea) + b"\n")
            salida.flush()
    except BrokenPipeError:
        _sin_lector()


@grupo.command("circular")
@click.argument("vigencia", type=int)
@_del_departamento
@click.option("--formato", type=click.Choice(("html", "pdf", "xlsx")), default="html", help="Por omisión, html.")
@click.option(
    "--salida", type=click.Path(dir_okay=False, path_type=Path), help="Archivo; si falta, la salida estándar."
)
def circular(vigencia: int, departamento: str | None, formato: str, salida: Path | None) -> None:
    """Escribe la circular de tarifas de un año con lo que está publicado.

    Ejemplo: flask normativa circular 2025 --formato pdf --salida circular.pdf
    """
    if salida is None and formato != "html" and sys.stdout.isatty():
        click.echo(f"Un archivo {formato} no se lee en la pantalla: use --salida o redirija la salida.", err=True)
        sys.exit(1)
    codigo = departamento or ajustes_actuales().departamento
    try:
        cuerpo = _escribir(circular_de(codigo, vigencia), formato)
    except ErrorDominio as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)
    try:
        if salida is None:
            sys.stdout.buffer.write(cuerpo)
            sys.stdout.buffer.flush()
        else:
            salida.write_bytes(cuerpo)
    except BrokenPipeError:
        _sin_lector()
    except OSError as error:
        click.echo(f"No se pudo escribir {salida or 'la salida'}: {error.strerror}", err=True)
        sys.exit(1)


def _escribir(una: Circular, formato: str) -> bytes:
    autoridad, demostracion = leer_departamento(una.departamento), ajustes_actuales().es_demostracion
    if formato == "xlsx":
        return xlsx_circular(una, departamento=autoridad)
    if formato == "pdf":
        return pdf_circular(una, departamento=autoridad, demostracion=demostracion)
    return html_circular(una, departamento=autoridad, demostracion=demostracion).encode()


def _sin_lector() -> None:
    """Whoever was reading went away: nothing failed here, and the interpreter must not fail when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _normativa(departamento: str | None) -> Normativa:
    try:
        return normativa.normativa_de(departamento or current_app.extensions["ajustes"].departamento)
    except ErrorDominio as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)


def _usos(propia: Normativa) -> dict[str, list[str]]:
    usos: dict[str, list[str]] = {}
    for regla in propia.reglas:
        extras = [regla.efecto.fecha, regla.efecto.consumido, regla.plazo.hecho if regla.plazo else ""]
        for clave in (*hechos_de(regla.cuando), *filter(None, extras)):
            usos.setdefault(clave, []).append(regla.codigo)
    for acto in propia.actos:
        if acto.movimientos:
            for clave in ("posesion.movimiento", "posesion.asignacion_anterior"):
                usos.setdefault(clave, []).append(f"base de {acto.codigo}")
    return usos


def _lineas(entrada: BinaryIO) -> Iterator[bytes]:
    """Lines without their ending; of one that is too long, only enough to be refused is kept in memory."""
    while trozo := entrada.readline(MAXIMO_LINEA + 2):
        completa = trozo.endswith(b"\n")
        yield trozo.removesuffix(b"\n").removesuffix(b"\r")
        while not completa and (resto := entrada.readline(MAXIMO_LINEA)):
            completa = resto.endswith(b"\n")
