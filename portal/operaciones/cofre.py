"""What only the portal reads is sealed before it is stored: whoever copies the database opens nothing."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Separates these keys from whatever else is made of the same secret.
_PARA_QUE = b"portal-estampillas/datos/1"


class SelloRoto(Exception):
    """It was sealed with other keys or for something else, altered, or is too old."""


@dataclass(frozen=True)
class Cofre:
    """Seals and opens texts (Fernet: AES-128-CBC with HMAC-SHA256). The first key seals, any opens.

    `para` says what a text is sealed for, and of whom: what serves in one place never opens in another.
    """

    _cifra: MultiFernet = field(repr=False)

    def sellar(self, texto: str, *, para: str) -> str:
        """The sealed text, in the letters of an address; it says when it was sealed."""
        return self._cifra.encrypt(f"{para}\n{texto}".encode()).decode()

    def abrir(self, sello: str, *, para: str, segundos: int | None = None) -> str:
        """What was sealed, at most `segundos` ago. Raises `SelloRoto`."""
        try:
            dicho, _, texto = self._cifra.decrypt(sello.encode(), ttl=segundos).decode().partition("\n")
        except (InvalidToken, ValueError):
            raise SelloRoto from None
        if dicho != para:
            raise SelloRoto
        return texto


def cofre_de(claves: Sequence[str]) -> Cofre:
    """With the keys that come from some secrets, the one in use first."""
    return Cofre(MultiFernet([Fernet(base64.urlsafe_b64encode(_derivar(clave))) for clave in claves]))


def _derivar(clave: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PARA_QUE).derive(clave.encode())
