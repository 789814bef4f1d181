"""Bytes that no browser sends, straight to the socket of the real server: refused, and the server goes on (B-12, B-13)."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.portal_en_marcha import PortalEnMarcha

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)


def responder(portal: PortalEnMarcha, crudo: bytes) -> int:
    """The status of the answer; 0 when the server just hangs up."""
    partes = urlsplit(portal.url)
    with socket.create_connection((partes.hostname, partes.port), timeout=20) as conexion:
        conexion.sendall(crudo)
        recibido = conexion.recv(65536)
    return int(recibido.split(b" ", 2)[1]) if recibido.startswith(b"HTTP/1.") else 0


def test_lo_mal_formado_se_rechaza_y_el_servidor_sigue(portal: PortalEnMarcha) -> None:
    host = b"Host: 127.0.0.1\r\n"
    formulario = b"Content-Type: application/x-www-form-urlencoded\r\n"
    malos = {
        "without a host": b"GET /consulta HTTP/1.1\r\n\r\n",
        "two hosts": b"GET /consulta HTTP/1.1\r\n" + host + b"Host: malo.test\r\n\r\n",
        "a foreign host": b"GET /consulta HTTP/1.1\r\nHost: malo.test\r\n\r\n",
        "length and chunks at once": b"POST /consulta HTTP/1.1\r\n"
        + host
        + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two lengths": b"POST /consulta HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "a folded header": b"GET /consulta HTTP/1.1\r\n" + host + b"X-A: 1\r\n 2\r\n\r\n",
        "a control byte": b"GET /consulta HTTP/1.1\r\n" + host + b"X-A: a\x01b\r\n\r\n",
        "a space before the colon": b"GET /consulta HTTP/1.1\r\n" + host + b"X-A : 1\r\n\r\n",
        "a huge header": b"GET /consulta HTTP/1.1\r\n" + host + b"X-A: " + b"a" * 9000 + b"\r\n\r\n",
        "too many headers": b"GET /consulta HTTP/1.1\r\n"
        + host
        + b"".join(b"X-%d: 1\r\n" % n for n in range(101))
        + b"\r\n",
        "a huge address": b"GET /consulta?" + b"a" * 5000 + b" HTTP/1.1\r\n" + host + b"\r\n",
        "an unknown coding": b"POST /consulta HTTP/1.1\r\n" + host + formulario + b"Transfer-Encoding: raro\r\n\r\n",
        "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    }
    for que, crudo in malos.items():
        estado = responder(portal, crudo)
        assert estado == 0 or 400 <= estado < 502, f"{que}: {estado}"
        assert estado != 500, que
    assert responder(portal, b"GET /salud HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n") == 200
