"""Events of Wompi: signature, environment and shape.

The checksum is the plain SHA-256 (no HMAC), in hexadecimal of either case, of the values that `signature.properties` names
inside `data`, in the order sent, then `timestamp`, then the events secret. It comes in the body and in `X-Event-Checksum`.

The list of properties is not itself signed: whoever caught one event could cut its signed text in another way. So the id must
be among them, and an event remains a hint to ask about that id.
"""

import hashlib
import hmac
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from portal.pasarelas.base import AvisoMalFormado, AvisoPasarela, FirmaInvalida
from portal.pasarelas.json_estricto import leer_objeto

registro = logging.getLogger(__name__)

BYTES_MAXIMOS = 64 * 1024
EVENTO_DE_PAGO = "transaction.updated"
CABECERA = "x-event-checksum"
_PROPIEDAD = re.compile(r"[a-z_0-9]{1,40}(?:\.[a-z_0-9]{1,40}){0,5}")
_MAXIMO_PROPIEDADES = 20
_MAXIMO_VALOR = 200
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_ESTADO = re.compile(r"[A-Z][A-Z_]{0,39}")
_AMBIENTES = ("test", "prod")


def leer_evento(cabeceras: Mapping[str, str], cuerpo: bytes, secretos: Sequence[str], ambiente: str) -> AvisoPasarela:
    """Read one event of `ambiente` signed with any of `secretos`. Raises `AvisoMalFormado` or `FirmaInvalida`.

    An event about something else than a transaction has neither id nor reference.
    """
    try:
        leido = leer_objeto(cuerpo, maximo=BYTES_MAXIMOS)
    except ValueError as error:
        raise AvisoMalFormado("not one readable JSON object") from error
    _exigir_firma(cabeceras, leido, secretos)
    if leido.get("environment") != ambiente:
        dicho = leido.get("environment")
        registro.error("Wompi event of environment %r in one of %r", dicho if dicho in _AMBIENTES else "?", ambiente)
        raise FirmaInvalida("an event of another environment")
    evento = leido.get("event")
    if not isinstance(evento, str) or not evento:
        raise AvisoMalFormado("no event")
    marca = str(leido["timestamp"])
    if evento != EVENTO_DE_PAGO:
        registro.warning("Wompi event %r is about no payment", evento[:40])
        return AvisoPasarela("", "", evento[:40], marca)
    return _aviso(leido, marca)


def suma(datos: Mapping[str, Any], propiedades: Sequence[str], marca: int, secreto: str) -> str:
    """The checksum of an event. Raises `AvisoMalFormado` when a property names nothing that can be signed."""
    valores = "".join(_valor(datos, propiedad) for propiedad in propiedades)
    return hashlib.sha256(f"{valores}{marca}{secreto}".encode()).hexdigest()


def _exigir_firma(cabeceras: Mapping[str, str], leido: dict[str, Any], secretos: Sequence[str]) -> None:
    firma = leido.get("signature")
    dicha = firma.get("checksum") if isinstance(firma, dict) else None
    if not isinstance(firma, dict) or not isinstance(dicha, str) or not dicha:
        raise FirmaInvalida("not signed")
    otra = next((valor for nombre, valor in cabeceras.items() if nombre.lower() == CABECERA), dicha)
    if not _iguales(otra, dicha):
        raise FirmaInvalida("two different signatures")
    propiedades, datos, marca = _propiedades(firma), leido.get("data"), leido.get("timestamp")
    if not isinstance(datos, dict) or not isinstance(marca, int) or isinstance(marca, bool):
        raise AvisoMalFormado("no data or no timestamp")
    if leido.get("event") == EVENTO_DE_PAGO and "transaction.id" not in propiedades:
        raise FirmaInvalida("the transaction's id is not signed")
    if not any([_iguales(suma(datos, propiedades, marca, secreto), dicha) for secreto in secretos]):
        raise FirmaInvalida("signed with another secret")


def _propiedades(firma: dict[str, Any]) -> list[str]:
    propiedades = firma.get("properties")
    if not isinstance(propiedades, list) or not 0 < len(propiedades) <= _MAXIMO_PROPIEDADES:
        raise AvisoMalFormado("no properties")
    if not all(isinstance(p, str) and _PROPIEDAD.fullmatch(p) for p in propiedades):
        raise AvisoMalFormado("unreadable properties")
    return propiedades


def _valor(datos: Mapping[str, Any], propiedad: str) -> str:
    actual: object = datos
    for nombre in propiedad.split("."):
        actual = actual.get(nombre) if isinstance(actual, dict) else None
    if isinstance(actual, bool) or not isinstance(actual, str | int) or len(str(actual)) > _MAXIMO_VALOR:
        raise AvisoMalFormado(f"{propiedad} names nothing that can be signed")
    return str(actual)


def _iguales(una: str, otra: str) -> bool:
    return hmac.compare_digest(una.lower().encode(), otra.lower().encode())


def _aviso(leido: dict[str, Any], marca: str) -> AvisoPasarela:
    transaccion = leido["data"].get("transaction")
    if not isinstance(transaccion, dict):
        raise AvisoMalFormado("no transaction")
    referencia = transaccion.get("reference")
    if not isinstance(referencia, str) or not 0 < len(referencia) <= 64:
        raise AvisoMalFormado("no reference")
    return AvisoPasarela(
        id_pasarela=_con_forma(_ID, transaccion.get("id"), "transaction.id"),
        referencia=referencia,
        estado=_con_forma(_ESTADO, transaccion.get("status"), "transaction.status"),
        fecha=marca,
    )


def _con_forma(forma: re.Pattern[str], valor: object, nombre: str) -> str:
    if not isinstance(valor, str) or not forma.fullmatch(valor):
        raise AvisoMalFormado(f"no readable {nombre}")
    return valor
