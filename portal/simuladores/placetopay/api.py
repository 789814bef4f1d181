"""The four questions of the API: create, query, cancel a session, and reverse its transaction."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from portal.simuladores.placetopay import averias, protocolo, simulador
from portal.simuladores.placetopay.autenticacion import codigo_de_fallo
from portal.simuladores.placetopay.protocolo import PROCESADA, PedidoInvalido
from portal.simuladores.placetopay.sesiones import NoPermitido

bp = Blueprint("api", __name__, url_prefix="/api")
Contestacion = tuple[dict[str, Any], int]
_NO_EXISTE = ("request_not_valid", "No existe la sesión que busca")


@bp.post("/session")
def crear() -> Response:
    return averias.con_averias("crear", lambda: _autenticado(_crear))


@bp.post("/session/<int:numero>")
def consultar(numero: int) -> Response:
    return averias.con_averias("consultar", lambda: _autenticado(lambda _: _consultar(numero)))


@bp.post("/session/<int:numero>/cancel")
def anular(numero: int) -> Response:
    return averias.con_averias("anular", lambda: _autenticado(lambda _: _anular(numero)))


@bp.post("/transaction")
def actuar() -> Response:
    return averias.con_averias("actuar", lambda: _autenticado(_reversar))


@bp.app_errorhandler(404)
def no_encontrada(_error: Exception) -> Response:
    return _responder(_fallo("NA", "Pagina no encontrada", 404))


def _autenticado(responder: Callable[[dict[str, Any]], Contestacion]) -> Response:
    # Text that is not announced as JSON reaches the gateway as text: it finds no `auth` in it.
    cuerpo = protocolo.leer_json(request.get_data()) if request.is_json else None
    ahora = datetime.now(UTC)
    forzado = simulador().almacen.interruptor("autenticacion")
    codigo = int(forzado) if forzado else codigo_de_fallo(cuerpo, simulador().ajustes, ahora)
    if codigo is None and isinstance(cuerpo, dict):
        return _responder(responder(cuerpo))
    return _responder(_fallo(401, f"Autenticación fallida {codigo}", 401))


def _crear(cuerpo: dict[str, Any]) -> Contestacion:
    try:
        numero, direccion = simulador().sesiones.crear(cuerpo)
    except PedidoInvalido as error:
        return _fallo("BR", str(error), 400)
    return {"status": _bien("PC"), "requestId": numero, "processUrl": direccion}, 200


def _consultar(numero: int) -> Contestacion:
    sesion = simulador().sesiones.ver(numero)
    if sesion is None:
        return _fallo(*_NO_EXISTE, 404)
    return protocolo.contar_sesion(sesion.fila, sesion.transacciones), 200


def _anular(numero: int) -> Contestacion:
    if simulador().sesiones.ver(numero) is None:
        return _fallo(*_NO_EXISTE, 404)
    try:
        simulador().sesiones.anular(numero)
    except NoPermitido:
        return _fallo("action_not_allowed", "No se pueden cancelar sesiones que no están pendientes.", 400)
    return {"status": _bien("00"), "session": _consultar(numero)[0]}, 200


def _reversar(cuerpo: dict[str, Any]) -> Contestacion:
    """A reversal marks the transaction; the state of its session never shows it, nor is there a notification."""
    referencia = cuerpo.get("internalReference")
    if cuerpo.get("action") != "reverse" or not isinstance(referencia, int):
        return _fallo("BR", "La petición no puede ser procesada", 400)
    if not simulador().sesiones.reversar(transaccion=referencia):
        return _fallo("BR", "La petición no puede ser procesada", 400)
    ahora = protocolo.iso(datetime.now(UTC))
    aprobada = protocolo.estado("APPROVED", "00", "Aprobada", ahora)
    return {"status": aprobada, "payment": {"status": aprobada, "internalReference": referencia, "refunded": True}}, 200


def _bien(motivo: str) -> dict[str, Any]:
    return protocolo.estado("OK", motivo, PROCESADA, protocolo.iso(datetime.now(UTC)))


def _fallo(motivo: str | int, mensaje: str, http: int) -> Contestacion:
    return {"status": protocolo.estado("FAILED", motivo, mensaje, protocolo.iso(datetime.now(UTC)))}, http


def _responder(contestacion: Contestacion) -> Response:
    cuerpo, http = contestacion
    respuesta = jsonify(cuerpo)
    respuesta.status_code = http
    return respuesta
