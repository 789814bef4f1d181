"""Texts compared as people compare them: without accents, without case."""

import unicodedata


def sin_tildes(texto: str) -> str:
    """The same letters without their marks.

    >>> sin_tildes("Secretaría de Educación, Nariño")
    'Secretaria de Educacion, Narino'
    """
    return "".join(c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c))


def llano(texto: str) -> str:
    """For comparing: lower case, without accents or typographic variants of a letter, one space between words.

    >>> llano("  N.º de  Contrato ")
    'n.o de contrato'
    """
    return " ".join(sin_tildes(unicodedata.normalize("NFKC", texto).casefold()).split())
