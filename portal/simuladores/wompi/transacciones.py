"""Transactions: born PENDING, told where to pay a moment later, decided once by the bank, taken back on request."""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.simuladores.maquinaria.almacen import Almacen
from portal.simuladores.wompi import protocolo
from portal.simuladores.wompi.ajustes import Ajustes

# decision -> what the transaction says then
DECISIONES = {
    "aprobar": ("APPROVED", None),
    "rechazar": ("DECLINED", "Fondos insuficientes"),
    "cancelar": ("DECLINED", "La transacción fue cancelada por el usuario"),
    "fallar": ("ERROR", "La entidad financiera no pudo procesar la transacción"),
}
ABANDONADA = ("DECLINED", "PSE canceló la transacción: el banco no la confirmó")
REVERTIDA = ("VOIDED", "La transacción fue anulada")
# PSE asks the bank three times in this long, and then cancels.
_VIDA_SEGUNDOS = 21 * 60


class NoPermitido(Exception):
    """The transaction is not in a state for that move."""


class ReferenciaUsada(Exception):
    """Another transaction has that reference."""


@dataclass(frozen=True)
class Transaccion:
    """One transaction as a page or a test sees it."""

    fila: sqlite3.Row
    pedido: dict[str, Any]
    # Whether its address can be told already.
    con_direccion: bool

    @property
    def abierta(self) -> bool:
        """Whether the payer can still decide at the bank."""
        return self.fila["estado"] == "PENDING" and not self.fila["en_el_banco"]

    @property
    def banco(self) -> str:
        return str(self.pedido["payment_method"]["financial_institution_code"])


class Transacciones:
    """Every move on transactions. `al_cambiar(id)` is called after each that gives one a final state."""

    def __init__(self, almacen: Almacen, ajustes: Ajustes, al_cambiar: Callable[[str], None]) -> None:
        self._almacen, self._ajustes, self._al_cambiar = almacen, ajustes, al_cambiar

    def crear(self, pedido: dict[str, Any]) -> Transaccion:
        """A new transaction. Raises `ReferenciaUsada`."""
        ahora = time.time()
        identificador = f"1{secrets.randbelow(9000) + 1000}-{ahora:.0f}-{secrets.randbelow(90_000) + 10_000}"
        guardado = {
            k: v for k, v in pedido.items() if k not in ("acceptance_token", "accept_personal_auth", "signature")
        }
        cus = str(secrets.randbelow(900_000_000) + 100_000_000)
        valores = (identificador, pedido["reference"], secrets.token_hex(16), json.dumps(guardado), ahora, cus)
        orden = "INSERT INTO transaccion (id, referencia, token, pedido, creada, cus) VALUES (?,?,?,?,?,?)"
        try:
            with self._almacen.escribir() as conexion:
                conexion.execute(orden, valores)
        except sqlite3.IntegrityError:
            raise ReferenciaUsada from None
        nueva = self.ver("id", identificador)
        if nueva is None:
            raise RuntimeError("the transaction just written is not there")
        return nueva

    def ver(self, columna: str, valor: str) -> Transaccion | None:
        """A transaction as it is at this moment, by its `id`, `token` or `referencia`."""
        self.avanzar()
        consulta = {
            "id": "SELECT * FROM transaccion WHERE id = ?",
            "token": "SELECT * FROM transaccion WHERE token = ?",
            "referencia": "SELECT * FROM transaccion WHERE referencia = ?",
        }[columna]
        with self._almacen.leer() as conexion:
            fila = conexion.execute(consulta, (valor,)).fetchone()
        return Transaccion(fila, json.loads(fila["pedido"]), self._con_direccion(fila)) if fila else None

    def decidir(self, identificador: str, decision: str, *, segundos: float = 0, luego: str | None = None) -> None:
        """The payer decides at the bank; `luego` after `segundos` resolves what was left pending. Raises `NoPermitido`."""
        if decision != "pendiente":
            self._terminar(identificador, DECISIONES[decision], en_el_banco=False)
            return
        cuando = time.time() + segundos / self._ajustes.aceleracion if luego else None
        orden = (
            "UPDATE transaccion SET en_el_banco = 1, resolver_en = ?, resolver_como = ? "
            "WHERE id = ? AND estado = 'PENDING' AND en_el_banco = 0"
        )
        with self._almacen.escribir() as conexion:
            if conexion.execute(orden, (cuando, luego, identificador)).rowcount != 1:
                raise NoPermitido

    def resolver(self, identificador: str, decision: str) -> None:
        """The bank decides what was left pending. Raises `NoPermitido` when it is not pending any more."""
        self._terminar(identificador, DECISIONES[decision])

    def revertir(self, identificador: str) -> None:
        """Take an approved payment back. Raises `NoPermitido`."""
        valores = (*REVERTIDA, protocolo.iso(time.time()), identificador)
        orden = "UPDATE transaccion SET estado = ?, mensaje = ?, finalizada = ? WHERE id = ? AND estado = 'APPROVED'"
        with self._almacen.escribir() as conexion:
            if conexion.execute(orden, valores).rowcount != 1:
                raise NoPermitido
        self._al_cambiar(identificador)

    def caducar(self, identificador: str) -> None:
        """Bring to now the moment at which PSE gives up a transaction that nobody paid."""
        with self._almacen.escribir() as conexion:
            conexion.execute("UPDATE transaccion SET creada = 0 WHERE id = ?", (identificador,))
        self.avanzar()

    def avanzar(self) -> None:
        """Do what time alone does."""
        ahora = time.time()
        caducas = ahora - _VIDA_SEGUNDOS / self._ajustes.aceleracion
        with self._almacen.leer() as conexion:
            debidas = conexion.execute(
                "SELECT id, resolver_como FROM transaccion WHERE estado = 'PENDING' AND resolver_en <= ?", (ahora,)
            ).fetchall()
            abandonadas = conexion.execute(
                "SELECT id FROM transaccion WHERE estado = 'PENDING' AND en_el_banco = 0 AND creada <= ?", (caducas,)
            ).fetchall()
            abiertas = conexion.execute(
                "SELECT * FROM transaccion WHERE estado = 'PENDING' AND en_el_banco = 0"
            ).fetchall()
        for fila in debidas:
            self._sin_protestar(fila["id"], DECISIONES[fila["resolver_como"]])
        for fila in abandonadas:
            self._sin_protestar(fila["id"], ABANDONADA)
        for fila in abiertas if self._ajustes.simultanea else ():
            self._resolver_como_el_sandbox(fila, ahora)

    def _resolver_como_el_sandbox(self, fila: sqlite3.Row, ahora: float) -> None:
        """Nobody visits the sandbox's bank: address and result come together."""
        banco = json.loads(fila["pedido"])["payment_method"]["financial_institution_code"]
        if banco in protocolo.DECIDIDOS and self._paso_la_demora(fila, ahora):
            self._sin_protestar(fila["id"], DECISIONES[protocolo.DECIDIDOS[banco]])

    def _con_direccion(self, fila: sqlite3.Row) -> bool:
        if self._ajustes.simultanea:
            return bool(fila["estado"] != "PENDING")
        return self._paso_la_demora(fila, time.time())

    def _paso_la_demora(self, fila: sqlite3.Row, ahora: float) -> bool:
        demora = float(self._almacen.interruptor("demora_url") or self._ajustes.demora_url)
        return bool(fila["creada"] + demora / self._ajustes.aceleracion <= ahora)

    def _sin_protestar(self, identificador: str, fin: tuple[str, str | None]) -> None:
        try:
            self._terminar(identificador, fin)
        except NoPermitido:
            return  # somebody else made the move first

    def _terminar(self, identificador: str, fin: tuple[str, str | None], *, en_el_banco: bool = True) -> None:
        """Give it its final state; without `en_el_banco`, only while the payer has not decided."""
        valores = (*fin, protocolo.iso(time.time()), identificador, en_el_banco)
        orden = (
            "UPDATE transaccion SET estado = ?, mensaje = ?, finalizada = ?, resolver_en = NULL "
            "WHERE id = ? AND estado = 'PENDING' AND en_el_banco <= ?"
        )
        with self._almacen.escribir() as conexion:
            if conexion.execute(orden, valores).rowcount != 1:
                raise NoPermitido
        self._al_cambiar(identificador)
