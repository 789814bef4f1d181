"""Identity documents of Colombia: types, normalisation, NIT check digit, masking.

Lengths follow no official table (sources disagree), so only the safe outer bounds are enforced.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from portal.dominio.errores import DatoInvalido

# code -> name; the codes are those of the DIAN's table of document types in their usual short form
TIPOS_DOCUMENTO: Mapping[str, str] = MappingProxyType(
    {
        "CC": "Cédula de ciudadanía",
        "NIT": "NIT",
        "CE": "Cédula de extranjería",
        "TI": "Tarjeta de identidad",
        "RC": "Registro civil",
        "NUIP": "NUIP",
        "PAS": "Pasaporte",
        "PPT": "Permiso por protección temporal",
        "PEP": "Permiso especial de permanencia",
        "TE": "Tarjeta de extranjería",
        "DE": "Documento extranjero",
        "NITE": "NIT de otro país",
    }
)
_ALFANUMERICOS = ("PAS", "DE", "NITE")
_PESOS_NIT = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
_SEPARADORES = str.maketrans("", "", ". \u00a0")


def digito_nit(base: str) -> str:
    """Check digit of a NIT given without it (digits only): weights 3, 7, 13… from the right, modulo 11 (DIAN).

    >>> digito_nit("860069804")
    '2'
    """
    resto = sum(int(d) * p for d, p in zip(reversed(base), _PESOS_NIT, strict=False)) % 11
    return "01987654321"[resto]


def digito_gs1(cuerpo: str) -> str:
    """Check digit of a GS1 number given without it (digits only): weights 3, 1, 3… from the right, modulo 10.

    >>> digito_gs1("770999892830")
    '5'
    """
    suma = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(cuerpo)))
    return str(-suma % 10)


def leer_documento(tipo: str, texto: str) -> str:
    """Normalise a document as typed; dots and spaces are dropped.

    A NIT is kept without its check digit, which is accepted only after a hyphen and then verified: guessing would take
    one NIT in eleven for another. Raises `DatoInvalido(campo="documento")`.
    """
    if tipo not in TIPOS_DOCUMENTO:
        raise DatoInvalido("Elija un tipo de documento de la lista.", "tipo_documento")
    limpio = texto.strip().translate(_SEPARADORES).upper()
    if tipo == "NIT":
        return _leer_nit(limpio)
    if tipo in _ALFANUMERICOS:
        if not re.fullmatch(r"[A-Z0-9]{4,20}", limpio):
            raise DatoInvalido("Escriba el documento solo con letras y números, entre 4 y 20.", "documento")
        return limpio
    if not re.fullmatch(r"[1-9][0-9]{2,14}", limpio):
        raise DatoInvalido("Escriba el número del documento solo con números, sin ceros al comienzo.", "documento")
    return limpio


def _leer_nit(limpio: str) -> str:
    partes = re.fullmatch(r"([1-9][0-9]{4,14})(?:-([0-9]))?", limpio)
    if not partes:
        raise DatoInvalido(
            "Escriba el NIT solo con números; el dígito de verificación va después de un guion.", "documento"
        )
    base, digito = partes.groups()
    if digito is not None and digito != digito_nit(base):
        raise DatoInvalido("El dígito de verificación no corresponde a ese NIT. Revise el número.", "documento")
    return base


def leer_documento_de_consulta(texto: str) -> str:
    """Normalise what a person types in *Documento* or *NIT* of a look-up, whatever its type.

    Raises `DatoInvalido(campo="documento")` for anything but an exact number: no wildcards, no empty search.
    """
    limpio = texto.strip().translate(_SEPARADORES).upper()
    if "-" in limpio:
        return _leer_nit(limpio)
    if not re.fullmatch(r"[A-Z0-9]{1,20}", limpio):
        raise DatoInvalido("Escriba el número completo del documento, sin comodines.", "documento")
    return limpio


def escribir_documento(tipo: str, documento: str) -> str:
    """Show a document as people write it: `NIT 901.805.364-1`, `CC 1.212.312.323`."""
    if not documento.isdigit():
        return f"{tipo} {documento}"
    grupos = f"{int(documento):,}".replace(",", ".")
    return f"{tipo} {grupos}-{digito_nit(documento)}" if tipo == "NIT" else f"{tipo} {grupos}"


def escribir_nit(nit: str) -> str:
    """A NIT with its check digit, as `leer_documento` takes it.

    >>> escribir_nit("901805364")
    '901805364-1'
    """
    return f"{nit}-{digito_nit(nit)}"


def enmascarar_nombre(nombre: str) -> str:
    """Hide a name but leave it recognisable to who knows it: `ANDREA JIMENA` → `A*** J***` (I-21)."""
    return " ".join([f"{palabra[0]}***" for palabra in nombre.split()])


def enmascarar_documento(documento: str) -> str:
    """Hide a document but for its last three characters: `1212312323` → `*******323`."""
    return "*" * max(len(documento) - 3, 0) + documento[-3:]


def leer_numero_contrato(texto: str) -> str:
    """Normalise a contract number so that `0647`, ` 647 ` and `647` are one: upper case, no spaces, no leading zeros.

    Raises `DatoInvalido(campo="numero_contrato")`.
    """
    limpio = re.sub(r"\s+", "", unicodedata.normalize("NFC", texto)).upper()
    if not re.fullmatch(r"[A-Z0-9Ñ./_-]{1,40}", limpio):
        raise DatoInvalido(
            "Escriba el número del contrato con letras, números, puntos, guiones o barras.", "numero_contrato"
        )
    return limpio.lstrip("0") or "0"


_PROHIBIDOS = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def leer_texto(texto: str, *, maximo: int, campo: str, obligatorio: bool = True) -> str:
    """One free text made canonical (NFC, single spaces) and refused when it holds controls, invisible or bidi marks (B-07).

    Returns at most `maximo` characters. Raises `DatoInvalido(campo=campo)`; the answer is the same on both engines.
    """
    if _PROHIBIDOS.search(texto):
        raise DatoInvalido("El texto tiene caracteres que no se pueden usar. Escríbalo de nuevo.", campo)
    limpio = " ".join(unicodedata.normalize("NFC", texto).split())
    if obligatorio and not limpio:
        raise DatoInvalido("Escriba este dato.", campo)
    if len(limpio) > maximo:
        raise DatoInvalido(f"Use máximo {maximo} caracteres.", campo)
    if re.search(r"[\u0300-\u036f]{3,}", limpio):
        raise DatoInvalido("El texto tiene caracteres que no se pueden usar. Escríbalo de nuevo.", campo)
    return limpio
