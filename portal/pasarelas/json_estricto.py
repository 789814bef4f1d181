"""JSON as it should have been: one object, every key once, finite numbers of a sane size, text that can be stored.

Gateways speak of money in JSON, and Python's reader is generous: it takes NaN, keeps the last of two equal keys and follows
any depth. Numbers with decimals become `Decimal`, never float.
"""

import json
import re
from decimal import Decimal
from typing import Any

PROFUNDIDAD_MAXIMA = 32
_CIFRAS_MAXIMAS = 40
_CADENA = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def leer_objeto(cuerpo: bytes, *, maximo: int) -> dict[str, Any]:
    """Read one JSON object of at most `maximo` bytes of UTF-8. Raises `ValueError` for anything else."""
    if len(cuerpo) > maximo:
        raise ValueError(f"more than {maximo} bytes")
    texto = cuerpo.decode("utf-8")
    _exigir_profundidad(texto)
    leido = json.loads(
        texto, parse_float=_decimal, parse_int=_entero, parse_constant=_sin_constantes, object_pairs_hook=_sin_repetir
    )
    if not isinstance(leido, dict):
        raise ValueError("not an object")
    # UTF-8 has no halves of pairs and JSON no bare NUL: only an escape brings them.
    if "\\u" in texto:
        _exigir_texto(leido)
    return leido


def _exigir_profundidad(texto: str) -> None:
    hondo = 0
    for signo in re.findall(r"[\[\]{}]", _CADENA.sub("", texto)):
        hondo += 1 if signo in "[{" else -1
        if hondo > PROFUNDIDAD_MAXIMA:
            raise ValueError("nested too deep")


def _decimal(texto: str) -> Decimal:
    if len(texto) > _CIFRAS_MAXIMAS:
        raise ValueError("number too long")
    valor = Decimal(texto)
    if valor and abs(valor.adjusted()) > _CIFRAS_MAXIMAS:
        raise ValueError("number out of range")
    return valor


def _entero(texto: str) -> int:
    if len(texto) > _CIFRAS_MAXIMAS:
        raise ValueError("number too long")
    return int(texto)


def _sin_constantes(nombre: str) -> None:
    raise ValueError(f"{nombre} is not JSON")


def _sin_repetir(pares: list[tuple[str, Any]]) -> dict[str, Any]:
    objeto = dict(pares)
    if len(objeto) != len(pares):
        raise ValueError("repeated key")
    return objeto


def _exigir_texto(valor: Any) -> None:
    """Refuse what no database stores as text: NUL and halves of surrogate pairs."""
    if isinstance(valor, str):
        if "\0" in valor:
            raise ValueError("NUL in text")
        valor.encode("utf-8")
    elif isinstance(valor, dict):
        for clave, contenido in valor.items():
            _exigir_texto(clave)
            _exigir_texto(contenido)
    elif isinstance(valor, list):
        for contenido in valor:
            _exigir_texto(contenido)
