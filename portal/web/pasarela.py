"""The two edges of a payment: sending one to the gateway, and asking the gateway about one.

Pages, notifications and commands all pass here. The call to the gateway happens between two short transactions, never
inside one: an open one would stop every other writer for as long as the gateway thinks.
"""

import logging
from datetime import timedelta

from flask import current_app

from portal.db import db, fuera_de_transaccion, transaccion
from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.operaciones import conciliacion, notificaciones, pagos, resultados
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import (
    AvisoMalFormado,
    Comprador,
    FirmaInvalida,
    Pasarela,
    PasarelaNoDisponible,
    PasarelaRechazo,
    SolicitudPago,
    TransaccionDesconocida,
)
from portal.web.departamento import ajustes_actuales
from portal.web.reloj import ahora

# Pages import these from here: blueprints never touch a gateway themselves.
__all__ = [
    "AvisoMalFormado",
    "FirmaInvalida",
    "atender_notificacion",
    "enviar_a_pasarela",
    "espera_de_la_sonda",
    "pasarela_actual",
    "preguntar_a_pasarela",
    "solicitud_de",
]
registro = logging.getLogger(__name__)
NO_SE_PUDO_CREAR = "No se pudo crear la transacción, por favor intente más tarde o comuníquese con la empresa."


def pasarela_actual() -> Pasarela:
    """The gateway of this installation, built by the factory."""
    pasarela: Pasarela = current_app.extensions["pasarela"]
    return pasarela


def espera_de_la_sonda() -> timedelta:
    """PSE's seven minutes (R7), or what the installation set."""
    return timedelta(seconds=ajustes_actuales().sonda_espera_segundos)


def enviar_a_pasarela(pago_id: int, solicitud: SolicitudPago) -> bool:
    """Ask the gateway for a session of an attempt already committed; False when the payer cannot go to the bank.

    After a failure nobody holds the bank's address, so nobody can pay: the attempt is closed and its facturas are free.
    """
    fuera_de_transaccion()
    try:
        iniciado = pasarela_actual().iniciar(solicitud)
    except (PasarelaNoDisponible, PasarelaRechazo) as error:
        registro.warning("no se pudo iniciar el pago %s: %s", pago_id, type(error).__name__)
        with transaccion():
            pagos.registrar_no_iniciado(pago_id, mensaje=NO_SE_PUDO_CREAR, causa="envio", ahora=ahora())
        return False
    with transaccion():
        return pagos.registrar_envio(pago_id, id_pasarela=iniciado.id_pasarela, url=iniciado.url, ahora=ahora())


def solicitud_de(pago: Pago, *, descripcion: str, url_retorno: str) -> SolicitudPago:
    """What the gateway is told about an attempt."""
    return SolicitudPago(
        referencia=pago.referencia,
        descripcion=descripcion,
        total=pago.total,
        comprador=Comprador(
            tipo_persona=pago.tipo_persona.value,
            tipo_documento=pago.tipo_documento,
            documento=pago.documento,
            nombre=pago.nombre,
            correo=pago.correo,
            telefono=pago.telefono,
        ),
        url_retorno=url_retorno,
        url_cancelacion=url_retorno,
        ip=pago.ip,
        agente=pago.agente,
        vence_en=pago.vence_en,
    )


def preguntar_a_pasarela(pago_id: int, causa: Causa, id_pasarela: str | None = None) -> EstadoPago | None:
    """Ask the gateway what became of an attempt and apply its answer; None when it could not be asked.

    `id_pasarela` is what a notification said, for an attempt whose creation answer was lost.
    """
    pago = db.session.get_one(Pago, pago_id)
    conocido = pago.id_pasarela or id_pasarela
    fuera_de_transaccion()
    if conocido is None:
        return None
    try:
        resultado = pasarela_actual().consultar(conocido)
    except PasarelaNoDisponible:
        return None
    except TransaccionDesconocida:
        with transaccion():
            if causa is Causa.CONCILIACION:
                conciliacion.anotar_preguntado(pago_id, ahora=ahora())
            return resultados.aplicar_desconocido(pago_id, causa=causa, espera=espera_de_la_sonda(), ahora=ahora())
    with transaccion():
        estado = resultados.aplicar_resultado(
            pago_id, resultado, causa=causa, espera=espera_de_la_sonda(), ahora=ahora()
        )
        if causa is Causa.CONCILIACION:
            conciliacion.guardar(pago_id, resultado, ahora=ahora())
        return estado


def atender_notificacion(notificacion_id: int, id_pasarela: str) -> bool:
    """Follow up a stored notification; False when its attempt is unknown or the gateway cannot be asked yet."""
    pago_id = notificaciones.pago_de(notificacion_id)
    if pago_id is None:
        return False
    estado = preguntar_a_pasarela(pago_id, Causa.NOTIFICACION, id_pasarela)
    if estado is None:
        return False
    with transaccion():
        notificaciones.atender(notificacion_id, estado.value, ahora())
    return True
