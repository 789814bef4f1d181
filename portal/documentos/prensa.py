"""The only file that knows WeasyPrint. A program of its own: lays out HTML as PDF/A-3 under hard limits, one after another.

    python -I prensa.py SECONDS MEGABYTES    with a connected socket as its standard input

It imports WeasyPrint and the standard library only; `pdf` is who runs it. Nothing is ever fetched, neither the network nor a
file, but for the fonts that ship with the portal. The same HTML gives the same bytes: neither a date nor chance goes in.
"""

import atexit
import os
import resource
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

VARIANTE = "pdf/a-3a"
MB = 1024**2
_ARCHIVO = 64 * MB
# The format asks when an attachment was made; the true answer would change the bytes every time.
_SIN_FECHA = datetime(1980, 1, 1, tzinfo=UTC)
_AQUI = Path(__file__).resolve().parent
HOJA_DE_ESTILO = _AQUI / "documento.css"
_FUENTES = _AQUI.parent / "static" / "fuentes"
# What no document has a reason for, whatever takes hold of the library that lays it out.
_PROHIBIDO = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn",
)  # fmt: skip

# Words of the answer.
LISTA, PDF, IMPOSIBLE, AVERIA = b"lista", b"pdf", b"imposible", b"averia"


class Colgaron(Exception):
    """The other side closed the connection."""


@dataclass(frozen=True)
class _Imprenta:
    """What is costly to prepare and the same for every document."""

    buscador: Any
    fuentes: Any
    estilo: Any


def enviar(conexion: socket.socket, *partes: bytes) -> None:
    """Send a message: how many parts, and each with its length."""
    conexion.sendall(len(partes).to_bytes(4, "big") + b"".join(len(p).to_bytes(8, "big") for p in partes))
    for parte in partes:
        conexion.sendall(parte)


def recibir(conexion: socket.socket) -> list[bytes]:
    """The parts of the next message. Raises `Colgaron`, and `TimeoutError` when the connection has a limit."""
    cuantas = int.from_bytes(_leer(conexion, 4), "big")
    largos = [int.from_bytes(_leer(conexion, 8), "big") for _ in range(cuantas)]
    return [_leer(conexion, largo) for largo in largos]


def _leer(conexion: socket.socket, largo: int) -> bytes:
    leido = bytearray()
    while len(leido) < largo:
        trozo = conexion.recv(min(largo - len(leido), MB))
        if not trozo:
            raise Colgaron
        leido += trozo
    return bytes(leido)


def componer(html: str, adjuntos: Sequence[tuple[str, str, bytes]] = ()) -> bytes:
    """The document, with (name, description, bytes) attached. Raises `RecursionError` and `MemoryError`."""
    from weasyprint import HTML, Attachment

    imprenta = preparar()
    contenido = b"".join([html.encode(), *(bytes_ for _, _, bytes_ in adjuntos)])
    pdf: bytes = HTML(string=html, url_fetcher=imprenta.buscador).write_pdf(
        stylesheets=[imprenta.estilo],
        font_config=imprenta.fuentes,
        pdf_variant=VARIANTE,
        pdf_identifier=sha256(contenido).hexdigest()[:32].encode(),
        attachments=[
            Attachment(
                string=bytes_,
                name=nombre,
                description=descripcion,
                created=_SIN_FECHA,
                modified=_SIN_FECHA,
                relationship="Data",
            )
            for nombre, descripcion, bytes_ in adjuntos
        ],
    )
    return pdf


@cache
def preparar() -> _Imprenta:
    """Read the style and the fonts, once."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    # The fonts are unpacked in a temporary folder, which is removed while there still is an interpreter to do it.
    atexit.register(preparar.cache_clear)
    buscador, fuentes = _solo_fuentes(), FontConfiguration()
    estilo = CSS(
        string=HOJA_DE_ESTILO.read_text(encoding="utf-8"),
        base_url=f"{_FUENTES.as_uri()}/",
        url_fetcher=buscador,
        font_config=fuentes,
    )
    return _Imprenta(buscador, fuentes, estilo)


def _solo_fuentes() -> Any:
    """A fetcher that gives our own fonts and refuses every other address without looking at it."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    permitidas = {archivo.as_uri(): archivo for archivo in _FUENTES.glob("*.ttf")}

    class SoloFuentes(URLFetcher):  # WeasyPrint ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in permitidas:
                raise ValueError("documents fetch nothing")
            return URLFetcherResponse(url, permitidas[url].read_bytes(), {"Content-Type": "font/ttf"})

    return SoloFuentes()


def _encerrar(memoria: int) -> None:
    """From here on: so much memory, no other process and no connection."""
    for cual, cuanto in (
        (resource.RLIMIT_AS, memoria),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, _ARCHIVO),
    ):
        resource.setrlimit(cual, (cuanto, cuanto))
    sys.addaudithook(_vigilar)


def _vigilar(suceso: str, _datos: tuple[object, ...]) -> None:
    if suceso.startswith(_PROHIBIDO):
        raise PermissionError(suceso)


def _dar_cuerda(segundos: int) -> None:
    """Processor for one more document; the system ends the program that goes beyond it."""
    uso = resource.getrusage(resource.RUSAGE_SELF)
    gastado = int(uso.ru_utime + uso.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (gastado + segundos, resource.RLIM_INFINITY))


def _responder(html: bytes, *resto: bytes) -> tuple[bytes, bytes]:
    nombres, descripciones, contenidos = resto[0::3], resto[1::3], resto[2::3]
    adjuntos = [(n.decode(), d.decode(), c) for n, d, c in zip(nombres, descripciones, contenidos, strict=True)]
    try:
        return PDF, componer(html.decode(), adjuntos)
    except (RecursionError, MemoryError) as error:
        return IMPOSIBLE, type(error).__name__.encode()
    except Exception as error:
        # Its text may quote the document: only its type leaves.
        return AVERIA, type(error).__name__.encode()


def main() -> None:
    """Lay out what comes until whoever asks hangs up."""
    segundos, megas = int(sys.argv[1]), int(sys.argv[2])
    conexion = socket.socket(fileno=os.dup(0))
    # Pages and payments go before documents when the processor is not enough for all.
    os.nice(10)
    preparar()
    componer("<html lang=es><title>x</title><body>x")
    _encerrar(megas * MB)
    enviar(conexion, LISTA)
    while True:
        try:
            html, *resto = recibir(conexion)
            _dar_cuerda(segundos)
            enviar(conexion, *_responder(html, *resto))
        except (Colgaron, ConnectionError):
            return


if __name__ == "__main__":
    main()
