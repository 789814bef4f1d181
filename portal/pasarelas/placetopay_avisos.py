"""Notifications of PlacetoPay WebCheckout: signature and shape (placetopay-docs, `checkout/notification`).

The signature is the hash of `requestId + status.status + status.date + key` in hexadecimal: SHA-256 when it says `sha256:`,
otherwise the SHA-1 of older sites. Sites still on SHA-1 cannot be refused, and a forger needs the key for either.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Any

from portal.pasarelas.base import AvisoMalFormado, AvisoPasarela, FirmaInvalida
from portal.pasarelas.json_estricto import leer_objeto

BYTES_MAXIMOS = 64 * 1024
_ID = re.compile(r"[0-9]{1,20}")
# These two forms leave one way only to cut the signed text into its parts.
_ESTADO = re.compile(r"[A-Z][A-Z_]{0,39}")
_FECHA = re.compile(r"[0-9][0-9A-Za-z:.+-]{0,34}")


def leer_aviso(cuerpo: bytes, claves: Sequence[str]) -> AvisoPasarela:
    """Read one notification signed with any of `claves`. Raises `AvisoMalFormado` or `FirmaInvalida`."""
    try:
        leido = leer_objeto(cuerpo, maximo=BYTES_MAXIMOS)
    except ValueError as error:
        raise AvisoMalFormado("not one readable JSON object") from error
    firma = leido.get("signature")
    if not isinstance(firma, str) or not firma:
        raise FirmaInvalida("not signed")
    aviso = _aviso(leido)
    if not any([firma_valida(firma, aviso.id_pasarela, aviso.estado, aviso.fecha, clave) for clave in claves]):
        raise FirmaInvalida("signed with another key")
    return aviso


def firma_valida(firma: str, id_pasarela: str, estado: str, fecha: str, clave: str) -> bool:
    """Whether `firma` is that of the notification under `clave`, compared in constant time."""
    base = f"{id_pasarela}{estado}{fecha}{clave}".encode()
    if firma.startswith("sha256:"):
        propia, dicha = hashlib.sha256(base).hexdigest(), firma.removeprefix("sha256:")
    else:
        propia, dicha = hashlib.sha1(base, usedforsecurity=False).hexdigest(), firma
    return hmac.compare_digest(propia.encode(), dicha.lower().encode())


def _aviso(leido: dict[str, Any]) -> AvisoPasarela:
    estado = leido.get("status")
    if not isinstance(estado, dict):
        raise AvisoMalFormado("no status")
    crudo_id = leido.get("requestId")
    # bool is an int in Python, and `true` is no id.
    identificador = str(crudo_id) if isinstance(crudo_id, int | str) and not isinstance(crudo_id, bool) else ""
    referencia = leido.get("reference")
    if not isinstance(referencia, str) or not 0 < len(referencia) <= 64:
        raise AvisoMalFormado("no reference")
    return AvisoPasarela(
        id_pasarela=_con_forma(_ID, identificador, "requestId"),
        referencia=referencia,
        estado=_con_forma(_ESTADO, estado.get("status"), "status.status"),
        fecha=_con_forma(_FECHA, estado.get("date"), "status.date"),
    )


def _con_forma(forma: re.Pattern[str], valor: object, nombre: str) -> str:
    if not isinstance(valor, str) or not forma.fullmatch(valor):
        raise AvisoMalFormado(f"no readable {nombre}")
    return valor
