"""The signed text of an electronic stamp, which its QR carries: what it says, written in one way only.

`docs/estampilla-electronica.md` documents it for whoever wants to check a stamp without this portal. The signature itself
(Ed25519) is made and checked in `portal.operaciones.claves`.
"""

import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from portal.dominio.codigo_corto import leer_codigo
from portal.dominio.errores import DatoInvalido

# What is signed begins with it: the same key never signs anything else that could be read as a stamp.
VERSION = "EE1"
LARGO_FIRMA = 64
# No text of ours is longer (a name of 60 letters may take four bytes each); whatever is, is none.
MAXIMO_SELLO = 1600
MAXIMO_TEXTO = 60
_CLAVE = re.compile(r"[0-9a-f]{8}")
_ENTERO = re.compile(r"0|[1-9][0-9]{0,17}")
_PESOS = re.compile(r"(0|[1-9][0-9]{0,15})(\.[0-9]{2})?")


class SelloIlegible(ValueError):
    """The text is not a stamp's, or is not written in the one way that it may be."""


@dataclass(frozen=True)
class Sello:
    """What a stamp says. `clave` is the id of the key that signs it; `codigo` its short code; `valor`, pesos.

    `estampilla` is the code of the stamp and `nombre` its name; `contribuyente` is masked, because a QR is read by anybody;
    `fecha` is the Colombian day on which it was issued. Texts have at most `MAXIMO_TEXTO` characters.
    """

    clave: str
    codigo: str
    departamento: str
    factura: int
    estampilla: str
    nombre: str
    valor: Decimal
    acto: str
    contribuyente: str
    fecha: date

    def mensaje(self) -> bytes:
        """The bytes that are signed: the version and each field in its order, one a line, UTF-8."""
        lineas = [VERSION, *(_escribir(getattr(self, campo.name)) for campo in fields(self))]
        return "\n".join(lineas).encode()


def leer_mensaje(mensaje: bytes) -> Sello:
    """The stamp that those bytes say. Raises `SelloIlegible` for anything that `Sello.mensaje` would not write."""
    try:
        version, *lineas = mensaje.decode().split("\n")
        clave, codigo, departamento, factura, estampilla, nombre, valor, acto, contribuyente, fecha = lineas
        if version != VERSION or not (_CLAVE.fullmatch(clave) and _ENTERO.fullmatch(factura)):
            raise SelloIlegible("not a stamp")
        if not _PESOS.fullmatch(valor) or leer_codigo(codigo) != codigo:
            raise SelloIlegible("not a stamp")
        sello = Sello(
            clave=clave,
            codigo=codigo,
            departamento=departamento,
            factura=int(factura),
            estampilla=estampilla,
            nombre=nombre,
            valor=Decimal(valor),
            acto=acto,
            contribuyente=contribuyente,
            fecha=date.fromisoformat(fecha),
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise SelloIlegible("not a stamp") from error
    if sello.mensaje() != mensaje:
        raise SelloIlegible("not written as a stamp is")
    return sello


def unir(mensaje: bytes, firma: bytes) -> str:
    """The text that travels: both in base64url without filling, with a dot between them."""
    return f"{_en_base64(mensaje)}.{_en_base64(firma)}"


def separar(texto: str) -> tuple[bytes, bytes]:
    """The message and its signature, still to be checked. Raises `SelloIlegible`."""
    partes = texto.split(".")
    if len(texto) > MAXIMO_SELLO or len(partes) != 2 or not texto.isascii():
        raise SelloIlegible("not a stamp")
    mensaje, firma = (_de_base64(parte) for parte in partes)
    if len(firma) != LARGO_FIRMA:
        raise SelloIlegible("not a signature")
    return mensaje, firma


def leer_codigo_o_sello(texto: str) -> str:
    """What a person typed or pasted to check a stamp: its short code, its signed text, or the address that its QR opens.

    Returns the short code without separators, or the signed text as it came. Raises `DatoInvalido(campo="codigo")`.
    """
    limpio = sin_direccion(texto)
    if es_sello(limpio):
        return limpio
    codigo = leer_codigo(limpio)
    if codigo is None:
        raise DatoInvalido(
            "Ese código no es de una estampilla: revise cada letra y cada número. Son doce, impresos bajo el código QR.",
            "codigo",
        )
    return codigo


def sin_direccion(texto: str) -> str:
    """The code or the signed text of whatever was typed or scanned: the address that a QR opens ends in it."""
    return "".join(texto.split()).rsplit("/v/", 1)[-1]


def es_sello(texto: str) -> bool:
    """Whether a text may be a signed one, and is no short code."""
    return LARGO_FIRMA < len(texto) <= MAXIMO_SELLO and texto.count(".") == 1


def texto_de_sello(texto: str, maximo: int = MAXIMO_TEXTO) -> str:
    """A text as a stamp carries it: one line, without controls, cut with «…» beyond `maximo` characters."""
    normal = unicodedata.normalize("NFC", texto)
    limpio = " ".join("".join(c if c.isprintable() else " " for c in normal).split())
    return limpio if len(limpio) <= maximo else limpio[: maximo - 1].rstrip() + "…"


def _escribir(valor: object) -> str:
    if isinstance(valor, date):
        return valor.isoformat()
    if isinstance(valor, Decimal):
        return f"{valor:.0f}" if valor == valor.to_integral_value() else f"{valor:.2f}"
    return str(valor)


def _en_base64(octetos: bytes) -> str:
    return urlsafe_b64encode(octetos).decode().rstrip("=")


def _de_base64(texto: str) -> bytes:
    """Strict: whatever `_en_base64` would not write (filling, other signs, loose bits at the end) is refused."""
    try:
        octetos = urlsafe_b64decode(texto + "=" * (-len(texto) % 4))
    except ValueError as error:
        raise SelloIlegible("not base64url") from error
    if _en_base64(octetos) != texto:
        raise SelloIlegible("not base64url")
    return octetos
