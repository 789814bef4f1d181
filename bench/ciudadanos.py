"""Citizens who look something up: each with a browser (session and token of its forms) and an address of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.servidor import Conexion, RondaInvalida

# A proxy that ends https, as in the documented deployment: the portal is told who asks by its headers.
ENTORNO = {"PORTAL_PROXIES": "1", "PORTAL_URL": "https://localhost"}
# What one address may ask in ten minutes is 30, and one browser asks for ten persons in an hour.
CONSULTAS_DE_CADA_UNO = 8
_FICHA = re.compile(rb'name="csrf(?:_token|middlewaretoken)" value="([^"]+)"')


@dataclass(frozen=True)
class Ciudadano:
    """A browser at an address."""

    direccion: str
    cookie: str
    ficha: str

    def consultar(self, documento: str, *, htmx: bool = True, **mas: str) -> bytes:
        """The look-up of a person's trámites."""
        cuerpo = {"csrf_token": self.ficha, "tipo_pago": "tramite", "documento": documento, **mas}
        return self.enviar("/consulta", cuerpo, htmx=htmx)

    def enviar(self, ruta: str, cuerpo: dict[str, str], *, htmx: bool = False, destino: str = "resultados") -> bytes:
        """A form of the portal."""
        datos = urlencode(cuerpo).encode()
        cabeceras = {
            **_de(self.direccion),
            "Cookie": self.cookie,
            "Referer": "https://localhost/consulta",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(datos)),
            **({"HX-Request": "true", "HX-Target": destino} if htmx else {}),
        }
        return peticion("POST", ruta, cabeceras) + datos


def peticion(metodo: str, ruta: str, cabeceras: dict[str, str] | None = None) -> bytes:
    """A request as it travels, without its body."""
    lineas = [f"{metodo} {ruta} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in (cabeceras or {}).items())]
    return ("\r\n".join(lineas) + "\r\n\r\n").encode()


def _de(direccion: str) -> dict[str, str]:
    return {"X-Forwarded-For": direccion, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "localhost"}


def llegar(puerto: int, cuantos: int, desde: int = 0) -> list[Ciudadano]:
    """Open the page of the look-up in that many browsers, each of another network."""
    with Conexion(puerto) as conexion:
        return [_abrir(conexion, f"10.{n // 250}.{n % 250}.9") for n in range(desde, desde + cuantos)]


def _abrir(conexion: Conexion, direccion: str) -> Ciudadano:
    dicho = conexion.pedir(peticion("GET", "/consulta", _de(direccion)))
    cookie, ficha = re.search(rb"set-cookie: ([^;\r]+)", dicho.cabeceras, re.IGNORECASE), _FICHA.search(dicho.cuerpo)
    if dicho.estado != 200 or cookie is None or ficha is None:
        raise RondaInvalida(f"no form at /consulta: {dicho.estado}")
    return Ciudadano(direccion, cookie[1].decode(), ficha[1].decode())


def turnos(ciudadanos: list[Ciudadano]) -> Iterator[Ciudadano]:
    """One after another, each as often as the portal lets a person ask. Ends when all have asked."""
    for _ in range(CONSULTAS_DE_CADA_UNO):
        yield from ciudadanos
