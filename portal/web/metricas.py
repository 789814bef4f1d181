"""The edge of what is counted: each request adds to its process's sums, and these to the database after somebody was served."""

import hmac
import logging
import time

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db, transaccion
from portal.operaciones.contadores import Sumas, sumar
from portal.web.departamento import ajustes_actuales
from portal.web.registros import milisegundos
from portal.web.seguridad import client_ip

registro = logging.getLogger(__name__)
_LOCALES = ("127.0.0.1", "::1")
_LENTA_MS = 1000


class _Proceso:
    """What this process has counted, and when it last added it."""

    def __init__(self) -> None:
        self.sumas, self.sumado = Sumas(), time.monotonic()


def init_app(app: Flask, segundos: int) -> None:
    """Count, and add every `segundos`; never, when it is 0."""
    app.extensions["contado"] = _Proceso()
    if segundos:
        app.after_request(_contar)


def admite_lectura() -> bool:
    """Whether this request may read the metrics: from this machine itself, or with the installation's key."""
    clave = ajustes_actuales().observacion.clave
    dicha = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if clave and hmac.compare_digest(dicha.encode(), clave.encode()):
        return True
    # A proxy of this machine would make everybody local: what it forwards says so.
    return client_ip() in _LOCALES and "X-Forwarded-For" not in request.headers


def _contar(respuesta: Response) -> Response:
    contado: _Proceso = current_app.extensions["contado"]
    ruta, ms = request.endpoint or "ninguna", milisegundos()
    contar = contado.sumas.contar
    contar("peticiones", f"{ruta} {respuesta.status_code}")
    contar("peticiones_ms", ruta, ms)
    if ms > _LENTA_MS:
        contar("lentas", ruta)
    if respuesta.status_code == 429:
        contar("limites", ruta)
    if respuesta.mimetype == "application/pdf":
        contar("pdf")
        contar("pdf_ms", cuanto=ms)
    if time.monotonic() - contado.sumado >= ajustes_actuales().observacion.segundos:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        # After the answer was sent, so that nobody waits for it.
        respuesta.call_on_close(lambda: _sumar_despues(app))
    return respuesta


def _sumar_despues(app: Flask) -> None:
    with app.app_context():
        sumar_lo_contado()
        db.session.remove()


def sumar_lo_contado() -> None:
    """Add what this process counted; what the database does not take now is added the next time (F-40)."""
    contado: _Proceso = current_app.extensions["contado"]
    contado.sumado = time.monotonic()
    cuentas = contado.sumas.tomar()
    if not cuentas:
        return
    try:
        with transaccion():
            sumar(cuentas)
    except SQLAlchemyError as error:
        contado.sumas.devolver(cuentas)
        registro.warning("no se sumó lo contado: %s", type(error).__name__)
