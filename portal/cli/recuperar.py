"""`flask pagos recuperar`: the attempts that a restored database lost, brought back from the gateway."""

import sys
from collections.abc import Sequence
from typing import IO

import click

from portal.cli.espanol import Orden
from portal.db import db, fuera_de_transaccion, transaccion
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import ErrorDominio
from portal.models import Pago
from portal.operaciones import recuperacion
from portal.operaciones.resultados import Causa
from portal.operaciones.usuarios import cuenta_de
from portal.pasarelas.base import PasarelaNoDisponible, ResultadoPasarela, TransaccionDesconocida
from portal.web.pasarela import espera_de_la_sonda, pasarela_actual, preguntar_a_pasarela
from portal.web.reloj import ahora


@click.command("recuperar", cls=Orden)
@click.argument("sesiones", nargs=-1)
@click.option("--archivo", type=click.File("r"), help="Un número de sesión de la pasarela en cada línea.")
@click.option("--factura", "facturas", type=int, multiple=True, help="Qué facturas pagó, si la suma no lo dice.")
@click.option("--usuario", help="Correo de quien dice qué facturas son.")
def recuperar(
    sesiones: tuple[str, ...], archivo: IO[str] | None, facturas: tuple[int, ...], usuario: str | None
) -> None:
    """Escribe de nuevo los pagos que la base perdió y la pasarela conoce; sin sesiones, los que nombran avisos y bancos."""
    pedidas = [*sesiones, *(linea.strip() for linea in archivo or () if linea.strip())]
    if facturas and (len(pedidas) != 1 or not usuario):
        sys.exit("Con --factura diga una sola sesión y quién lo dice, con --usuario.")
    pendientes = 0
    for una in pedidas or recuperacion.rastros(pasarela_actual().codigo):
        try:
            click.echo(f"{una}: {_recuperar(una, facturas, usuario)}")
        except ErrorDominio as error:
            click.echo(f"{una}: {error}", err=True)
            pendientes += 1
        except PasarelaNoDisponible:
            click.echo(f"{una}: la pasarela no respondió; repita la orden.", err=True)
            pendientes += 1
    if pendientes:
        sys.exit(1)


def _recuperar(una: str, facturas: Sequence[int], usuario: str | None) -> str:
    dicho = _preguntar(una)
    if dicho is None:
        return "la pasarela no lo conoce."
    with transaccion():
        quien = cuenta_de(usuario).id if usuario else None
        pago_id = recuperacion.reconstruir(
            dicho,
            pasarela=pasarela_actual().codigo,
            numeros=facturas,
            usuario_id=quien,
            ahora=ahora(),
            espera=espera_de_la_sonda(),
        )
    estado = preguntar_a_pasarela(pago_id, Causa.CONCILIACION)
    pago = db.session.get_one(Pago, pago_id)
    return f"{pago.referencia}, {escribir_pesos(pago.total)}, {(estado or pago.estado).value}."


def _preguntar(una: str) -> ResultadoPasarela | None:
    """By our own reference where the gateway finds it so; else by its session."""
    pasarela = pasarela_actual()
    fuera_de_transaccion()
    try:
        if recuperacion.REFERENCIA.fullmatch(una) and pasarela.busca_por_referencia:
            return pasarela.buscar(una)
        return pasarela.consultar(una)
    except TransaccionDesconocida:
        return None
