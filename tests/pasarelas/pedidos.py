"""Requests and answers that the gateway tests share."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.pasarelas.base import Comprador, SolicitudPago
from portal.pasarelas.placetopay import PlacetoPay
from portal.pasarelas.transporte import Respuesta

COMPRADOR = Comprador("natural", "CC", "1212312323", "prueba", "prueba@ejemplo.co", "3001234567")
CLAVE = "SnHPoo4rh2lN"


def solicitud(**cambios: Any) -> SolicitudPago:
    """A request for $235.000,50 that expires in half an hour."""
    datos: dict[str, Any] = {
        "referencia": "L238076-ABCDEFGHIJ",
        "descripcion": "Pago de estampillas",
        "total": Decimal("235000.50"),
        "comprador": COMPRADOR,
        "url_retorno": "http://localhost/pago/abc",
        "url_cancelacion": "http://localhost/pago/abc?cancelado=1",
        "ip": "192.0.2.7",
        "agente": "Navegador de prueba",
        "vence_en": datetime.now(UTC) + timedelta(minutes=30),
    }
    return SolicitudPago(**{**datos, **cambios})


def transaccion(estado: str = "APPROVED", **cambios: Any) -> dict[str, Any]:
    """One PSE transaction as the gateway tells it."""
    importe = {"currency": "COP", "total": 235000.5}
    datos: dict[str, Any] = {
        "status": {"status": estado, "reason": "00", "message": "Aprobada", "date": "2025-06-24T10:00:00-05:00"},
        "internalReference": 1519097680,
        "paymentMethod": "pse",
        "issuerName": "BANCOLOMBIA",
        "amount": {"from": importe, "to": importe, "factor": 1},
        "authorization": "2408909",
        "reference": "L238076-ABCDEFGHIJ",
        "receipt": "1519097680",
        "refunded": False,
        "processorFields": [{"keyword": "trazabilyCode", "value": "2408909", "displayOn": "none"}],
    }
    return {**datos, **cambios}


def sesion(
    estado: str = "APPROVED", *transacciones: dict[str, Any], motivo: object = "00", **cambios: Any
) -> dict[str, Any]:
    """A session as the gateway tells it."""
    pago = {"reference": "L238076-ABCDEFGHIJ", "amount": {"currency": "COP", "total": 235000.5}}
    datos: dict[str, Any] = {
        "requestId": 181348,
        "status": {"status": estado, "reason": motivo, "message": "Mensaje", "date": "2025-06-24T10:00:00-05:00"},
        "request": {"locale": "es_CO", "buyer": {"name": "prueba", "document": "1212312323"}, "payment": pago},
        "payment": list(transacciones) or None,
        "subscription": None,
    }
    return {**datos, **cambios}


class TransporteDictado:
    """A transport that answers what it was told and keeps what it was asked."""

    def __init__(self, cuerpo: dict[str, Any], estado: int = 200) -> None:
        self.cuerpo, self.estado = cuerpo, estado
        self.url, self.enviado = "", b""

    def preguntar(self, url: str, cuerpo: bytes) -> Respuesta:
        self.url, self.enviado = url, cuerpo
        return Respuesta(self.estado, self.cuerpo)

    @property
    def pedido(self) -> dict[str, Any]:
        leido: dict[str, Any] = json.loads(self.enviado, parse_float=Decimal)
        return leido


def adaptador(transporte: Any = None, reloj: Callable[[], datetime] | None = None) -> PlacetoPay:
    """The adapter with the key of the published examples."""
    ahora = reloj or (lambda: datetime.now(UTC))
    return PlacetoPay("https://checkout.placetopay.com", "comercio", (CLAVE,), reloj=ahora, transporte=transporte)
