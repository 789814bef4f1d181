"""One question to a gateway that misbehaves on the wire: always the same exception, never a worker held for long."""

import socket
import struct
from collections.abc import Callable

import pytest

from portal.pasarelas.base import NadaCreado, PasarelaNoDisponible
from portal.pasarelas.transporte import BYTES_MAXIMOS, Transporte
from tests.servidores import Goteo, contestar, servidor_crudo

PLAZO = 0.6


def _decir(datos: bytes) -> Callable[[socket.socket], None]:
    return lambda conexion: conexion.sendall(datos)


def _cortar(conexion: socket.socket) -> None:
    conexion.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conexion.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")


def _callar(conexion: socket.socket) -> None:
    conexion.recv(1)


MALAS = {
    "HTML con 200": _decir(contestar(b"<h1>Mantenimiento</h1>", tipo="text/html")),
    "HTML que dice ser JSON": _decir(contestar(b"<h1>Mantenimiento</h1>")),
    "vacia": _decir(contestar(b"")),
    "JSON a medias": _decir(contestar(b'{"status": {"sta')),
    "lista": _decir(contestar(b"[]")),
    "null": _decir(contestar(b"null")),
    "otro juego de caracteres": _decir(
        contestar('{"a": "ñ"}'.encode("latin-1"), tipo="application/json; charset=latin-1")
    ),
    "latin-1 sin decirlo": _decir(contestar('{"a": "ñ"}'.encode("latin-1"))),
    "NaN": _decir(contestar(b'{"total": NaN}')),
    "infinito": _decir(contestar(b'{"total": -Infinity}')),
    "clave repetida": _decir(contestar(b'{"total": 1, "total": 2}')),
    "muy honda": _decir(contestar(b'{"a":' * 5000 + b"1" + b"}" * 5000)),
    "entero enorme": _decir(contestar(b'{"a": ' + b"9" * 4000 + b"}")),
    "exponente enorme": _decir(contestar(b'{"a": 1e999999999}')),
    "medio sustituto": _decir(contestar(b'{"a": "\\ud800"}')),
    "demasiado grande": _decir(contestar(b'{"a": "' + b"x" * BYTES_MAXIMOS + b'"}')),
    "comprimida": _decir(contestar(b"\x1f\x8b\x08", cabeceras="Content-Encoding: gzip\r\n")),
    "redireccion": _decir(contestar(b"{}", estado="302 Found", cabeceras="Location: http://127.0.0.1:1/\r\n")),
    "500": _decir(contestar(b"{}", estado="500 Internal Server Error")),
    "502": _decir(contestar(b"{}", estado="502 Bad Gateway")),
    "429": _decir(contestar(b"{}", estado="429 Too Many Requests")),
    "no es HTTP": _decir(b"220 smtp\r\n"),
    "cerrada sin decir nada": lambda conexion: None,
    "cortada a la mitad": _cortar,
    "menos de lo anunciado": _decir(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{}"
    ),
    "cabeceras sin fin": _decir(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 60_000),
}


@pytest.mark.parametrize("nombre", MALAS)
@pytest.mark.parametrize("cuerpo", [b"{}", None], ids=["POST", "GET"])
def test_toda_respuesta_rara_es_no_disponible(nombre: str, cuerpo: bytes | None) -> None:
    with servidor_crudo(MALAS[nombre]) as url, pytest.raises(PasarelaNoDisponible) as error:
        Transporte().preguntar(url, cuerpo)
    assert not isinstance(error.value, NadaCreado), "it was asked, and may have been attended"


@pytest.mark.parametrize("hasta", range(0, 130, 7))
def test_cortada_en_cualquier_byte_es_no_disponible(hasta: int) -> None:
    """The connection closes within the answer: at every seventh byte of head and body."""
    entera = contestar(b'{"data": {"id": "1-1-1", "status": "PENDING"}}')
    with servidor_crudo(_decir(entera[: min(hasta, len(entera) - 1)])) as url, pytest.raises(PasarelaNoDisponible):
        Transporte().preguntar(url, b"{}")


def test_un_plazo_corta_antes_que_el_total() -> None:
    with servidor_crudo(_callar) as url, pytest.raises(PasarelaNoDisponible):
        Transporte().preguntar(url, plazo=PLAZO)


@pytest.mark.parametrize(
    "datos",
    [contestar(b'{"a": 1}'), b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b" " * 1000],
    ids=["desde la cabecera", "cuerpo sin fin"],
)
def test_quien_gotea_no_termina_de_contestar(datos: bytes) -> None:
    gota = Goteo(datos, 0.05)
    with servidor_crudo(gota) as url, pytest.raises(PasarelaNoDisponible):
        Transporte(segundos_total=PLAZO).preguntar(url, b"{}")
    assert not gota.completo


def test_quien_gotea_dentro_del_plazo_si_termina() -> None:
    gota = Goteo(contestar(b'{"a": 1}'), 0.001)
    with servidor_crudo(gota) as url:
        assert Transporte().preguntar(url, b"{}").cuerpo == {"a": 1}
    assert gota.completo


def test_una_pasarela_callada_es_no_disponible() -> None:
    with servidor_crudo(_callar) as url, pytest.raises(PasarelaNoDisponible):
        Transporte(segundos_total=PLAZO).preguntar(url, b"{}")


def test_nadie_escucha() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ocupado:
        puerto = ocupado.getsockname()[1]
    with pytest.raises(NadaCreado):
        Transporte().preguntar(f"http://127.0.0.1:{puerto}", b"{}")


def test_no_usa_el_proxy_del_entorno(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with servidor_crudo(_decir(contestar(b'{"a": 1.10}'))) as url:
        respuesta = Transporte().preguntar(url, b"{}")
    assert str(respuesta.cuerpo["a"]) == "1.10"


def test_no_habla_con_un_certificado_desconocido() -> None:
    with servidor_crudo(_callar) as url, pytest.raises(PasarelaNoDisponible):
        Transporte(segundos_total=PLAZO).preguntar(url.replace("http:", "https:"), b"{}")
