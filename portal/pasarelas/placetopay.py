"""PlacetoPay WebCheckout (Evertec): the session a payer is sent to, and what became of it.

Source: placetopay-docs, `checkout/*` and its OpenAPI file; what is only inferred is listed in docs/pasarela-placetopay.md.

HTTP of `POST /api/session`, `POST /api/session/{requestId}` and `POST /api/session/{requestId}/cancel`
    200 with status OK            session created; session cancelled
    200, 400, 422 with FAILED     creation or cancelling refused: PasarelaRechazo (reason, message)
    401 (100-107, 200, 10001)     our credentials or our clock: nothing is known of the payment, PasarelaNoDisponible
    404 request_not_valid         that session does not exist: TransaccionDesconocida
    anything else                 nothing is known: PasarelaNoDisponible

What the words of an answer mean stands at the top of `placetopay_respuestas`; the notification's, in `placetopay_avisos`.
"""

import base64
import hashlib
import json
import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from portal.pasarelas.base import (
    AvisoPasarela,
    Banco,
    Comprador,
    Condicion,
    PagoIniciado,
    PasarelaNoDisponible,
    PasarelaRechazo,
    ResultadoPasarela,
    SolicitudPago,
    TransaccionDesconocida,
)
from portal.pasarelas.direcciones import del_mismo_sitio, fuentes_del_sitio
from portal.pasarelas.placetopay_avisos import leer_aviso
from portal.pasarelas.placetopay_respuestas import leer_id, leer_sesion
from portal.pasarelas.transporte import Respuesta, Transporte

registro = logging.getLogger(__name__)

MONEDA = "COP"
_ZONA = ZoneInfo("America/Bogota")
_MAXIMO_PESOS = Decimal(10) ** 15
_REFERENCIA = re.compile(r"[A-Z0-9-]{1,32}")
_ID = re.compile(r"[0-9]{1,20}")
# R10 of PSE: these two break the network's fraud engine; the rest could only be an attack on somebody's screen.
_PROHIBIDOS = re.compile(r'[|"<>\x00-\x1f\x7f]+')
# Ours -> theirs, with the pattern that they publish for Colombia. What has no pattern is typed by the payer over there.
_DOCUMENTOS: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "CC": ("CC", re.compile(r"[1-9][0-9]{3,9}")),
    "CE": ("CE", re.compile(r"(?:[a-zA-Z]{1,5})?[1-9][0-9]{3,7}")),
    "TI": ("TI", re.compile(r"[1-9][0-9]{4,11}")),
    "NIT": ("NIT", re.compile(r"[1-9][0-9]{6,9}")),
    "PAS": ("PPN", re.compile(r"[a-zA-Z0-9_]{4,16}")),
}


class PlacetoPay:
    """The adapter. `claves[0]` signs our questions; every one of `claves` is accepted in notifications."""

    codigo = "placetopay"
    # Its own pages ask for the bank and whatever else PSE needs.
    pide_banco = False
    documentos: frozenset[str] | None = None
    # There is no call to find a session by our reference, and without its address nobody can pay in it.
    busca_por_referencia = False
    cancela = True

    def __init__(
        self,
        url: str,
        login: str,
        claves: Sequence[str],
        *,
        reloj: Callable[[], datetime],
        transporte: Transporte | None = None,
    ) -> None:
        if not claves:
            raise ValueError("PlacetoPay needs its secret key")
        self._url = url.rstrip("/")
        self.destinos = fuentes_del_sitio(self._url)
        self._login = login
        self._claves = tuple(claves)
        self._reloj = reloj
        self._transporte = transporte or Transporte()

    def iniciar(self, solicitud: SolicitudPago) -> PagoIniciado:
        """Create the session. Raises `PasarelaNoDisponible`, `PasarelaRechazo`, or `ValueError` if our request is faulty."""
        _exigir_solicitud(solicitud)
        respuesta = self._preguntar("/api/session", _pedido(solicitud), solicitud.total)
        _exigir_aceptada(respuesta)
        return PagoIniciado(leer_id(respuesta.cuerpo), self._direccion(respuesta.cuerpo.get("processUrl")))

    def bancos(self) -> tuple[Banco, ...]:
        """None: its own page lists them."""
        return ()

    def condiciones(self) -> tuple[Condicion, ...]:
        """None: its own page shows them."""
        return ()

    def consultar(self, id_pasarela: str) -> ResultadoPasarela:
        """Ask about one session. Raises `PasarelaNoDisponible` or `TransaccionDesconocida`."""
        respuesta = self._sobre(id_pasarela, "")
        if respuesta.estado != 200:
            raise PasarelaNoDisponible(f"HTTP {respuesta.estado}")
        return leer_sesion(respuesta.cuerpo, id_pasarela)

    def buscar(self, referencia: str) -> ResultadoPasarela | None:
        """Not in this protocol. Raises `PasarelaNoDisponible`."""
        raise PasarelaNoDisponible("this gateway finds nothing by reference")

    def cancelar(self, id_pasarela: str) -> None:
        """End an open session; refused while a debit is in progress and once one was approved.

        Raises `PasarelaNoDisponible`, `PasarelaRechazo` or `TransaccionDesconocida`.
        """
        _exigir_aceptada(self._sobre(id_pasarela, "/cancel"))

    def _sobre(self, id_pasarela: str, accion: str) -> Respuesta:
        if not _ID.fullmatch(id_pasarela):
            raise TransaccionDesconocida("not an id of this gateway")
        respuesta = self._preguntar(f"/api/session/{id_pasarela}{accion}", {}, None)
        estado = respuesta.cuerpo.get("status")
        if respuesta.estado == 404 and isinstance(estado, dict) and estado.get("reason") == "request_not_valid":
            raise TransaccionDesconocida(id_pasarela)
        return respuesta

    def interpretar_notificacion(self, cabeceras: Mapping[str, str], cuerpo: bytes) -> AvisoPasarela:
        """Read a notification; everything travels in its body. Raises `FirmaInvalida` or `AvisoMalFormado`."""
        return leer_aviso(cuerpo, self._claves)

    def _preguntar(self, ruta: str, pedido: dict[str, Any], total: Decimal | None) -> Respuesta:
        cuerpo = _a_json({"auth": self._auth(), **pedido}, total)
        respuesta = self._transporte.preguntar(self._url + ruta, cuerpo)
        if respuesta.estado == 401:
            estado = respuesta.cuerpo.get("status")
            dicho = str(estado.get("message") if isinstance(estado, dict) else "")[:80]
            registro.error(
                "PlacetoPay refuses our credentials: %r (103 means that one of the two clocks is wrong)", dicho
            )
            raise PasarelaNoDisponible("our credentials were refused")
        return respuesta

    def _auth(self) -> dict[str, str]:
        nonce = secrets.token_hex(16).encode()
        semilla = self._reloj().astimezone(_ZONA).isoformat(timespec="seconds")
        return autenticacion(self._login, self._claves[0], nonce, semilla)

    def _direccion(self, dicha: object) -> str:
        """The payer's address, if it is one of the gateway's: an answer must not send people anywhere else."""
        direccion = del_mismo_sitio(self._url, dicha)
        if direccion is None:
            registro.error("PlacetoPay answered a processUrl outside its own site")
            raise PasarelaNoDisponible("processUrl outside the gateway's site")
        return direccion


def _exigir_aceptada(respuesta: Respuesta) -> None:
    estado = respuesta.cuerpo.get("status")
    palabra = estado.get("status") if isinstance(estado, dict) else None
    if isinstance(estado, dict) and palabra == "FAILED" and respuesta.estado in (200, 400, 422):
        raise PasarelaRechazo(str(estado.get("reason"))[:40], str(estado.get("message") or "")[:255])
    if respuesta.estado != 200 or palabra != "OK":
        raise PasarelaNoDisponible(f"HTTP {respuesta.estado} that is no answer to what was asked")


def autenticacion(login: str, clave: str, nonce: bytes, semilla: str) -> dict[str, str]:
    """The `auth` object: tranKey = Base64(SHA-256(nonce + seed + key)), nonce in Base64 (`checkout/authentication`)."""
    huella = hashlib.sha256(nonce + semilla.encode() + clave.encode()).digest()
    return {
        "login": login,
        "tranKey": base64.b64encode(huella).decode(),
        "nonce": base64.b64encode(nonce).decode(),
        "seed": semilla,
    }


def _exigir_solicitud(solicitud: SolicitudPago) -> None:
    total = solicitud.total
    if not _REFERENCIA.fullmatch(solicitud.referencia):
        raise ValueError("the reference must be 1 to 32 of [A-Z0-9-]")
    if not total.is_finite() or not 0 < total <= _MAXIMO_PESOS or total * 100 != (total * 100).to_integral_value():
        raise ValueError("the total must be a positive number of whole centavos")
    if solicitud.vence_en.tzinfo is None:
        raise ValueError("the expiry needs its time zone")
    if max(len(solicitud.url_retorno), len(solicitud.url_cancelacion)) > 255:
        raise ValueError("return addresses have at most 255 characters")


def _pedido(solicitud: SolicitudPago) -> dict[str, Any]:
    """The session's body but its total, which `_a_json` writes. The buyer pre-fills the form and may be changed there."""
    return {
        "locale": "es_CO",
        "buyer": _comprador(solicitud.comprador),
        "payment": {
            "reference": solicitud.referencia,
            "description": _limpio(solicitud.descripcion, 250) or "Pago de estampillas",
            "amount": {"currency": MONEDA, "total": None},
        },
        "paymentMethod": "pse",
        "expiration": solicitud.vence_en.astimezone(_ZONA).isoformat(timespec="seconds"),
        "returnUrl": solicitud.url_retorno,
        "cancelUrl": solicitud.url_cancelacion,
        "ipAddress": solicitud.ip[:46],
        "userAgent": _limpio(solicitud.agente, 255) or "desconocido",
        # The portal has its own page of results.
        "skipResult": True,
    }


def _comprador(comprador: Comprador) -> dict[str, str]:
    """Who pays, as far as the gateway can take it: a document or an e-mail that it would refuse is left out."""
    datos = {"name": _limpio(comprador.nombre, 60), "mobile": _limpio(comprador.telefono, 30)}
    if len(comprador.correo) <= 80:
        datos["email"] = comprador.correo
    tipo, forma = _DOCUMENTOS.get(comprador.tipo_documento, ("", None))
    if forma is not None and forma.fullmatch(comprador.documento):
        datos |= {"documentType": tipo, "document": comprador.documento}
    return {clave: valor for clave, valor in datos.items() if valor}


def _limpio(texto: str, maximo: int) -> str:
    return " ".join(_PROHIBIDOS.sub(" ", texto).split())[:maximo].strip()


def _a_json(pedido: dict[str, Any], total: Decimal | None) -> bytes:
    """JSON with the amount as an exact number: the standard writer knows no Decimal, and float is not money."""
    if total is None:
        return json.dumps(pedido).encode()
    marca = secrets.token_hex(16)
    pedido["payment"]["amount"]["total"] = marca
    numero = format(total.normalize() if total != total.to_integral_value() else total.to_integral_value(), "f")
    return json.dumps(pedido).replace(f'"{marca}"', numero, 1).encode()
