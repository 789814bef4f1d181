"""The key that signs stamps (Ed25519): a private file here, and every public key that signed, in the database."""

import os
import re
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from sqlalchemy import select, text

from portal.db import db
from portal.models import ClaveEstampillas

# What checks a signature whose key nobody knows, so that saying no takes as long as for a known one.
_NINGUNA = Ed25519PublicKey.from_public_bytes(
    bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
)
_BLOQUE = re.compile("-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)
_PUBLICAR = text(
    "INSERT INTO clave_estampillas (id, publica, creada_en) VALUES (:id, :publica, :en) ON CONFLICT (id) DO NOTHING"
)


class ClaveInservible(Exception):
    """The private key cannot be used; the message is the sentence to show."""


@dataclass(frozen=True)
class Firmante:
    """The key in use: its id, its public half as PEM, and what signs."""

    id: str
    publica: str
    privada: Ed25519PrivateKey = field(repr=False)

    def firmar(self, mensaje: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self.privada.sign(mensaje)


def abrir(ruta: Path, *, crear_si_falta: bool) -> Firmante:
    """The key of the file. A demonstration makes its own the first time. Raises `ClaveInservible`."""
    if crear_si_falta and not ruta.exists():
        _guardar(Ed25519PrivateKey.generate(), ruta, reemplazar=False)
    try:
        if stat.S_IMODE(ruta.stat().st_mode) & 0o077:
            raise ClaveInservible(f"Otras cuentas pueden leer la clave de las estampillas. Use «chmod 600 {ruta}».")
        privada = load_pem_private_key(ruta.read_bytes(), password=None)
    except OSError as error:
        raise ClaveInservible(f"No se puede leer la clave de las estampillas en {ruta}.") from error
    except (ValueError, TypeError) as error:
        raise ClaveInservible(f"El archivo {ruta} no es una clave privada Ed25519 en PEM, sin contraseña.") from error
    if not isinstance(privada, Ed25519PrivateKey):
        raise ClaveInservible(f"La clave de {ruta} no es Ed25519.")
    return _firmante(privada)


def crear(ruta: Path) -> Firmante:
    """A new key in place of the one of the file, at once and whole; what the old one signed stays valid."""
    privada = Ed25519PrivateKey.generate()
    _guardar(privada, ruta, reemplazar=True)
    return _firmante(privada)


def publicar(firmante: Firmante, *, ahora: datetime) -> None:
    """Keep its public half for ever; nothing changes the second time."""
    db.session.execute(_PUBLICAR, {"id": firmante.id, "publica": firmante.publica, "en": ahora})


def publicadas() -> list[ClaveEstampillas]:
    """Every public key, the oldest first."""
    return list(db.session.scalars(select(ClaveEstampillas).order_by(ClaveEstampillas.creada_en, ClaveEstampillas.id)))


def vale(clave_id: str, mensaje: bytes, firma: bytes) -> bool:
    """Whether the key of that id signed the message; an unknown one never did, and takes as long to say."""
    clave = db.session.get(ClaveEstampillas, clave_id)
    publica = load_pem_public_key(clave.publica.encode()) if clave else _NINGUNA
    assert isinstance(publica, Ed25519PublicKey), "publicar only keeps Ed25519 keys"
    try:
        publica.verify(firma, mensaje)
    except InvalidSignature:
        return False
    return clave is not None


def firmo(pem: str, mensaje: bytes, firma: bytes) -> bool:
    """Whether one of the public keys of a PEM text signed the message; what is no Ed25519 key never did."""
    return any(_verifica(bloque, mensaje, firma) for bloque in _BLOQUE.findall(pem))


def _verifica(bloque: str, mensaje: bytes, firma: bytes) -> bool:
    try:
        publica = load_pem_public_key(bloque.encode())
        if not isinstance(publica, Ed25519PublicKey):
            return False
        publica.verify(firma, mensaje)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True


def _firmante(privada: Ed25519PrivateKey) -> Firmante:
    publica = privada.public_key()
    cruda = publica.public_bytes(Encoding.Raw, PublicFormat.Raw)
    pem = publica.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return Firmante(sha256(cruda).hexdigest()[:8], pem, privada)


def _guardar(privada: Ed25519PrivateKey, ruta: Path, *, reemplazar: bool) -> None:
    """Written apart with mode 600 and put in place whole, so that nobody ever reads half a key."""
    borrador = ruta.with_name(f".{ruta.name}.{secrets.token_hex(8)}")
    try:
        ruta.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(borrador, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as salida:
            salida.write(privada.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            salida.flush()
            os.fsync(salida.fileno())
        if reemplazar:
            borrador.replace(ruta)
            return
        with suppress(FileExistsError):
            os.link(borrador, ruta)
        borrador.unlink()
    except OSError as error:
        raise ClaveInservible(f"No se puede escribir la clave de las estampillas en {ruta}.") from error
