"""Short codes that people read aloud, copy by hand and type: no ambiguous letters, and one character that checks the rest.

Twelve characters of Crockford's alphabet: eleven at random (55 bits, so that nobody finds one by trying) and a check. Each
character is an element of GF(32), weighted with a different power of a generator: every wrong character and every swap of two
is noticed.
"""

import re
import secrets

ALFABETO = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LARGO = 12
_GRUPO = 4
# x⁵ + x² + 1, primitive over GF(2): powers of its root do not repeat within 31 places.
_POLINOMIO = 0b100101
# What people put between groups, and the letters that look like a digit.
_SEPARADORES = re.compile(r"[\s.,:;/_\u00ad\u2010-\u2015\u2212-]+")
_PARECIDAS = str.maketrans("OIL", "011")


def nuevo_codigo() -> str:
    """A fresh code at random, without separators."""
    cuerpo = "".join(secrets.choice(ALFABETO) for _ in range(LARGO - 1))
    return cuerpo + caracter_de_control(cuerpo)


def caracter_de_control(cuerpo: str) -> str:
    """The character that makes a code of these eleven.

    >>> caracter_de_control("K7M29QWX3RT")
    'E'
    """
    return ALFABETO[_por_la_raiz(_resto(cuerpo))]


def leer_codigo(texto: str) -> str | None:
    """The code that a person typed, however grouped and in whatever case; None when it is not one.

    >>> leer_codigo("k7m2 9qwx-3rte"), leer_codigo("K7M2-9QWX-3RTV")
    ('K7M29QWX3RTE', None)
    """
    if len(texto) > 4 * LARGO:
        return None
    limpio = _SEPARADORES.sub("", texto).upper().translate(_PARECIDAS)
    if len(limpio) != LARGO or any(letra not in ALFABETO for letra in limpio):
        return None
    return limpio if _resto(limpio) == 0 else None


def escribir_codigo(codigo: str) -> str:
    """A code as it is printed.

    >>> escribir_codigo("K7M29QWX3RTE")
    'K7M2-9QWX-3RTE'
    """
    return "-".join(codigo[i : i + _GRUPO] for i in range(0, len(codigo), _GRUPO))


def _resto(texto: str) -> int:
    resto = 0
    for letra in texto:
        resto = _por_la_raiz(resto) ^ ALFABETO.index(letra)
    return resto


def _por_la_raiz(elemento: int) -> int:
    doble = elemento << 1
    return doble ^ _POLINOMIO if doble & 0b100000 else doble
