"""The gateway's bad days: answers of the API spoilt on request, one by one, in the order they were asked for.

An entry names the question (`crear`, `consultar`, `anular`, `actuar` or `*`) and what happens to its answer:

    demora      comes after `segundos`
    estado      is an HTML page with the HTTP status `estado`; the question is not attended
    html        is an HTML page with status 200; the question is not attended
    truncado    is cut in half, with the length of the half
    caer        never comes: the question is attended and the connection closed
    alterar     says other `valor`, `moneda`, `referencia` or `estado_sesion`
    pendiente   says PENDING and no transactions, whatever happened
"""

import json
import socket
import time
from collections.abc import Callable
from typing import Any

from flask import Response, request

from portal.simuladores.placetopay import simulador
from portal.simuladores.placetopay.protocolo import numero
from portal.simuladores.placetopay.sesiones import PENDIENTE

TIPOS = ("demora", "estado", "html", "truncado", "caer", "alterar", "pendiente")
_PAGINA = "<!doctype html><title>Error</title><h1>Service unavailable</h1>"


def con_averias(ruta: str, responder: Callable[[], Response]) -> Response:
    """The answer of `responder`, spoilt if the next entry of the list is for this question."""
    averia = _tomar(ruta)
    if averia is None:
        return responder()
    tipo = averia["tipo"]
    if tipo in ("estado", "html"):
        return Response(_PAGINA, int(averia.get("estado", 503)) if tipo == "estado" else 200, mimetype="text/html")
    if tipo == "demora":
        time.sleep(float(averia["segundos"]))
        return responder()
    respuesta = responder()
    if tipo == "caer":
        _colgar()
    elif tipo == "truncado":
        respuesta.set_data(respuesta.get_data()[: len(respuesta.get_data()) // 2])
    elif respuesta.status_code == 200:
        respuesta.set_data(json.dumps(_alterada(json.loads(respuesta.get_data()), averia)))
    return respuesta


def _tomar(ruta: str) -> dict[str, Any] | None:
    if not simulador().ajustes.control:
        return None
    with simulador().almacen.escribir() as conexion:
        fila = conexion.execute("SELECT * FROM averia WHERE ruta IN (?, '*') ORDER BY id LIMIT 1", (ruta,)).fetchone()
        if fila is None:
            return None
        conexion.execute("DELETE FROM averia WHERE id = ?", (fila["id"],))
    averia: dict[str, Any] = json.loads(fila["datos"])
    return averia


def _colgar() -> None:
    conexion = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if conexion is not None:
        conexion.shutdown(socket.SHUT_RDWR)


def _alterada(cuerpo: dict[str, Any], averia: dict[str, Any]) -> dict[str, Any]:
    if "request" not in cuerpo:
        return cuerpo
    if averia["tipo"] == "pendiente":
        palabra, motivo, mensaje = PENDIENTE
        estado = {**cuerpo["status"], "status": palabra, "reason": motivo, "message": mensaje}
        return {**cuerpo, "status": estado, "payment": None}
    pago = cuerpo["request"]["payment"]
    importes = [pago["amount"], *(t["amount"][lado] for t in cuerpo["payment"] or [] for lado in ("from", "to"))]
    for importe in importes:
        if "valor" in averia:
            importe["total"] = numero(str(averia["valor"]))
        importe["currency"] = averia.get("moneda", importe["currency"])
    pago["reference"] = averia.get("referencia", pago["reference"])
    cuerpo["status"]["status"] = averia.get("estado_sesion", cuerpo["status"]["status"])
    return cuerpo
