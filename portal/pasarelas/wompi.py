"""Wompi (Bancolombia): a PSE debit asked for through its API, with the bank chosen and its conditions accepted in the portal.

Sources and certainty of each thing: docs/pasarela-wompi.md.

HTTP of `POST /transactions`
    201 with an id                transaction created, PENDING; the bank's address comes in a later answer
    422                           refused, nothing created: PasarelaRechazo (type, message), unless it is about the
                                  reference: ours are well formed and new, so it must have been created before
    401, 403                      our key: NadaCreado, since nothing is created for a key that is not known
    anything else                 nothing is known: it may exist, and `buscar` tells

HTTP of `GET /transactions/{id}`: 200, or 404 for one that does not exist; anything else says nothing.

What the words of an answer mean stands at the top of `wompi_respuestas`; the event's signature, in `wompi_avisos`.
"""

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from portal.pasarelas.base import (
    LIMITE_EXCEDIDO,
    AvisoPasarela,
    Banco,
    Comprador,
    Condicion,
    NadaCreado,
    PagoIniciado,
    PasarelaNoDisponible,
    PasarelaRechazo,
    ResultadoPasarela,
    SolicitudPago,
    TransaccionDesconocida,
)
from portal.pasarelas.transporte import Respuesta, Transporte
from portal.pasarelas.wompi_avisos import leer_evento
from portal.pasarelas.wompi_respuestas import (
    ID,
    dice_repetida,
    leer_bancos,
    leer_condiciones,
    leer_error,
    leer_halladas,
    leer_id,
    leer_transaccion,
)

registro = logging.getLogger(__name__)

MONEDA = "COP"
DESCRIPCION_MAXIMA = 30
# The address is waited for this long before the payer is told that it is on its way.
ESPERA_DE_LA_DIRECCION = 4.0
_PAUSAS = (0.2, 0.4, 0.8, 1.2, 1.2)
_MAXIMO_CENTAVOS = 10**12
_REFERENCIA = re.compile(r"[A-Z0-9-]{1,32}")
_PROHIBIDOS = re.compile(r"""[|"'<>\x00-\x1f\x7f]+""")
# Ours -> theirs. CC and NIT are published for PSE; the others, for the payer of any method.
_DOCUMENTOS: Mapping[str, str] = {"CC": "CC", "NIT": "NIT", "CE": "CE", "TI": "TI", "PAS": "PP"}
# Our name of each condition -> the field that proves its acceptance.
_FICHAS = {"reglamento": "acceptance_token", "datos_personales": "accept_personal_auth"}
_TIPOS_PERSONA = {"natural": 0, "juridica": 1}


@dataclass(frozen=True)
class Llaves:
    """The keys and secrets of one merchant, all of one environment; of several secrets, the first signs."""

    publica: str
    privada: str
    integridad: tuple[str, ...]
    eventos: tuple[str, ...]

    @property
    def ambiente(self) -> str:
        """`test` or `prod`, as the public key's prefix says."""
        return "prod" if self.publica.startswith("pub_prod_") else "test"


class Wompi:
    """The adapter. `dormir` waits some seconds between two looks for the bank's address, `cronometro` measures them."""

    codigo = "wompi"
    pide_banco = True
    documentos: frozenset[str] | None = frozenset(_DOCUMENTOS)
    busca_por_referencia = True
    # Its only cancelling call is for cards.
    cancela = False
    # The bank's page is of the bank or of PSE: each payment's answer tells it.
    destinos: tuple[str, ...] = ()

    def __init__(
        self,
        url: str,
        llaves: Llaves,
        *,
        transporte: Transporte | None = None,
        dormir: Callable[[float], None] = time.sleep,
        cronometro: Callable[[], float] = time.monotonic,
    ) -> None:
        if not (llaves.integridad and llaves.eventos):
            raise ValueError("Wompi needs its integrity and events secrets")
        self._url = url.rstrip("/")
        self._llaves = llaves
        self._transporte = transporte or Transporte()
        self._dormir, self._cronometro = dormir, cronometro

    def bancos(self) -> tuple[Banco, ...]:
        """The banks of PSE. Raises `PasarelaNoDisponible`."""
        return leer_bancos(self._leer("/pse/financial_institutions", self._llaves.publica).cuerpo)

    def condiciones(self) -> tuple[Condicion, ...]:
        """The two documents to accept, with tokens that serve for one transaction. Raises `PasarelaNoDisponible`."""
        publica = self._llaves.publica
        cabecera = {"X-Merchant-Public-Key": publica}
        respuesta = self._transporte.preguntar(f"{self._url}/merchants/info", cabeceras=cabecera)
        if respuesta.estado != 200:
            # The older form, for as long as it lives.
            respuesta = self._transporte.preguntar(f"{self._url}/merchants/{quote(publica, safe='')}")
        if respuesta.estado != 200:
            raise self._sin_respuesta(respuesta)
        return leer_condiciones(respuesta.cuerpo, self._url)

    def iniciar(self, solicitud: SolicitudPago) -> PagoIniciado:
        """Create the transaction and wait a little for its address.

        Once it exists this never fails. Raises `PasarelaNoDisponible`, `NadaCreado`, `PasarelaRechazo`, or `ValueError` if
        our request is faulty.
        """
        cuerpo = _pedido(solicitud, self._llaves.integridad[0])
        cabeceras = _portador(self._llaves.publica)
        respuesta = self._transporte.preguntar(f"{self._url}/transactions", _a_json(cuerpo), cabeceras=cabeceras)
        if respuesta.estado == 422 and not dice_repetida(respuesta.cuerpo):
            raise PasarelaRechazo(*leer_error(respuesta.cuerpo))
        if respuesta.estado in (401, 403):
            raise NadaCreado(str(self._sin_respuesta(respuesta)))
        if respuesta.estado not in (200, 201):
            raise self._sin_respuesta(respuesta)
        identificador = leer_id(respuesta.cuerpo)
        resultado = self._esperar_direccion(identificador)
        if resultado is None:
            return PagoIniciado(identificador, None)
        return PagoIniciado(identificador, resultado.url, next((t.cus for t in resultado.transacciones), None))

    def consultar(self, id_pasarela: str) -> ResultadoPasarela:
        """Ask about one transaction. Raises `PasarelaNoDisponible` or `TransaccionDesconocida`."""
        return self._consultar(id_pasarela, 0)

    def buscar(self, referencia: str) -> ResultadoPasarela | None:
        """The transaction with our reference, with the private key. Raises `PasarelaNoDisponible`."""
        ruta = f"/transactions?reference={quote(referencia, safe='')}"
        return leer_halladas(self._leer(ruta, self._llaves.privada).cuerpo, referencia, self._url)

    def cancelar(self, id_pasarela: str) -> None:
        """Not for PSE. Raises `PasarelaRechazo`."""
        raise PasarelaRechazo("void", "Wompi voids cards only")

    def interpretar_notificacion(self, cabeceras: Mapping[str, str], cuerpo: bytes) -> AvisoPasarela:
        """Read an event. Raises `FirmaInvalida` or `AvisoMalFormado`."""
        return leer_evento(cabeceras, cuerpo, self._llaves.eventos, self._llaves.ambiente)

    def _consultar(self, id_pasarela: str, plazo: float) -> ResultadoPasarela:
        if not ID.fullmatch(id_pasarela):
            raise TransaccionDesconocida("not an id of this gateway")
        cabeceras = _portador(self._llaves.publica)
        url = f"{self._url}/transactions/{id_pasarela}"
        respuesta = self._transporte.preguntar(url, cabeceras=cabeceras, plazo=plazo)
        if respuesta.estado == 404 and leer_error(respuesta.cuerpo)[0] == "NOT_FOUND_ERROR":
            raise TransaccionDesconocida(id_pasarela)
        if respuesta.estado != 200:
            raise self._sin_respuesta(respuesta)
        return leer_transaccion(respuesta.cuerpo, id_pasarela, self._url)

    def _esperar_direccion(self, identificador: str) -> ResultadoPasarela | None:
        """Look for the bank's address until the wait is over; whatever goes wrong, the transaction is alive."""
        limite = self._cronometro() + ESPERA_DE_LA_DIRECCION
        for pausa in _PAUSAS:
            self._dormir(pausa)
            queda = limite - self._cronometro()
            if queda <= 0:
                break
            try:
                resultado = self._consultar(identificador, queda)
            except (PasarelaNoDisponible, TransaccionDesconocida) as error:
                # A transaction may be unknown to a replica for a moment after it was created.
                registro.info("Wompi transaction %s cannot be read yet: %s", identificador, type(error).__name__)
                continue
            if resultado.url is not None:
                return resultado
        return None

    def _leer(self, ruta: str, llave: str) -> Respuesta:
        respuesta = self._transporte.preguntar(self._url + ruta, cabeceras=_portador(llave))
        if respuesta.estado != 200:
            raise self._sin_respuesta(respuesta)
        return respuesta

    def _sin_respuesta(self, respuesta: Respuesta) -> PasarelaNoDisponible:
        if respuesta.estado in (401, 403):
            registro.error("Wompi refuses our keys: %r", leer_error(respuesta.cuerpo)[1][:80])
        return PasarelaNoDisponible(f"HTTP {respuesta.estado}")


def firma_integridad(referencia: str, centavos: int, moneda: str, secreto: str) -> str:
    """The integrity signature: hexadecimal SHA-256 of reference + cents + currency + secret, without separators."""
    return hashlib.sha256(f"{referencia}{centavos}{moneda}{secreto}".encode()).hexdigest()


def _pedido(solicitud: SolicitudPago, secreto: str) -> dict[str, Any]:
    centavos = _centavos(solicitud.total)
    if not _REFERENCIA.fullmatch(solicitud.referencia):
        raise ValueError("the reference must be 1 to 32 of [A-Z0-9-]")
    fichas = {_FICHAS[c.codigo]: c.ficha for c in solicitud.aceptaciones}
    if len(fichas) != len(_FICHAS):
        raise ValueError("the payer must have accepted both conditions")
    comprador = solicitud.comprador
    return {
        **fichas,
        "amount_in_cents": centavos,
        "currency": MONEDA,
        "customer_email": comprador.correo,
        "reference": solicitud.referencia,
        "signature": firma_integridad(solicitud.referencia, centavos, MONEDA, secreto),
        "redirect_url": solicitud.url_retorno,
        "customer_data": {
            "full_name": _limpio(comprador.nombre, 100),
            "phone_number": re.sub(r"[^0-9]", "", comprador.telefono),
        },
        "payment_method": _debito(solicitud, comprador),
    }


def _debito(solicitud: SolicitudPago, comprador: Comprador) -> dict[str, Any]:
    if not solicitud.banco or solicitud.banco == "0":
        raise ValueError("the payer must have chosen a bank")
    if comprador.tipo_documento not in _DOCUMENTOS:
        raise ValueError("that type of document cannot pay through this gateway")
    return {
        "type": "PSE",
        "user_type": _TIPOS_PERSONA[comprador.tipo_persona],
        "user_legal_id_type": _DOCUMENTOS[comprador.tipo_documento],
        "user_legal_id": comprador.documento,
        "financial_institution_code": solicitud.banco,
        "payment_description": _limpio(solicitud.descripcion, DESCRIPCION_MAXIMA) or "Pago de estampillas",
    }


def _centavos(total: Decimal) -> int:
    centavos = total * 100
    if not total.is_finite() or centavos <= 0 or centavos != centavos.to_integral_value():
        raise ValueError("the total must be a positive number of whole centavos")
    if centavos > _MAXIMO_CENTAVOS:
        raise PasarelaRechazo(LIMITE_EXCEDIDO, "Wompi takes at most 10**12 centavos")
    return int(centavos)


def _limpio(texto: str, maximo: int) -> str:
    return " ".join(_PROHIBIDOS.sub(" ", texto).split())[:maximo].strip()


def _portador(llave: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {llave}"}


def _a_json(cuerpo: dict[str, Any]) -> bytes:
    return json.dumps(cuerpo, ensure_ascii=False).encode()
