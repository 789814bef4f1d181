"""Citizens who look something up: each with a browser (session and token of its forms) and an address of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.servidor import Conexion, Respuesta, RondaInvalida

# A proxy that ends https, as in the documented deployment: the portal is told who asks by its headers.
SITIO = "https://localhost"
ENTORNO = {"PORTAL_PROXIES": "1", "PORTAL_URL": SITIO}
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
        cabeceras = {
            **del_proxy(self.direccion),
            "Cookie": self.cookie,
            "Referer": f"{SITIO}/consulta",
            "Content-Type": "application/x-www-form-urlencoded",
            **({"HX-Request": "true", "HX-Target": destino} if htmx else {}),
        }
        return peticion("POST", ruta, cabeceras, urlencode(cuerpo).encode())


def peticion(metodo: str, ruta: str, cabeceras: dict[str, str] | None = None, cuerpo: bytes = b"") -> bytes:
    """A request as it travels."""
    dichas = {"Host": "localhost", **(cabeceras or {}), **({"Content-Length": str(len(cuerpo))} if cuerpo else {})}
    lineas = [f"{metodo} {ruta} HTTP/1.1", *(f"{nombre}: {valor}" for nombre, valor in dichas.items())]
    return ("\r\n".join(lineas) + "\r\n\r\n").encode() + cuerpo


def del_proxy(direccion: str) -> dict[str, str]:
    """What the proxy says of who asks."""
    return {"X-Forwarded-For": direccion, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "localhost"}


def red(cual: int) -> str:
    """An address in a network of its own, for each number below 62,500."""
    return f"10.{cual // 250}.{cual % 250}.9"


def galleta_de(dicho: Respuesta) -> str:
    """The cookie that an answer puts; empty when it puts none."""
    hallada = re.search(rb"^set-cookie: ([^;\r]+)", dicho.cabeceras, re.IGNORECASE | re.MULTILINE)
    return hallada[1].decode() if hallada else ""


def llegar(puerto: int, cuantos: int, desde: int = 0) -> list[Ciudadano]:
    """Open the page of the look-up in that many browsers, each of another network."""
    with Conexion(puerto) as conexion:
        return [_abrir(conexion, red(n)) for n in range(desde, desde + cuantos)]


def _abrir(conexion: Conexion, direccion: str) -> Ciudadano:
    dicho = conexion.pedir(peticion("GET", "/consulta", del_proxy(direccion)))
    cookie, ficha = galleta_de(dicho), _FICHA.search(dicho.cuerpo)
    if dicho.estado != 200 or not cookie or ficha is None:
        raise RondaInvalida(f"no form at /consulta: {dicho.estado}")
    return Ciudadano(direccion, cookie, ficha[1].decode())


def turnos(ciudadanos: list[Ciudadano]) -> Iterator[Ciudadano]:
    """One after another, each as often as the portal lets a person ask. Ends when all have asked."""
    for _ in range(CONSULTAS_DE_CADA_UNO):
        yield from ciudadanos
