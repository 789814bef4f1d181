"""Random tokens that somebody holds and the database knows by their digest alone."""

import hashlib
import secrets


def nueva_ficha() -> tuple[str, str]:
    """A token of 256 random bits, in the letters of an address, and what is stored of it."""
    ficha = secrets.token_urlsafe(32)
    return ficha, huella_de(ficha)


def huella_de(ficha: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(ficha.encode()).hexdigest()
