"""Which passwords are accepted: long, neither stolen already nor made of what anybody would try here. No rule of composition.

What is hashed is what was typed, whole and as it is (ASVS 5.0, 6.2); only the comparison looks at it in lower case.
"""

import re
import unicodedata
from collections.abc import Container, Iterable

from portal.dominio.errores import DatoInvalido

MINIMA, MAXIMA = 12, 128
# With fewer different characters, or without so many that are not known of everybody, it is guessed before it is searched.
_DISTINTOS = 5
_PROPIAS = 6
_CONSEJO = "Escriba otra; por ejemplo, varias palabras que no suelan ir juntas."
# What anybody who attacks this portal tries first.
_DE_AQUI = frozenset(
    {
        *("administrador", "administradora", "admin", "usuario", "funcionario", "funcionaria", "rentas", "tesoreria"),
        *("auditor", "agente", "clave", "contrasena", "password", "portal", "sistema", "estampilla", "estampillas"),
        *("liquidacion", "gobernacion", "gobierno", "departamento", "hacienda", "secretaria", "colombia"),
        *("demostracion", "prueba", "bienvenido", "bienvenida", "ingreso"),
    }
)
_LEET = str.maketrans("013457@$!|", "oieastasil")
_CIFRA_ENTRE_LETRAS = re.compile(r"[a-z][013457@$!|]+[a-z]")
_ANO = re.compile(r"(?:19|20)\d\d")
_SIGNOS = re.compile(r"[\s!-/:-@\[-`{-~]+")
_LARGO_DE_UNA_PALABRA = 4
_LARGO_DE_UNA_FECHA = 8


def revisar_contrasena(
    texto: str, *, comunes: Container[str], propias: Iterable[str] = (), campo: str = "contrasena"
) -> None:
    """Raises `DatoInvalido` saying what to do.

    `comunes`: stolen passwords and common words, in lower case. `propias`: names, addresses and places that others know of
    this account; each of their words counts.
    """
    revisar_largo(texto, campo=campo)
    plano = _plano(texto)
    if texto.casefold() in comunes or plano in comunes or _palabra_de(plano) in comunes:
        raise DatoInvalido(f"Esa contraseña está en las listas de contraseñas robadas o muy usadas. {_CONSEJO}", campo)
    if len(set(plano)) < _DISTINTOS or _repite(plano) or len(_lo_suyo(plano, propias)) < _PROPIAS:
        raise DatoInvalido(f"Esa contraseña se adivina fácil. {_CONSEJO}", campo)


def revisar_largo(texto: str, *, campo: str = "contrasena") -> None:
    """The only rule of a demonstration. Raises `DatoInvalido`."""
    if not MINIMA <= len(texto) <= MAXIMA:
        raise DatoInvalido(f"La contraseña debe tener entre {MINIMA} y {MAXIMA} caracteres.", campo)


def _plano(texto: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", texto.casefold()) if not unicodedata.combining(c))


def _palabra_de(plano: str) -> str:
    """The word that years, numbers and signs were put around, whatever letters were written as figures: `p4ssw0rd2026!`."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plano).translate(_LEET)


def _repite(plano: str) -> bool:
    """Whether it is a short piece over and over: `abcabcabcabc`."""
    periodo = (plano + plano).find(plano, 1)
    return periodo <= len(plano) // 2


def _lo_suyo(plano: str, propias: Iterable[str]) -> str:
    """What is left without the words that are known of this place and this person, without years and signs, and without a
    number as short as a date."""
    palabras = {*_DE_AQUI, *(p for frase in propias for p in re.findall(r"[a-z]+", _plano(frase)))}
    sin_anos = _ANO.sub("", plano)
    quedan = _SIGNOS.sub("", sin_anos.translate(_LEET) if _CIFRA_ENTRE_LETRAS.search(sin_anos) else sin_anos)
    for palabra in sorted(palabras, key=len, reverse=True):
        if len(palabra) >= _LARGO_DE_UNA_PALABRA:
            quedan = quedan.replace(palabra, "")
    return "" if quedan.isdecimal() and len(quedan) <= _LARGO_DE_UNA_FECHA else quedan
