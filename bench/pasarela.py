"""A gateway that answers at once, in a process of its own: `python -m bench.pasarela <socket> [<sessions>]`.

It speaks what the portal asks of PlacetoPay (create a session, ask about one) and nothing else, as cheaply as Python can, so
that what is measured is the portal. A payer who opens the address of a session has paid it, and is told what the gateway
would notify (it notifies nobody by itself) and where to come back to.
"""

import asyncio
import hashlib
import json
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.servidor import Servidor, escuchando, servidor

LOGIN, CLAVE = "comercio-del-banco-de-pruebas", "clave-del-banco-de-pruebas"
_FECHA = "2026-06-01T10:00:00-05:00"
_PRIMERA_PROPIA = 1_000_000_000


@dataclass(frozen=True)
class Sesion:
    """One payment as the gateway knows it; `total` is the number of pesos as it is written in JSON."""

    id: int
    referencia: str
    total: str
    aprobada: bool = True


def ajustes(puerto: int) -> dict[str, str]:
    """The settings with which a portal asks it."""
    return {
        "PORTAL_PASARELA": "placetopay",
        "PLACETOPAY_URL": f"http://127.0.0.1:{puerto}",
        "PLACETOPAY_LOGIN": LOGIN,
        "PLACETOPAY_CLAVE": CLAVE,
    }


def aviso(sesion: Sesion) -> bytes:
    """The notification of an approved session, signed as the protocol says."""
    firma = hashlib.sha256(f"{sesion.id}APPROVED{_FECHA}{CLAVE}".encode()).hexdigest()
    return json.dumps(
        {
            "status": {"status": "APPROVED", "reason": "00", "message": "Aprobada", "date": _FECHA},
            "requestId": sesion.id,
            "reference": sesion.referencia,
            "signature": f"sha256:{firma}",
        }
    ).encode()


@contextmanager
def en_marcha(carpeta: Path, sesiones: Iterable[Sesion] = ()) -> Iterator[Servidor]:
    """Run it, knowing those sessions."""
    archivo = carpeta / "sesiones.json"
    archivo.write_text(json.dumps([[s.id, s.referencia, s.total, s.aprobada] for s in sesiones]))
    with escuchando() as escucha:
        orden = [sys.executable, "-m", "bench.pasarela", str(escucha.fileno()), str(archivo)]
        with servidor(orden, escucha, None) as esta:
            yield esta


class _Pasarela:
    """The sessions, and what is said of them."""

    def __init__(self, url: str, sesiones: Iterable[Sesion]) -> None:
        self._url = url
        self._sesiones = {s.id: s for s in sesiones}
        self._vueltas: dict[int, str] = {}

    def atender(self, metodo: bytes, ruta: str, cuerpo: bytes) -> tuple[int, str]:
        """Status and JSON of one request."""
        partes = ruta.strip("/").split("/")
        if metodo == b"GET":
            return self._visitar(partes)
        if b'"login": "' + LOGIN.encode() not in cuerpo:
            return 401, json.dumps({"status": _dicho("FAILED", "100", "Autenticación fallida")})
        if partes == ["api", "session"]:
            return 200, self._crear(json.loads(cuerpo, parse_float=str, parse_int=str))
        sesion = self._sesiones.get(int(partes[2])) if len(partes) == 3 and partes[2].isdigit() else None
        if sesion is None:
            return 404, json.dumps({"status": _dicho("FAILED", "request_not_valid", "No existe")})
        return 200, _contar(sesion)

    def _visitar(self, partes: list[str]) -> tuple[int, str]:
        if len(partes) == 2 and partes[0] == "pagar":
            sesion = self._sesiones[int(partes[1])]
            self._sesiones[sesion.id] = Sesion(sesion.id, sesion.referencia, sesion.total)
            return 200, json.dumps({"aviso": aviso(sesion).decode(), "vuelta": self._vueltas[sesion.id]})
        return 200, "{}"

    def _crear(self, pedido: dict[str, Any]) -> str:
        numero = _PRIMERA_PROPIA + len(self._sesiones)
        pago = pedido["payment"]
        self._sesiones[numero] = Sesion(numero, str(pago["reference"]), pago["amount"]["total"], aprobada=False)
        self._vueltas[numero] = pedido["returnUrl"]
        direccion = f"{self._url}/pagar/{numero}"
        return json.dumps({"status": _dicho("OK", "PC", "Creada"), "requestId": numero, "processUrl": direccion})


def _dicho(palabra: str, motivo: str, mensaje: str) -> dict[str, str]:
    return {"status": palabra, "reason": motivo, "message": mensaje, "date": _FECHA}


def _contar(sesion: Sesion) -> str:
    """What is answered of a session. The amounts go in as they came: they are numbers, and exact."""
    importe = f'{{"currency": "COP", "total": {sesion.total}}}'
    aprobado = json.dumps(_dicho("APPROVED", "00", "Aprobada"))
    estado = aprobado if sesion.aprobada else json.dumps(_dicho("PENDING", "PT", "Pendiente"))
    pago = (
        f'[{{"status": {aprobado}, "internalReference": {sesion.id}, "paymentMethod": "pse", "issuerName": "BANCO",'
        f' "amount": {{"from": {importe}, "to": {importe}, "factor": 1}}, "authorization": "{sesion.id}",'
        f' "reference": "{sesion.referencia}", "receipt": "{sesion.id}", "franchise": "_PSE_", "refunded": false,'
        f' "processorFields": [{{"keyword": "trazabilyCode", "value": "{sesion.id}", "displayOn": "none"}}]}}]'
    )
    return (
        f'{{"requestId": {sesion.id}, "status": {estado}, "request": {{"payment": {{"reference": "{sesion.referencia}",'
        f' "amount": {importe}}}}}, "payment": {pago if sesion.aprobada else "null"}, "subscription": null}}'
    )


class _Conversacion(asyncio.Protocol):
    """One connection; it stays open for as long as whoever opened it wants."""

    def __init__(self, pasarela: _Pasarela) -> None:
        self._pasarela, self._llegado = pasarela, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._salida = transport

    def data_received(self, data: bytes) -> None:
        self._llegado += data
        cabeza, separador, resto = self._llegado.partition(b"\r\n\r\n")
        if not separador:
            return
        lineas = cabeza.split(b"\r\n")
        largo = next((int(x.split(b":")[1]) for x in lineas if x.lower().startswith(b"content-length:")), 0)
        if len(resto) < largo:
            return
        self._llegado = resto[largo:]
        metodo, ruta, _ = lineas[0].split(b" ", 2)
        estado, dicho = self._pasarela.atender(metodo, ruta.decode(), resto[:largo])
        cuerpo = dicho.encode()
        self._salida.write(
            b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (estado, len(cuerpo))
            + cuerpo
        )


async def _servir(escucha: socket.socket, sesiones: Iterable[Sesion]) -> None:
    pasarela = _Pasarela(f"http://127.0.0.1:{escucha.getsockname()[1]}", sesiones)
    donde = await asyncio.get_running_loop().create_server(lambda: _Conversacion(pasarela), sock=escucha)
    await donde.serve_forever()


if __name__ == "__main__":
    leidas = json.loads(Path(sys.argv[2]).read_text())
    asyncio.run(_servir(socket.socket(fileno=int(sys.argv[1])), [Sesion(*una) for una in leidas]))
