"""What a payer has chosen so far, carried from page to page in the form: signed, short-lived, without amounts or identities."""

import secrets
from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.dominio.errores import TransicionNoPermitida

DURACION_SEGUNDOS = 60 * 60


@dataclass(frozen=True)
class Pedido:
    """One act, and once chosen, its facturas and the idempotency key of the page that pays."""

    liquidacion_id: int
    facturas: tuple[int, ...] = ()
    clave: str = ""

    def firmado(self) -> str:
        """The text that goes in the form."""
        return _sello().dumps([self.liquidacion_id, list(self.facturas), self.clave])

    def con_clave(self) -> "Pedido":
        """The same choice with a fresh key: each page that asks to confirm pays at most once."""
        return Pedido(self.liquidacion_id, self.facturas, secrets.token_hex(16))


def leer_pedido(texto: str) -> Pedido:
    """Raises `TransicionNoPermitida` when it is not ours or it is older than an hour."""
    try:
        liquidacion_id, facturas, clave = _sello().loads(texto[:4000], max_age=DURACION_SEGUNDOS)
    except BadSignature:
        raise TransicionNoPermitida("Esta página de pago ya no sirve. Busque de nuevo sus estampillas.") from None
    return Pedido(liquidacion_id, tuple(facturas), clave)


def _sello() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="pedido-de-pago")
