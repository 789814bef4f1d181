"""`flask correo`: sends the notices that wait in the outbox."""

import logging
import random
import traceback
from email.message import EmailMessage
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.continuo import repetir
from portal.cli.espanol import Grupo
from portal.cli.turnos import anotando
from portal.db import db, fuera_de_transaccion, transaccion
from portal.documentos.correo import componer, nombre_de
from portal.models import Correo, EstadoCorreo
from portal.operaciones import correos, enlaces
from portal.web.cofre import cofre_actual
from portal.web.correo import Entrega, EntregaFallida, entrega_de
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.reloj import ahora

registro = logging.getLogger(__name__)
grupo = Grupo("correo", help="Avisos por correo electrónico.")


@grupo.command("enviar")
@click.option("--continuo", is_flag=True, help="Sigue enviando cada PORTAL_SONDA_SEGUNDOS hasta que se le detenga.")
@click.option("--abandonados", is_flag=True, help="Intenta de nuevo también los que se dejaron de intentar.")
def enviar(continuo: bool, abandonados: bool) -> None:
    """Envía los avisos pendientes; el que falla se repite más tarde."""
    if abandonados:
        with transaccion():
            correos.reanudar_abandonados(ahora=ahora())
    if continuo:
        repetir(lambda: anotando("correo", una_ronda), "el correo")
    enviados = anotando("correo", una_ronda)
    cuentas = correos.contar()
    click.echo(
        f"Avisos enviados: {enviados}. Siguen pendientes: {cuentas[EstadoCorreo.PENDIENTE]}. "
        f"Abandonados: {cuentas[EstadoCorreo.ABANDONADO]}."
    )


@grupo.command("listar")
def listar() -> None:
    """Muestra los avisos que no han podido salir, con su motivo."""
    for correo in correos.detenidos().filas:
        # The key names the payment; whose address it is stays in the database.
        click.echo(f"{correo.clave}\t{correo.estado.value}\t{correo.intentos} intentos\t{correo.ultimo_error}")


def una_ronda() -> int:
    """Send every notice whose turn has come; returns how many left. It ends early when nothing can leave."""
    entregar = entrega_de(ajustes_actuales().correo)
    with transaccion():
        correos.abandonar_agotados(ahora=ahora())
    enviados = 0
    for correo_id in correos.por_enviar(ahora()):
        with transaccion():
            intento = correos.apartar(correo_id, ahora=ahora())
        if intento is None:
            continue
        try:
            _entregar(correo_id, entregar)
        except EntregaFallida as error:
            _anotar_fallo(correo_id, intento, error)
            if error.del_servidor:
                break
            continue
        with transaccion():
            correos.registrar_envio(correo_id, ahora=ahora())
        enviados += 1
    return enviados


def _entregar(correo_id: int, entregar: Entrega) -> None:
    correo = db.session.get_one(Correo, correo_id)
    mensaje, nombre = _componer(correo), nombre_de(correo)
    fuera_de_transaccion()
    entregar(mensaje, nombre)


def _componer(correo: Correo) -> EmailMessage:
    try:
        return componer(
            correo,
            departamento=departamento_actual(),
            de=ajustes_actuales().correo.de,
            direccion=_direccion,
            abrir=lambda sello: cofre_actual().abrir(sello, para=enlaces.SELLO),
            ahora=ahora(),
        )
    except SQLAlchemyError:
        raise
    except Exception as error:
        # Whatever is wrong with one notice, the ones behind it leave; it stays with what went wrong.
        # Where and what, but not the error's own words: they may repeat an address.
        donde = traceback.extract_tb(error.__traceback__)[-1]
        registro.error(
            "no se pudo componer el correo %s: %s en %s:%s",
            correo.id,
            type(error).__name__,
            Path(donde.filename).name,
            donde.lineno,
        )
        raise EntregaFallida(f"No se pudo componer: {type(error).__name__}.") from error


def _anotar_fallo(correo_id: int, intento: int, error: EntregaFallida) -> None:
    registro.warning("no se envió el correo %s (intento %s): %s", correo_id, intento, error.motivo)
    # The jitter only spreads tries in time; nothing secret depends on it.
    azar = random.random()  # noqa: S311
    with transaccion():
        correos.registrar_fallo(
            correo_id, intento, motivo=error.motivo, definitivo=error.definitiva, azar=azar, ahora=ahora()
        )


def _direccion(vista: str, **valores: str) -> str:
    """The public address of a page. There is no request here: the origin is `PORTAL_URL` and nothing else."""
    return ajustes_actuales().url + current_app.url_map.bind("portal").build(vista, valores)
