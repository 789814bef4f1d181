"""What was found and what was chosen of it, between one screen and the next: signed, short-lived, and useless as an address."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.dominio.errores import TransicionNoPermitida

_VIDA_SEGUNDOS = 2 * 3600


@dataclass(frozen=True)
class Eleccion:
    """The liquidaciones found, by internal ids that open no page; once chosen, one of them and its facturas, by number."""

    halladas: tuple[int, ...]
    liquidacion_id: int = 0
    facturas: tuple[int, ...] = ()


def sellar(halladas: Sequence[int], liquidacion_id: int = 0, facturas: Sequence[int] = ()) -> str:
    """Text for a hidden field."""
    return str(_sello().dumps([list(halladas), liquidacion_id, list(facturas)]))


def abrir(texto: str) -> Eleccion:
    """What `sellar` signed. Raises `TransicionNoPermitida` when it is altered or older than two hours."""
    try:
        halladas, liquidacion_id, facturas = _sello().loads(texto[:2000], max_age=_VIDA_SEGUNDOS)
    except BadSignature:
        raise TransicionNoPermitida(
            "La página estuvo abierta demasiado tiempo. Busque de nuevo su liquidación."
        ) from None
    return Eleccion(tuple(halladas), liquidacion_id, tuple(facturas))


def _sello() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="pago")
