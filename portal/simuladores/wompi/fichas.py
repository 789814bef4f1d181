"""Acceptance tokens: JWTs that last one hour and serve once, even for a creation that was then refused."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from typing import Any

from portal.simuladores.maquinaria.almacen import Almacen
from portal.simuladores.wompi.ajustes import Ajustes

_VIDA_SEGUNDOS = 3600
DOCUMENTOS = {"acceptance_token": "END_USER_POLICY", "accept_personal_auth": "PERSONAL_DATA_AUTH"}


class FichaInvalida(Exception):
    """A token that does not serve; the message is what the gateway says."""


class Fichas:
    """Issues and takes acceptance tokens."""

    def __init__(self, almacen: Almacen, ajustes: Ajustes) -> None:
        self._almacen, self._ajustes = almacen, ajustes

    def emitir(self, tipo: str) -> dict[str, str]:
        """The token of one document, as the merchant's answer carries it."""
        enlace = f"{self._ajustes.url}/documentos/{tipo}"
        ahora = time.time()
        datos = {
            "contract_id": list(DOCUMENTOS).index(tipo) + 1,
            "permalink": enlace,
            "jit": f"{ahora:.0f}-{secrets.randbelow(100_000)}-{secrets.token_hex(4)}",
            "type": DOCUMENTOS[tipo],
            "exp": int(ahora + _VIDA_SEGUNDOS / self._ajustes.aceleracion),
        }
        partes = [_b64(json.dumps(x, separators=(",", ":")).encode()) for x in ({"alg": "HS256"}, datos)]
        firmada = ".".join([*partes, _b64(self._firmar(".".join(partes)))])
        return {"acceptance_token": firmada, "permalink": enlace, "type": DOCUMENTOS[tipo]}

    def exigir(self, ficha: str, tipo: str) -> None:
        """Check a token and mark it used. Raises `FichaInvalida`."""
        datos = self._abrir(ficha)
        if datos.get("type") != DOCUMENTOS[tipo]:
            raise FichaInvalida("El token de aceptación no corresponde al documento.")
        if datos["exp"] < time.time():
            raise FichaInvalida("El token de aceptación ha expirado.")
        try:
            with self._almacen.escribir() as conexion:
                conexion.execute("INSERT INTO ficha_usada (jit) VALUES (?)", (datos["jit"],))
        except sqlite3.IntegrityError:
            raise FichaInvalida("El token de aceptación ya fue usado.") from None

    def _abrir(self, ficha: str) -> dict[str, Any]:
        partes = ficha.split(".")
        try:
            firma = _de_b64(partes[2])
            datos: dict[str, Any] = json.loads(_de_b64(partes[1]))
        except (IndexError, ValueError, binascii.Error):
            raise FichaInvalida("El token de aceptación no tiene el formato esperado.") from None
        if len(partes) != 3 or not hmac.compare_digest(firma, self._firmar(".".join(partes[:2]))):
            raise FichaInvalida("El token de aceptación no es válido.")
        return datos

    def _firmar(self, texto: str) -> bytes:
        return hmac.digest(self._ajustes.privada.encode(), texto.encode(), hashlib.sha256)


def _b64(crudo: bytes) -> str:
    return base64.urlsafe_b64encode(crudo).decode().rstrip("=")


def _de_b64(texto: str) -> bytes:
    return base64.urlsafe_b64decode(texto + "=" * (-len(texto) % 4))
