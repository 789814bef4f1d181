"""What began in this browser: the codes of its own payments and liquidaciones, until it is closed."""

from flask import session

_CUANTOS = 8


def recordar(que: str, codigo: str) -> None:
    """Keep `codigo` first among those of its kind; the oldest leave."""
    session[que] = [codigo, *(c for c in recordados(que) if c != codigo)][:_CUANTOS]


def recordados(que: str) -> list[str]:
    """The codes of a kind, newest first."""
    codigos: list[str] = session.get(que, [])
    return codigos
