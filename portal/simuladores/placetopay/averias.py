"""The gateway's bad days in this protocol: questions `crear`, `consultar`, `anular`, `actuar`; kinds in `maquinaria.averias`.

`alterar` may say other `valor`, `moneda`, `referencia` or `estado_sesion`.
"""

from collections.abc import Callable
from typing import Any

from flask import Response

from portal.simuladores.maquinaria import averias
from portal.simuladores.placetopay import simulador
from portal.simuladores.placetopay.protocolo import numero
from portal.simuladores.placetopay.sesiones import PENDIENTE


def con_averias(ruta: str, responder: Callable[[], Response]) -> Response:
    """The answer of `responder`, spoilt if a test asked for it."""
    if not simulador().ajustes.control:
        return responder()
    return averias.con_averias(simulador().almacen, ruta, responder, _alterada)


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
