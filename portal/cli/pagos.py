"""`flask pagos`: the probe that asks the gateway about whatever is unresolved, and tidies up what waited for it."""

import logging

import click

from portal.cli.continuo import repetir
from portal.cli.espanol import Grupo
from portal.cli.turnos import anotando
from portal.db import db, transaccion
from portal.models import Notificacion, Pago
from portal.operaciones import limites, notificaciones, pagos, resultados
from portal.operaciones.archivos_banco import entregas, pendientes
from portal.operaciones.claves import ClaveInservible
from portal.operaciones.ingresos import olvidar_ingresos
from portal.operaciones.lotes import importacion
from portal.operaciones.resultados import Causa
from portal.web.auditoria import sellar_bitacora
from portal.web.estampillas import expedir_recientes
from portal.web.pasarela import (
    NO_LLEGO,
    atender_notificacion,
    espera_de_la_sonda,
    pasarela_actual,
    preguntar_a_pasarela,
    refrescar_bancos,
)
from portal.web.reloj import ahora

registro = logging.getLogger(__name__)
grupo = Grupo("pagos", help="Pagos: sonda de la pasarela y archivos del banco.")


@grupo.command("sondear")
@click.option("--continuo", is_flag=True, help="Sigue preguntando cada PORTAL_SONDA_SEGUNDOS hasta que se le detenga.")
def sondear(continuo: bool) -> None:
    """Pregunta a la pasarela por cada pago sin respuesta definitiva."""
    if not continuo:
        resueltos, sin_resolver = anotando("sonda", una_ronda)
        click.echo(f"Pagos resueltos: {resueltos}. Siguen pendientes: {sin_resolver}.")
        return
    repetir(lambda: anotando("sonda", una_ronda), "la sonda")


def una_ronda() -> tuple[int, int]:
    """Ask once about everything whose turn has come, and seal the bitácora; returns how many were resolved and how many not."""
    refrescar_bancos()
    for notificacion_id in notificaciones.sin_atender(ahora()):
        atender_notificacion(notificacion_id, db.session.get_one(Notificacion, notificacion_id).id_pasarela)
    resueltos = sin_resolver = 0
    for pago_id in resultados.por_consultar(ahora()):
        with transaccion():
            mio = resultados.apartar(pago_id, espera=espera_de_la_sonda(), ahora=ahora())
        if mio and _resolver(pago_id):
            resueltos += 1
        elif mio:
            sin_resolver += 1
    with transaccion():
        notificaciones.abandonar_antiguas(ahora())
        resultados.avisar_sin_resolver(ahora())
        limites.olvidar_cuotas(ahora())
        olvidar_ingresos(ahora())
        importacion.olvidar_vencidos(ahora())
        entregas.olvidar_vencidas(ahora())
    _casar_lo_del_banco()
    _expedir_lo_pagado()
    sellar_bitacora(completa=False)
    return resueltos, sin_resolver


def _casar_lo_del_banco() -> None:
    if pendientes.hay_pendientes():
        with transaccion():
            pendientes.casar_pendientes(ahora=ahora())


def _expedir_lo_pagado() -> None:
    """The stamps of what was legalised meanwhile; without a key that can be used the probe does everything else."""
    try:
        expedir_recientes()
    except ClaveInservible as error:
        registro.error("no se expiden estampillas: %s", error)


def _resolver(pago_id: int) -> bool:
    pago, pasarela = db.session.get_one(Pago, pago_id), pasarela_actual()
    perdido = pago.id_pasarela is None and pago.pasarela == pasarela.codigo and not pasarela.busca_por_referencia
    if perdido:
        with transaccion():
            return pagos.registrar_no_iniciado(pago_id, mensaje=NO_LLEGO, causa=Causa.SONDA.value, ahora=ahora())
    estado = preguntar_a_pasarela(pago_id, Causa.SONDA)
    return estado is not None and estado.es_final
