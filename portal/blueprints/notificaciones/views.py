"""`/pago/notificaciones/<pasarela>`: check the signature, store, answer, and only then ask the gateway."""

import logging
import threading
import time

from flask import Blueprint, Flask, Response, abort, current_app, request

from portal.db import transaccion
from portal.extensions import csrf
from portal.operaciones import notificaciones
from portal.web.acceso import publico
from portal.web.pasarela import AvisoMalFormado, FirmaInvalida, pasarela_actual
from portal.web.reloj import ahora, hoy
from portal.web.seguimiento import encargar

registro = logging.getLogger(__name__)
bp = Blueprint("notificaciones", __name__)
csrf.exempt(bp)
_MAXIMO_BYTES = 64 * 1024
_CERROJO = threading.Lock()
# Badly signed notifications not told yet, and when the next telling is due on this process's own clock.
_FORJADAS = {"cuantas": 0.0, "desde": 0.0}


@bp.post("/pago/notificaciones/<pasarela>")
@publico
def recibir(pasarela: str) -> Response:
    """Store a signed notification and answer 200 at once; it is a hint, and the gateway is asked for the fact afterwards."""
    puerta = pasarela_actual()
    if pasarela != puerta.codigo:
        abort(404)
    if (request.content_length or 0) > _MAXIMO_BYTES:
        abort(413)
    cuerpo = request.get_data(cache=False)
    if len(cuerpo) > _MAXIMO_BYTES:
        abort(413)
    try:
        aviso = puerta.interpretar_notificacion(dict(request.headers), cuerpo)
    except FirmaInvalida:
        registro.warning("notificación con firma inválida para %s", pasarela)
        _contar_firma_invalida(pasarela)
        return _texto("firma inválida", 401)
    except AvisoMalFormado:
        return _texto("formato inválido", 400)
    with transaccion():
        notificacion_id = notificaciones.guardar(pasarela, cuerpo, aviso, ahora())
    respuesta = _texto("recibida", 200)
    aplicacion: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    # The gateway is asked after the answer has left. If this process dies first, the probe finds the row unattended.
    respuesta.call_on_close(lambda: encargar(aplicacion, notificacion_id, aviso.id_pasarela))
    return respuesta


def _contar_firma_invalida(pasarela: str) -> None:
    """Tell treasury, at most once a minute from each process: a flood of forgeries must not become a flood of writes."""
    with _CERROJO:
        _FORJADAS["cuantas"] += 1
        if time.monotonic() < _FORJADAS["desde"]:
            return
        cuantas, _FORJADAS["cuantas"], _FORJADAS["desde"] = _FORJADAS["cuantas"], 0, time.monotonic() + 60
    with transaccion():
        notificaciones.contar_firmas_invalidas(pasarela, int(cuantas), ahora=ahora(), dia=hoy())


def _texto(cuerpo: str, estado: int) -> Response:
    return Response(cuerpo + "\n", estado, mimetype="text/plain")
