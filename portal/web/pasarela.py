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
from portal.operaciones import bancos, conciliacion, notificaciones, pagos, resultados, senas
from portal.operaciones.resultados import Causa
from portal.operaciones.senas import Senas
from portal.pasarelas.base import (
    LIMITE_EXCEDIDO,
    AvisoMalFormado,
    Banco,
    Comprador,
    Condicion,
    FirmaInvalida,
    NadaCreado,
    Pasarela,
    PasarelaNoDisponible,
    PasarelaRechazo,
    ResultadoPasarela,
    SolicitudPago,
    TransaccionDesconocida,
)
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.reloj import ahora

# Pages import these from here: blueprints never touch a gateway themselves.
__all__ = [
    "AvisoMalFormado",
    "Banco",
    "Condicion",
    "FirmaInvalida",
    "PasarelaNoDisponible",
    "atender_notificacion",
    "bancos_para_pagar",
    "cancelar_en_pasarela",
    "enviar_a_pasarela",
    "espera_de_la_sonda",
    "pasarela_actual",
    "preguntar_a_pasarela",
    "refrescar_bancos",
    "solicitud_de",
]
registro = logging.getLogger(__name__)
NO_SE_PUDO_CREAR = "No se pudo crear la transacción, por favor intente más tarde o comuníquese con la empresa."
EXCEDE_EL_LIMITE = (
    "El monto de la transacción excede los límites establecidos en PSE para la empresa, por favor comuníquese con nuestras "
    "líneas de atención al cliente {contacto}."
)
NO_LLEGO = "El pago no llegó a la pasarela. No se hizo ningún débito."
# A creation that the gateway does not know of this long after it was asked for, was never made.
GRACIA_DE_CREACION = timedelta(minutes=5)


def pasarela_actual() -> Pasarela:
    """The gateway of this installation, built by the factory."""
    pasarela: Pasarela = current_app.extensions["pasarela"]
    return pasarela


def espera_de_la_sonda() -> timedelta:
    """PSE's seven minutes (R7), or what the installation set."""
    return timedelta(seconds=ajustes_actuales().sonda_espera_segundos)


def refrescar_bancos() -> None:
    """Read the list of banks if its day is over, in one process only; a failure leaves the old one."""
    pasarela = pasarela_actual()
    if not pasarela.pide_banco or not bancos.toca(pasarela.codigo, ahora()):
        return
    with transaccion():
        mio = bancos.apartar(pasarela.codigo, ahora=ahora())
    if not mio:
        return
    fuera_de_transaccion()
    try:
        leidos = pasarela.bancos()
    except PasarelaNoDisponible as error:
        registro.warning("no se pudo leer la lista de bancos: %s", error)
        return
    with transaccion():
        bancos.guardar(pasarela.codigo, leidos, ahora=ahora())


def bancos_para_pagar() -> tuple[Banco, ...]:
    """The banks to choose from; empty when the gateway has given none in the last two days."""
    refrescar_bancos()
    return bancos.vigentes(pasarela_actual().codigo, ahora())


def enviar_a_pasarela(pago_id: int, solicitud: SolicitudPago) -> bool:
    """Ask the gateway for a session of an attempt already committed; False when the payer cannot go to the bank.

    An attempt is closed, and its facturas freed, only when it is certain that nobody can pay in it: the gateway refused, or
    nothing arrived, or its address was lost and there is no way to find it. Where it can be found, it is looked for.
    """
    fuera_de_transaccion()
    try:
        iniciado = pasarela_actual().iniciar(solicitud)
    except (PasarelaNoDisponible, PasarelaRechazo) as error:
        registro.warning("no se pudo iniciar el pago %s: %s", pago_id, type(error).__name__)
        return _seguir_sin_respuesta(pago_id, error)
    # Kept outside the database too: should this one be lost, it is what the payment is brought back by.
    registro.info("pago enviado", extra={"datos": {"referencia": solicitud.referencia, "sesion": iniciado.id_pasarela}})
    with transaccion():
        return pagos.registrar_envio(pago_id, **vars(iniciado), ahora=ahora())


def _seguir_sin_respuesta(pago_id: int, error: Exception) -> bool:
    if pasarela_actual().busca_por_referencia and not isinstance(error, PasarelaRechazo | NadaCreado):
        estado = preguntar_a_pasarela(pago_id, Causa.RETORNO)
        return estado is not None and not estado.es_final
    limite = isinstance(error, PasarelaRechazo) and error.codigo == LIMITE_EXCEDIDO
    mensaje = EXCEDE_EL_LIMITE.format(contacto=_contacto()) if limite else NO_SE_PUDO_CREAR
    with transaccion():
        pagos.registrar_no_iniciado(pago_id, mensaje=mensaje, causa="envio", ahora=ahora())
    return False


def _contacto() -> str:
    departamento = departamento_actual()
    telefono = f"al teléfono {departamento.telefono} o " if departamento.telefono else ""
    return f"{telefono}al correo electrónico {departamento.correo}"


def solicitud_de(
    pago: Pago,
    *,
    descripcion: str,
    url_retorno: str,
    banco: str | None = None,
    aceptaciones: tuple[Condicion, ...] = (),
) -> SolicitudPago:
    """What the gateway is told about an attempt; `banco` is the code of the one chosen here, if it was."""
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
        banco=banco,
        aceptaciones=aceptaciones,
    )


def preguntar_a_pasarela(pago_id: int, causa: Causa) -> EstadoPago | None:
    """Ask the gateway what became of an attempt and apply its answer; None when it could not be asked."""
    fuera_de_transaccion()
    return _preguntar(senas.de_pago(pago_id), causa)


def _preguntar(
    suyas: Senas, causa: Causa, id_pasarela: str | None = None, notificacion_id: int | None = None
) -> EstadoPago | None:
    """`id_pasarela` is what a notification said, for an attempt whose creation answer was lost; failing that, the attempt is
    looked for by its reference where the gateway can. The notification `notificacion_id` is attended with what is applied.
    """
    pasarela = pasarela_actual()
    pago_id, suya, propio, referencia = suyas
    conocido = propio or id_pasarela
    if suya != pasarela.codigo:
        # Another gateway not knowing it would read as nobody having paid.
        registro.error("el pago %s es de la pasarela %s, que no es la de esta instalación", pago_id, suya)
        return None
    if conocido is None:
        return _encontrar(pago_id, referencia, causa, notificacion_id) if pasarela.busca_por_referencia else None
    try:
        resultado = pasarela.consultar(conocido)
    except PasarelaNoDisponible:
        return None
    except TransaccionDesconocida:
        with transaccion():
            if causa is Causa.CONCILIACION:
                conciliacion.anotar_preguntado(pago_id, ahora=ahora())
            estado = resultados.aplicar_desconocido(pago_id, causa=causa, espera=espera_de_la_sonda(), ahora=ahora())
            return _atendida(notificacion_id, estado)
    return _aplicar(pago_id, resultado, causa, notificacion_id)


def cancelar_en_pasarela(pago_id: int) -> None:
    """Ask the gateway to end a session that nobody has paid, and apply what it then says of it, whatever that is."""
    pago, pasarela = db.session.get_one(Pago, pago_id), pasarela_actual()
    identificador, suya = pago.id_pasarela, pago.pasarela
    fuera_de_transaccion()
    if identificador is None or suya != pasarela.codigo or not pasarela.cancela:
        return
    try:
        pasarela.cancelar(identificador)
    except (PasarelaNoDisponible, PasarelaRechazo, TransaccionDesconocida) as error:
        # Refused while a debit is under way, or already ended: the question that follows tells which.
        registro.info("no se pudo cancelar el pago %s: %s", pago_id, type(error).__name__)
    preguntar_a_pasarela(pago_id, Causa.RETORNO)


def _encontrar(pago_id: int, referencia: str, causa: Causa, notificacion_id: int | None) -> EstadoPago | None:
    """An attempt whose creation was never answered (F-15): it is the gateway who knows whether it exists."""
    try:
        resultado = pasarela_actual().buscar(referencia)
    except PasarelaNoDisponible:
        return None
    if resultado is not None:
        return _aplicar(pago_id, resultado, causa, notificacion_id)
    if ahora() < db.session.get_one(Pago, pago_id).creado_en + GRACIA_DE_CREACION:
        return None
    with transaccion():
        pagos.registrar_no_iniciado(pago_id, mensaje=NO_LLEGO, causa=causa.value, ahora=ahora())
        return _atendida(notificacion_id, db.session.get_one(Pago, pago_id, populate_existing=True).estado)


def _atendida(notificacion_id: int | None, estado: EstadoPago) -> EstadoPago:
    """Note in the same transaction what came of the notification, if there was one: it is attended once its news is applied."""
    if notificacion_id is not None:
        notificaciones.atender(notificacion_id, estado.value, ahora())
    return estado


def _aplicar(
    pago_id: int, resultado: ResultadoPasarela, causa: Causa, notificacion_id: int | None = None
) -> EstadoPago:
    with transaccion():
        estado = resultados.aplicar_resultado(
            pago_id, resultado, causa=causa, espera=espera_de_la_sonda(), ahora=ahora()
        )
        if resultado.url is not None:
            pagos.registrar_direccion(pago_id, id_pasarela=resultado.id_pasarela, url=resultado.url)
        if causa is Causa.CONCILIACION:
            conciliacion.guardar(pago_id, resultado, ahora=ahora())
        return _atendida(notificacion_id, estado)


def atender_notificacion(notificacion_id: int, id_pasarela: str) -> bool:
    """Follow up a stored notification; False when its attempt is unknown or the gateway cannot be asked yet."""
    fuera_de_transaccion()
    suyas = senas.de_notificacion(notificacion_id)
    return suyas is not None and _preguntar(suyas, Causa.NOTIFICACION, id_pasarela, notificacion_id) is not None
