"""Sessions and their transactions: the moves that the protocol allows, each made once whoever asks.

A refused attempt leaves the session open until the limit; a debit in progress keeps it from ending, even past its expiry.
"""

import json
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.simuladores.maquinaria.almacen import Almacen
from portal.simuladores.placetopay import protocolo
from portal.simuladores.placetopay.ajustes import Ajustes

_EN_ESPERA = "Transacción pendiente. Por favor consulte con su entidad financiera si el débito fue realizado"
# decision -> what the transaction says: word, reason, message
DECISIONES = {
    "aprobar": ("APPROVED", "00", "Aprobada"),
    "rechazar": ("REJECTED", "51", "Negada, fondos insuficientes"),
    "fallar": ("FAILED", "XX", "La entidad financiera no pudo procesar la transacción"),
    "pendiente": ("PENDING", "?-", _EN_ESPERA),
}
APROBADA = ("APPROVED", "00", "La petición ha sido aprobada exitosamente")
PENDIENTE = ("PENDING", "PT", "La petición se encuentra pendiente")
RECHAZADA = ("REJECTED", "XN", "Se ha rechazado la petición")
CADUCADA = ("REJECTED", "EX", "La petición ha expirado")
DEJADA = ("REJECTED", "?C", "La petición ha sido cancelada por el usuario")
ANULADA = ("REJECTED", "MC", "La petición ha sido cancelada por el comercio")


class NoPermitido(Exception):
    """The session is not in a state for that move."""


@dataclass(frozen=True)
class Sesion:
    """One session as a page or a test sees it."""

    fila: sqlite3.Row
    pedido: dict[str, Any]
    transacciones: list[sqlite3.Row]

    @property
    def abierta(self) -> bool:
        return bool(self.fila["estado"] == "PENDING")

    @property
    def en_curso(self) -> bool:
        return any(t["estado"] == "PENDING" for t in self.transacciones)


class Sesiones:
    """Every move on sessions. `al_terminar(id)` is called once for each session that ends, after the move is kept."""

    def __init__(self, almacen: Almacen, ajustes: Ajustes, al_terminar: Callable[[int], None]) -> None:
        self._almacen, self._ajustes, self._al_terminar = almacen, ajustes, al_terminar

    def crear(self, pedido: dict[str, Any]) -> tuple[int, str]:
        """Create a session; its number and the payer's address. Raises `PedidoInvalido`."""
        ahora = datetime.now(UTC)
        vence = protocolo.exigir_pedido(pedido, ahora)
        caduca = ahora.timestamp() + (vence - ahora).total_seconds() / self._ajustes.aceleracion
        token = secrets.token_hex(16)
        with self._almacen.escribir() as conexion:
            valores = (token, "", ahora.timestamp(), caduca, *PENDIENTE, protocolo.iso(ahora))
            orden = "INSERT INTO sesion (token, pedido, creada, vence, estado, motivo, mensaje, fecha) VALUES (?,?,?,?,?,?,?,?)"
            numero = int(conexion.execute(orden, valores).lastrowid or 0)
            direccion = f"{self._ajustes.url}/session/{numero}/{token}"
            guardado = json.dumps(protocolo.eco(pedido, direccion, vence), default=str)
            conexion.execute("UPDATE sesion SET pedido = ? WHERE id = ?", (guardado, numero))
        return numero, direccion

    def ver(self, numero: int) -> Sesion | None:
        """A session as it is at this moment."""
        self.avanzar()
        with self._almacen.leer() as conexion:
            fila = conexion.execute("SELECT * FROM sesion WHERE id = ?", (numero,)).fetchone()
            transacciones = conexion.execute(
                "SELECT * FROM transaccion WHERE sesion_id = ? ORDER BY id", (numero,)
            ).fetchall()
        return Sesion(fila, json.loads(fila["pedido"]), transacciones) if fila else None

    def intentar(
        self, numero: int, banco: str, decision: str, *, segundos: float = 0, luego: str | None = None
    ) -> None:
        """The payer decides at the bank; `luego` after `segundos` resolves what was left pending. Raises `NoPermitido`."""
        sesion = self.ver(numero)
        if sesion is None or not sesion.abierta or sesion.en_curso:
            raise NoPermitido
        ahora = datetime.now(UTC)
        cuando = ahora.timestamp() + segundos / self._ajustes.aceleracion if luego else None
        valores = (numero, *DECISIONES[decision], protocolo.iso(ahora), banco, _cus(), cuando, luego)
        orden = (
            "INSERT INTO transaccion (sesion_id, estado, motivo, mensaje, fecha, banco, cus, resolver_en, resolver_como) "
            "VALUES (?,?,?,?,?,?,?,?,?)"
        )
        try:
            with self._almacen.escribir() as conexion:
                conexion.execute(orden, valores)
                terminada = self._concluir(conexion, numero)
        except sqlite3.IntegrityError:
            raise NoPermitido from None
        self._avisar(terminada, numero)

    def resolver(self, transaccion: int, decision: str) -> None:
        """Decide a pending transaction. Raises `NoPermitido` when it is not pending any more."""
        with self._almacen.escribir() as conexion:
            numero, terminada = self._resolver(conexion, transaccion, decision)
        self._avisar(terminada, numero)

    def dejar(self, numero: int) -> None:
        """The payer gives up. Raises `NoPermitido`."""
        self._cerrar(numero, DEJADA)

    def anular(self, numero: int) -> None:
        """The merchant cancels: only without an approved payment and without one in progress. Raises `NoPermitido`."""
        self._cerrar(numero, ANULADA)

    def reversar(self, *, transaccion: int = 0, sesion: int = 0) -> bool:
        """Take back an approved transaction, by its number or its session's; False when there is none to take back."""
        orden = "UPDATE transaccion SET reversada = 1 WHERE (id = ? OR sesion_id = ?) AND estado = 'APPROVED' AND reversada = 0"
        with self._almacen.escribir() as conexion:
            return conexion.execute(orden, (transaccion, sesion)).rowcount == 1

    def caducar(self, numero: int) -> None:
        """Bring the expiry of a session forward to now."""
        with self._almacen.escribir() as conexion:
            conexion.execute("UPDATE sesion SET vence = 0 WHERE id = ?", (numero,))
        self.avanzar()

    def avanzar(self) -> None:
        """Do what time alone does: resolve what was due, then end what expired."""
        ahora = datetime.now(UTC).timestamp()
        with self._almacen.leer() as conexion:
            debidas = conexion.execute(
                "SELECT id, resolver_como FROM transaccion WHERE estado = 'PENDING' AND resolver_en <= ?", (ahora,)
            ).fetchall()
            caducas = conexion.execute(
                "SELECT id FROM sesion WHERE estado = 'PENDING' AND vence <= ? AND NOT EXISTS "
                "(SELECT 1 FROM transaccion WHERE sesion_id = sesion.id AND estado = 'PENDING')",
                (ahora,),
            ).fetchall()
        for fila in debidas:
            self._sin_protestar(self.resolver, fila["id"], fila["resolver_como"])
        for fila in caducas:
            self._sin_protestar(self._cerrar, fila["id"], CADUCADA)

    def _sin_protestar(self, mover: Callable[..., None], *datos: Any) -> None:
        try:
            mover(*datos)
        except NoPermitido:
            return  # somebody else made the move first

    def _resolver(self, conexion: sqlite3.Connection, transaccion: int, decision: str) -> tuple[int, bool]:
        valores = (*DECISIONES[decision], protocolo.iso(datetime.now(UTC)), transaccion)
        orden = (
            "UPDATE transaccion SET estado = ?, motivo = ?, mensaje = ?, fecha = ?, resolver_en = NULL "
            "WHERE id = ? AND estado = 'PENDING'"
        )
        if conexion.execute(orden, valores).rowcount != 1:
            raise NoPermitido
        numero = conexion.execute("SELECT sesion_id FROM transaccion WHERE id = ?", (transaccion,)).fetchone()[
            "sesion_id"
        ]
        return numero, self._concluir(conexion, numero)

    def _concluir(self, conexion: sqlite3.Connection, numero: int) -> bool:
        """End the session if its transactions say so; whether they did."""
        filas = conexion.execute("SELECT estado FROM transaccion WHERE sesion_id = ? ORDER BY id", (numero,)).fetchall()
        estados = [fila["estado"] for fila in filas]
        if "APPROVED" in estados:
            return self._terminar(conexion, numero, APROBADA)
        if "PENDING" in estados:
            return False
        # The network failing leaves nothing to try again in the same session.
        if estados[-1] == "FAILED" or estados.count("REJECTED") >= self._ajustes.intentos:
            return self._terminar(conexion, numero, RECHAZADA)
        return False

    def _cerrar(self, numero: int, fin: tuple[str, str, str]) -> None:
        with self._almacen.escribir() as conexion:
            vivas = "SELECT 1 FROM transaccion WHERE sesion_id = ? AND estado IN ('PENDING', 'APPROVED')"
            terminada = conexion.execute(vivas, (numero,)).fetchone() is None and self._terminar(conexion, numero, fin)
        if not terminada:
            raise NoPermitido
        self._avisar(terminada, numero)

    def _terminar(self, conexion: sqlite3.Connection, numero: int, fin: tuple[str, str, str]) -> bool:
        orden = "UPDATE sesion SET estado = ?, motivo = ?, mensaje = ?, fecha = ? WHERE id = ? AND estado = 'PENDING'"
        return conexion.execute(orden, (*fin, protocolo.iso(datetime.now(UTC)), numero)).rowcount == 1

    def _avisar(self, terminada: bool, numero: int) -> None:
        if terminada:
            self._al_terminar(numero)


def _cus() -> str:
    return str(secrets.randbelow(900_000_000) + 100_000_000)
