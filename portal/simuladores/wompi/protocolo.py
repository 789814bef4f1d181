"""Shapes of the protocol: what a creation must bring, and how a transaction is told."""

import json
import re
import sqlite3
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from portal.simuladores.wompi.ajustes import Ajustes

MINIMO_CENTAVOS = 150_000
MAXIMO_CENTAVOS = 10**12
# Code and name: the sandbox's three, PSE's own first entry, and some of the real ones to play with.
BANCOS = {
    "0": "A continuación seleccione su banco",
    "1": "Banco que aprueba",
    "2": "Banco que declina",
    "3": "Banco que simula un error",
    "1040": "BANCO AGRARIO",
    "1007": "BANCOLOMBIA",
    "1001": "BANCO DE BOGOTÁ",
    "1051": "BANCO DAVIVIENDA",
    "1013": "BBVA COLOMBIA",
    "1507": "NEQUI",
}
# What the sandbox's banks decide on their own.
DECIDIDOS = {"1": "aprobar", "2": "rechazar", "3": "fallar"}
_DOCUMENTOS = ("CC", "NIT", "CE", "TI", "PP", "DNI", "RG", "OTHER")


class PedidoInvalido(Exception):
    """A creation request that the gateway refuses: field -> what it says of it."""

    def __init__(self, mensajes: dict[str, list[str]]) -> None:
        super().__init__(str(mensajes))
        self.mensajes = mensajes


class SinMetodo(Exception):
    """A creation request without a way to pay."""


def iso(instante: float) -> str:
    """An instant as the gateway writes it."""
    return datetime.fromtimestamp(instante, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def exigir_pedido(pedido: object) -> dict[str, Any]:
    """Check a creation request. Raises `PedidoInvalido`, naming every field that is wrong, or `SinMetodo`."""
    if not isinstance(pedido, dict):
        raise PedidoInvalido({"body": ["No es un objeto JSON"]})
    if not isinstance(pedido.get("payment_method"), dict):
        raise SinMetodo
    metodo, cliente = pedido["payment_method"], pedido.get("customer_data")
    cliente = cliente if isinstance(cliente, dict) else {}
    faltas = {
        "amount_in_cents": not _es_entero(pedido.get("amount_in_cents"), MINIMO_CENTAVOS, MAXIMO_CENTAVOS),
        "currency": pedido.get("currency") != "COP",
        "customer_email": not _es_texto(pedido.get("customer_email"), 254) or "@" not in pedido["customer_email"],
        "reference": not _es_texto(pedido.get("reference"), 255),
        "acceptance_token": not _es_texto(pedido.get("acceptance_token"), 4000),
        "accept_personal_auth": not _es_texto(pedido.get("accept_personal_auth"), 4000),
        "redirect_url": pedido.get("redirect_url") is not None and not _es_url(pedido["redirect_url"]),
        "customer_data.full_name": not _es_texto(cliente.get("full_name"), 255),
        "customer_data.phone_number": not re.fullmatch(r"[0-9]{7,15}", str(cliente.get("phone_number"))),
        **_faltas_del_metodo(metodo),
    }
    malas = {campo: ["No es válido"] for campo, falta in faltas.items() if falta}
    if malas:
        raise PedidoInvalido(malas)
    return pedido


def _faltas_del_metodo(metodo: dict[str, Any]) -> dict[str, bool]:
    juridica = metodo.get("user_type") == 1
    return {
        "payment_method.type": metodo.get("type") != "PSE",
        "payment_method.user_type": not _es_entero(metodo.get("user_type"), 0, 1),
        "payment_method.user_legal_id_type": metodo.get("user_legal_id_type") not in _DOCUMENTOS
        or juridica != (metodo.get("user_legal_id_type") == "NIT"),
        "payment_method.user_legal_id": not _es_texto(metodo.get("user_legal_id"), 20),
        "payment_method.financial_institution_code": metodo.get("financial_institution_code") not in list(BANCOS)[1:],
        "payment_method.payment_description": not _es_texto(metodo.get("payment_description"), 30),
    }


def _es_entero(valor: object, minimo: int, maximo: int) -> bool:
    return isinstance(valor, int) and not isinstance(valor, bool) and minimo <= valor <= maximo


def _es_texto(valor: object, maximo: int) -> bool:
    return isinstance(valor, str) and 0 < len(valor) <= maximo


def _es_url(valor: object) -> bool:
    if not isinstance(valor, str) or len(valor) > 2000:
        return False
    partes = urlsplit(valor)
    return partes.scheme in ("http", "https") and bool(partes.netloc)


def contar(fila: sqlite3.Row, ajustes: Ajustes, *, con_direccion: bool) -> dict[str, Any]:
    """The answer about one transaction."""
    pedido = json.loads(fila["pedido"])
    metodo = dict(pedido["payment_method"])
    if con_direccion:
        metodo["extra"] = _extra(fila, ajustes)
    return {
        "id": fila["id"],
        "created_at": iso(fila["creada"]),
        "finalized_at": fila["finalizada"],
        "amount_in_cents": pedido["amount_in_cents"],
        "reference": pedido["reference"],
        "customer_email": pedido["customer_email"],
        "currency": pedido["currency"],
        "payment_method_type": "PSE",
        "payment_method": metodo,
        "status": fila["estado"],
        "status_message": fila["mensaje"],
        "shipping_address": None,
        "redirect_url": pedido.get("redirect_url"),
        "payment_source_id": None,
        "payment_link_id": None,
        "customer_data": pedido["customer_data"],
        "merchant": {"name": ajustes.comercio, "legal_name": ajustes.comercio},
    }


def _extra(fila: sqlite3.Row, ajustes: Ajustes) -> dict[str, Any]:
    return {
        "ticket_id": str(fila["numero"]),
        "return_code": "SUCCESS",
        "request_date": iso(fila["creada"])[:10],
        "async_payment_url": f"{ajustes.url}/pse/{fila['token']}",
        "traceability_code": fila["cus"],
        "transaction_cycle": "3",
        "transaction_state": {"APPROVED": "OK", "DECLINED": "NOT_AUTHORIZED", "ERROR": "FAILED"}.get(fila["estado"]),
        "external_identifier": fila["cus"],
        "bank_processing_date": iso(fila["creada"])[:10],
    }
