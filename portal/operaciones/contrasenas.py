"""Passwords of accounts: which are accepted, how they are kept and compared."""

import gzip
import secrets
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.dominio.contrasenas import MAXIMA, revisar_contrasena

# Argon2id as OWASP's minimum profile: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when there is no password to check, so that every refusal takes the same time.
HASH_DE_NADIE = _HASHER.hash(secrets.token_hex(16))
_COMUNES = Path(__file__).resolve().parent / "comunes" / "contrasenas.txt.gz"


@lru_cache(maxsize=1)
def comunes() -> frozenset[str]:
    """Stolen passwords and common words, read when somebody first chooses a password; nobody outside is asked."""
    return frozenset(gzip.decompress(_COMUNES.read_bytes()).decode().splitlines())


def exigir_contrasena(texto: str, propias: Iterable[str], *, campo: str = "contrasena") -> None:
    """Raises `DatoInvalido` for a password that is not accepted; `propias` is what others know of the account."""
    revisar_contrasena(texto, comunes=comunes(), propias=propias, campo=campo)


def hash_de(texto: str) -> str:
    """What is kept of a password. Slow on purpose: call it outside any transaction where somebody waits."""
    return _HASHER.hash(texto)


def clave_correcta(clave_hash: str, clave: str) -> bool:
    """Whether `clave` matches. Slow on purpose: call it outside any transaction."""
    try:
        return len(clave) <= MAXIMA and _HASHER.verify(clave_hash, clave)
    except (VerificationError, InvalidHashError):
        return False
