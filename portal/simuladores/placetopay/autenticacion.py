"""The `auth` object of every question, checked as the protocol says, with its documented error numbers."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from portal.simuladores.placetopay.ajustes import Ajustes

VENTANA = timedelta(minutes=5)
NO_ENVIADA, LOGIN_DESCONOCIDO, HUELLA_DISTINTA, SEMILLA_VIEJA, MAL_DEFINIDA = 100, 101, 102, 103, 107


def codigo_de_fallo(cuerpo: object, ajustes: Ajustes, ahora: datetime) -> int | None:
    """The number of the authentication error, or None when the question is authentic."""
    auth = cuerpo.get("auth") if isinstance(cuerpo, dict) else None
    if not isinstance(auth, dict):
        return NO_ENVIADA
    campos = [auth.get(nombre) for nombre in ("login", "tranKey", "nonce", "seed")]
    if not all(isinstance(campo, str) and campo for campo in campos):
        return MAL_DEFINIDA
    return _comprobar(auth, ajustes, ahora)


def _comprobar(auth: dict[str, Any], ajustes: Ajustes, ahora: datetime) -> int | None:
    if auth["login"] != ajustes.login:
        return LOGIN_DESCONOCIDO
    try:
        nonce = base64.b64decode(auth["nonce"], validate=True)
    except (binascii.Error, ValueError):
        return MAL_DEFINIDA
    huella = hashlib.sha256(nonce + auth["seed"].encode() + ajustes.clave.encode()).digest()
    if not hmac.compare_digest(base64.b64encode(huella), auth["tranKey"].encode()):
        return HUELLA_DISTINTA
    try:
        semilla = datetime.fromisoformat(auth["seed"])
    except ValueError:
        return SEMILLA_VIEJA
    if semilla.utcoffset() is None or abs(ahora - semilla) > VENTANA:
        return SEMILLA_VIEJA
    return None
