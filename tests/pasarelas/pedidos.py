"""Requests and answers that the gateway tests share."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.pasarelas.base import Comprador, Condicion, PagoIniciado, Pasarela, SolicitudPago
from portal.pasarelas.placetopay import PlacetoPay
from portal.pasarelas.transporte import Respuesta
from portal.pasarelas.wompi import Llaves, Wompi

COMPRADOR = Comprador("natural", "CC", "1212312323", "prueba", "prueba@ejemplo.co", "3001234567")
CLAVE = "SnHPoo4rh2lN"
LLAVES = Llaves("pub_test_x", "prv_test_x", ("test_integrity_x",), ("test_events_x",))
CONDICIONES = (
    Condicion("reglamento", "el reglamento", "https://wompi.com/a.pdf", "a.b.c"),
    Condicion("datos_personales", "la autorización", "https://wompi.com/b.pdf", "d.e.f"),
)


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


def pedir(pasarela: Pasarela, **cambios: Any) -> PagoIniciado:
    """Ask `pasarela` for a payment as the portal does: with bank and conditions if it wants them."""
    propios = {"banco": "1007", "aceptaciones": pasarela.condiciones()} if pasarela.pide_banco else {}
    return pasarela.iniciar(solicitud(**{**propios, **cambios}))


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
    """A transport that answers what it was told and keeps what it was asked.

    `respuestas` are told one after the other, the last one for ever; an exception is raised.
    """

    def __init__(self, cuerpo: dict[str, Any], estado: int = 200, *siguientes: Respuesta | Exception) -> None:
        self.respuestas: list[Respuesta | Exception] = [Respuesta(estado, cuerpo), *siguientes]
        self.preguntas: list[tuple[str, bytes | None, Mapping[str, str]]] = []

    def preguntar(
        self, url: str, cuerpo: bytes | None = None, *, cabeceras: Mapping[str, str] | None = None, plazo: float = 0
    ) -> Respuesta:
        self.preguntas.append((url, cuerpo, cabeceras or {}))
        respuesta = self.respuestas.pop(0) if len(self.respuestas) > 1 else self.respuestas[0]
        if isinstance(respuesta, Exception):
            raise respuesta
        return respuesta

    @property
    def pedido(self) -> dict[str, Any]:
        """The body of the first question that carried one."""
        enviado = next(cuerpo for _, cuerpo, _ in self.preguntas if cuerpo is not None)
        leido: dict[str, Any] = json.loads(enviado, parse_float=Decimal)
        return leido


def adaptador(transporte: Any = None, reloj: Callable[[], datetime] | None = None) -> PlacetoPay:
    """The adapter with the key of the published examples."""
    ahora = reloj or (lambda: datetime.now(UTC))
    return PlacetoPay("https://checkout.placetopay.com", "comercio", (CLAVE,), reloj=ahora, transporte=transporte)


def adaptador_wompi(transporte: Any = None) -> Wompi:
    """Wompi's adapter of the sandbox, that never waits."""
    return Wompi("https://sandbox.wompi.co/v1", LLAVES, transporte=transporte, dormir=lambda _: None)
