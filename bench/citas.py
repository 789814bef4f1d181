"""People before the portal: each with a browser's session and an address of their own, so that the real limits stay on."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urlsplit

from bench.ciudadanos import SITIO, del_proxy, galleta_de, peticion, red
from bench.servidor import Conexion, Respuesta, RondaInvalida

Campos = Mapping[str, str | Sequence[str]]
_PAGADOR = {
    "tipo_persona": "natural",
    "tipo_documento": "CC",
    "documento": "1212312323",
    "nombre": "Persona de Prueba",
    "correo": "p@banco.test",
    "telefono": "3001234567",
}


@dataclass(frozen=True)
class Banco:
    """The bank's page of the gateway (`bench.pasarela`)."""

    puerto: int

    def pagar(self, direccion: str) -> tuple[bytes, str]:
        """Pay in that session: what the gateway notifies, and the portal's page to come back to."""
        with Conexion(self.puerto) as conexion:
            dicho = conexion.pedir(peticion("GET", _ruta(direccion)))
        leido = json.loads(dicho.cuerpo)
        return leido["aviso"].encode(), _ruta(leido["vuelta"])


@dataclass
class Visitante:
    """One of them, who goes from page to page; `cual` gives the address."""

    puerto: int
    cual: int
    documento: str
    _galleta: str = ""
    _token: str = ""

    def consultar(self) -> None:
        """Look up what is theirs, as the page does it. Raises `RondaInvalida` when it is not found, and `OSError`."""
        with Conexion(self.puerto) as conexion:
            self._entrar(conexion, "/consulta")
            datos = {"tipo_pago": "tramite", "documento": self.documento}
            dicho = self._enviar(conexion, "/consulta", datos, htmx=True)
        _exigir(dicho, 200, b"2 registros")

    def descargar(self, codigo: str) -> None:
        """Their liquidación as PDF, by its public link."""
        with Conexion(self.puerto) as conexion:
            dicho = self._pedir(conexion, "GET", f"/liquidacion/{codigo}.pdf")
        _exigir(dicho, 200, b"%PDF-")

    def pagar(self, banco: Banco) -> None:
        """The whole way of a payment, until its page says that it was approved."""
        with Conexion(self.puerto) as conexion:
            self._entrar(conexion, "/pago")
            hallado = self._enviar(conexion, "/pago", {"tipo_pago": "tramite", "documento": self.documento})
            facturas = re.findall(r'name="factura"[^>]* value="(\d+)"', hallado.cuerpo.decode())
            datos = {"sello": _oculto(hallado, "sello"), "factura": facturas, **_PAGADOR}
            revision = self._enviar(conexion, "/pago/revisar", datos)
            confirmado = {"sello": _oculto(revision, "sello"), "clave": _oculto(revision, "clave"), **_PAGADOR}
            al_banco = self._enviar(conexion, "/pago/pagar", confirmado)
            _exigir(al_banco, 303)
            aviso, vuelta = banco.pagar(_cabecera(al_banco, "location"))
            _exigir(conexion.pedir(_notificacion(aviso)), 200, b"recibida")
            _exigir(self._pedir(conexion, "GET", vuelta), 200, "Transacción aprobada".encode())

    def _entrar(self, conexion: Conexion, ruta: str) -> None:
        """Open the page once, for the browser to have a session and its forms a token."""
        if not self._token:
            dicho = self._pedir(conexion, "GET", ruta)
            _exigir(dicho, 200)
            self._token = _oculto(dicho, "csrf_token")

    def _enviar(self, conexion: Conexion, ruta: str, datos: Campos, *, htmx: bool = False) -> Respuesta:
        """Send a form as the page does."""
        cuerpo = urlencode({"csrf_token": self._token, **datos}, doseq=True).encode()
        cabeceras = {"Referer": f"{SITIO}/", "Content-Type": "application/x-www-form-urlencoded"}
        return self._pedir(conexion, "POST", ruta, cabeceras | ({"HX-Request": "true"} if htmx else {}), cuerpo)

    def _pedir(
        self, conexion: Conexion, metodo: str, ruta: str, cabeceras: dict[str, str] | None = None, cuerpo: bytes = b""
    ) -> Respuesta:
        propias = del_proxy(red(self.cual)) | ({"Cookie": self._galleta} if self._galleta else {})
        dicho = conexion.pedir(peticion(metodo, ruta, propias | (cabeceras or {}), cuerpo))
        self._galleta = galleta_de(dicho) or self._galleta
        return dicho


def _notificacion(aviso: bytes) -> bytes:
    cabeceras = del_proxy("203.0.113.7") | {"Content-Type": "application/json"}
    return peticion("POST", "/pago/notificaciones/placetopay", cabeceras, aviso)


def _exigir(dicho: Respuesta, estado: int, contenido: bytes = b"") -> None:
    if dicho.estado != estado or contenido not in dicho.cuerpo:
        raise RondaInvalida(f"{dicho.estado} without {contenido.decode()!r}: {dicho.cuerpo[:200]!r}")


def _oculto(dicho: Respuesta, nombre: str) -> str:
    hallado = re.search(rf'name="{nombre}"[^>]* value="([^"]*)"', dicho.cuerpo.decode())
    if hallado is None:
        raise RondaInvalida(f"{dicho.estado} without the field {nombre}: {dicho.cuerpo[:200]!r}")
    return unescape(hallado[1])


def _cabecera(dicho: Respuesta, nombre: str) -> str:
    """Of an answer that has it."""
    filas = (fila.split(": ", 1) for fila in dicho.cabeceras.decode("latin-1").split("\r\n") if ": " in fila)
    return next(valor for clave, valor in filas if clave.lower() == nombre)


def _ruta(direccion: str) -> str:
    return urlsplit(direccion).path
