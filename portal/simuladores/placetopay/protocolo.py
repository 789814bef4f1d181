"""Shapes of the protocol: what a creation request must bring, and how a session is told."""

import json
import re
import sqlite3
from datetime import datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ZONA = ZoneInfo("America/Bogota")
VIDA = timedelta(minutes=30)
VIDA_MINIMA = timedelta(minutes=5)
_DOCUMENTOS = {
    "CC": r"[1-9][0-9]{3,9}",
    "CE": r"([a-zA-Z]{1,5})?[1-9][0-9]{3,7}",
    "TI": r"[1-9][0-9]{4,11}",
    "NIT": r"[1-9][0-9]{6,9}",
    "RUT": r"[1-9][0-9]{6,9}",
    "PPN": r"[a-zA-Z0-9_]{4,16}",
}
_PERSONA = {"name": 60, "surname": 60, "company": 60, "email": 80, "mobile": 30, "document": 25, "documentType": 6}
_ECO = (
    "locale",
    "buyer",
    "payer",
    "payment",
    "fields",
    "paymentMethod",
    "expiration",
    "returnUrl",
    "cancelUrl",
    "ipAddress",
)
PROCESADA = "La petición se ha procesado correctamente"


class PedidoInvalido(Exception):
    """A creation request that the gateway refuses; the message is what it says."""


def iso(instante: datetime) -> str:
    """An instant as the gateway writes it, in Colombian time."""
    return instante.astimezone(ZONA).isoformat(timespec="seconds")


def estado(palabra: str, motivo: str | int, mensaje: str, fecha: str) -> dict[str, Any]:
    """The `status` object."""
    return {"status": palabra, "reason": motivo, "message": mensaje, "date": fecha}


def leer_json(texto: bytes) -> Any:
    """The body of a question; None when it is not JSON."""
    try:
        return json.loads(texto, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def numero(crudo: str) -> int | float:
    """An amount as a JSON number."""
    valor = Decimal(crudo)
    return int(valor) if valor == valor.to_integral_value() else float(valor)


def exigir_pedido(pedido: dict[str, Any], ahora: datetime) -> datetime:
    """Check a creation request and return when the session expires. Raises `PedidoInvalido`."""
    _exigir_url(pedido, "returnUrl", obligatoria=True)
    _exigir_url(pedido, "cancelUrl", obligatoria=False)
    _exigir_texto(pedido, "userAgent", 255)
    _exigir_ip(_exigir_texto(pedido, "ipAddress", 46))
    for nombre in ("buyer", "payer"):
        _exigir_persona(pedido, nombre)
    pago = pedido.get("payment")
    if not isinstance(pago, dict):
        raise PedidoInvalido("El campo payment es obligatorio.")
    _exigir_texto(pago, "reference", 32)
    if pago.get("description") is not None:
        _exigir_texto(pago, "description", 255)
    _exigir_importe(pago.get("amount"))
    return _vencimiento(pedido.get("expiration"), ahora)


def _exigir_texto(objeto: dict[str, Any], nombre: str, maximo: int) -> str:
    valor = objeto.get(nombre)
    if not isinstance(valor, str) or not valor:
        raise PedidoInvalido(f"El campo {nombre} es obligatorio.")
    if len(valor) > maximo:
        raise PedidoInvalido(f"El campo {nombre} no debe ser mayor que {maximo} caracteres.")
    return valor


def _exigir_url(pedido: dict[str, Any], nombre: str, *, obligatoria: bool) -> None:
    if pedido.get(nombre) is None and not obligatoria:
        return
    partes = urlsplit(_exigir_texto(pedido, nombre, 255))
    if partes.scheme not in ("http", "https") or not partes.netloc:
        raise PedidoInvalido(f"El campo {nombre} no es una URL válida.")


def _exigir_ip(texto: str) -> None:
    try:
        ip_address(texto)
    except ValueError:
        raise PedidoInvalido("El campo ipAddress debe ser una dirección IP válida.") from None


def _exigir_persona(pedido: dict[str, Any], nombre: str) -> None:
    persona = pedido.get(nombre)
    if persona is None:
        return
    if not isinstance(persona, dict):
        raise PedidoInvalido(f"El campo {nombre} no es válido.")
    for campo, maximo in _PERSONA.items():
        if campo in persona:
            _exigir_texto(persona, campo, maximo)
    tipo, documento = persona.get("documentType"), persona.get("document")
    if tipo is None and documento is None:
        return
    if tipo not in _DOCUMENTOS or not re.fullmatch(_DOCUMENTOS[tipo], documento or ""):
        raise PedidoInvalido(f"El campo {nombre}.document no es válido.")


def _exigir_importe(importe: object) -> None:
    if not isinstance(importe, dict) or importe.get("currency") != "COP":
        raise PedidoInvalido("El campo payment.amount.currency no es válido.")
    total = importe.get("total")
    if isinstance(total, bool) or not isinstance(total, int | Decimal) or not Decimal(total).is_finite() or total <= 0:
        raise PedidoInvalido("El campo payment.amount.total debe ser un número mayor que 0.")


def _vencimiento(dicho: object, ahora: datetime) -> datetime:
    if dicho is None:
        return ahora + VIDA
    try:
        vence = datetime.fromisoformat(dicho) if isinstance(dicho, str) else None
    except ValueError:
        vence = None
    if vence is None or vence.utcoffset() is None:
        raise PedidoInvalido("El campo expiration no es una fecha válida.")
    if vence < ahora + VIDA_MINIMA:
        raise PedidoInvalido("El campo expiration debe ser al menos 5 minutos posterior a la creación de la sesión.")
    return vence


def eco(pedido: dict[str, Any], direccion: str, vence: datetime) -> dict[str, Any]:
    """What the session remembers of its request: everything but the credentials."""
    guardado = {nombre: pedido[nombre] for nombre in _ECO if pedido.get(nombre) is not None}
    propio = {"keyword": "_processUrl_", "value": direccion, "displayOn": "none"}
    return {
        **guardado,
        "payment": {**pedido["payment"], "allowPartial": False, "subscribe": False},
        "fields": [*(pedido.get("fields") or []), propio],
        "expiration": pedido.get("expiration") or iso(vence),
        "userAgent": pedido["userAgent"],
        "skipResult": pedido.get("skipResult") is True,
        "noBuyerFill": pedido.get("noBuyerFill") is True,
    }


def contar_sesion(sesion: sqlite3.Row, transacciones: list[sqlite3.Row]) -> dict[str, Any]:
    """The answer to a query (`RedirectInformation`)."""
    pedido = json.loads(sesion["pedido"])
    importe = pedido["payment"]["amount"]
    importe["total"] = numero(importe["total"])
    return {
        "requestId": sesion["id"],
        "status": estado(sesion["estado"], sesion["motivo"], sesion["mensaje"], sesion["fecha"]),
        "request": pedido,
        "payment": [_contar_transaccion(t, pedido) for t in transacciones] or None,
        "subscription": None,
    }


def _contar_transaccion(transaccion: sqlite3.Row, pedido: dict[str, Any]) -> dict[str, Any]:
    importe = {"currency": pedido["payment"]["amount"]["currency"], "total": pedido["payment"]["amount"]["total"]}
    aprobada = transaccion["estado"] == "APPROVED"
    campos = {"terminalNumber": "001", "transactionCycle": "3", "trazabilyCode": transaccion["cus"]}
    palabra = (transaccion["estado"], transaccion["motivo"], transaccion["mensaje"], transaccion["fecha"])
    return {
        "status": estado(*palabra),
        "internalReference": transaccion["id"],
        "paymentMethod": "pse",
        "paymentMethodName": "Cuentas débito ahorro y corriente (PSE)",
        "issuerName": transaccion["banco"],
        "amount": {"from": importe, "to": importe, "factor": 1},
        "authorization": transaccion["cus"] if aprobada else "000000",
        "reference": pedido["payment"]["reference"],
        "receipt": str(transaccion["id"]),
        "franchise": "_PSE_",
        # A later reversal belongs to the transaction; the state of the session keeps telling its own end.
        "refunded": bool(transaccion["reversada"]),
        "processorFields": [{"keyword": k, "value": v, "displayOn": "none"} for k, v in campos.items()],
    }
