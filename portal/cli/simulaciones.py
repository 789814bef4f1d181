"""`flask normativa simular`: the whole run of a draft at once, with as many processes as pay."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app

from portal.cli.espanol import Orden
from portal.db import db, transaccion
from portal.documentos.simulacion import frase_de, hallazgo_de, libro_de_simulacion
from portal.dominio.errores import ErrorDominio
from portal.models import Simulacion
from portal.operaciones import simulaciones, tramos
from portal.web.reloj import BOGOTA, ahora

# Below this many assessments a second process takes longer to start than it saves, unless hardly any two asked the same.
CUANDO_PAGA = 50_000


@click.command("simular", cls=Orden)
@click.option("--propuesta", "numero", required=True, type=click.IntRange(1), help="Número de la propuesta.")
@click.option("--procesos", type=click.IntRange(1, 16), help="Cuántos procesos; si falta, los que convengan.")
@click.option(
    "--salida", type=click.Path(dir_okay=False, path_type=Path), help="Archivo XLSX donde guardar el resultado."
)
def simular(numero: int, procesos: int | None, salida: Path | None) -> None:
    """Aplica una propuesta, sin publicarla, a las liquidaciones del año anterior; si se interrumpe, repetirla continúa."""
    departamento: str = current_app.extensions["ajustes"].departamento
    try:
        with transaccion():
            una = simulaciones.propuesta_de(departamento, numero)
            ultima = simulaciones.vigente_de(departamento, una)
            simulacion = ultima or simulaciones.iniciar(departamento, una, usuario=None, ahora=ahora())
            simulacion_id = simulacion.id
        _recorrer(simulacion_id, procesos)
    except ErrorDominio as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)
    simulacion = db.session.get_one(Simulacion, simulacion_id)
    click.echo(hallazgo_de(simulacion))
    click.echo(frase_de(simulacion))
    if salida:
        una = simulaciones.propuesta_de(departamento, numero)
        titulo, nombres = simulaciones.titulo_de(departamento, una), simulaciones.nombres_de(departamento)
        dia = simulacion.creada_en.astimezone(BOGOTA).date()
        salida.write_bytes(libro_de_simulacion(simulacion, titulo, nombres, dia))


def _recorrer(simulacion_id: int, procesos: int | None) -> None:
    """Steps until the run is finished. When another process moves it on, begin again from where it is."""
    simulacion = db.session.get_one(Simulacion, simulacion_id)
    total, hechas = simulacion.total, simulacion.procesadas
    cuantos = procesos or (min(os.cpu_count() or 1, 4) if total - hechas >= CUANDO_PAGA else 1)
    with click.progressbar(length=total, label="Simulando", file=sys.stderr) as barra:
        barra.update(hechas)
        while db.session.get_one(Simulacion, simulacion_id, populate_existing=True).en_curso:
            for tramo in _tramos(simulacion_id, cuantos):
                with transaccion():
                    guardado = tramos.guardar(tramo, ahora=ahora())
                if not guardado:
                    break
                barra.update(tramo.leidas)


def _tramos(simulacion_id: int, cuantos: int) -> Iterator[tramos.Tramo]:
    simulacion = db.session.get_one(Simulacion, simulacion_id)
    if cuantos > 1:
        yield from tramos.calcular_en_procesos(simulacion, cuantos)
    else:
        yield tramos.calcular(simulacion, segundos=1)
