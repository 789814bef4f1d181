"""The only file that knows WeasyPrint. A program of its own: lays out HTML as PDF/A-3 under hard limits, one after another.

    python -I prensa.py SECONDS MEGABYTES    with a connected socket as its standard input

It imports WeasyPrint, segno, the standard library and its own last step, `ligero`; `pdf` is who runs it. Nothing is ever
fetched, neither the network nor a file, but for the fonts and colours that ship with the portal; barcodes and QR are drawn from
what their own addresses say. The same HTML gives the same bytes: neither a date nor chance goes in.
"""

import atexit
import os
import re
import resource
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

VARIANTE = "pdf/a-3a"
MB = 1024**2
_ARCHIVO = 64 * MB
_CORTESIA = 10
# The format asks when an attachment was made; the true answer would change the bytes every time.
_SIN_FECHA = datetime(1980, 1, 1, tzinfo=UTC)
_AQUI = Path(__file__).resolve().parent
HOJA_DE_ESTILO = _AQUI / "documento.css"
# What the colours mean, which the format asks for: the sRGB of LittleCMS (free of copyright, as it says), which tells its
# curve by a formula. The one that WeasyPrint brings tells the same by a table of two thousand bytes.
_COLORES = _AQUI / "srgb.icc"
_FUENTES = _AQUI.parent / "static" / "fuentes"
_PERMITIDOS = (_COLORES, *sorted(_FUENTES.glob("*.ttf")))
# All that decides the bytes of a document, but for this program and its libraries.
ARCHIVOS = (HOJA_DE_ESTILO, *_PERMITIDOS, _AQUI / "ligero.py")
# What no document has a reason for, whatever takes hold of the library that lays it out.
_PROHIBIDO = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn",
)  # fmt: skip

# `modulos:COLUMNSxHEIGHT:HEXADECIMAL`, a bit for each bar, black or white, as high as all.
ESQUEMA = "modulos:"
_MODULOS = re.compile(rf"{ESQUEMA}([1-9]\d{{0,2}})x([1-9]\d{{0,2}}):([0-9a-f]{{1,8000}})")
# `qr:HEXADECIMAL`, the text of a symbol: to choose its mask takes as long as to write the rest of the HTML, and that is done
# where pages wait.
ESQUEMA_QR = "qr:"
_QR = re.compile(rf'(?<=src="){ESQUEMA_QR}((?:[0-9a-f]{{2}}){{1,2000}})(?=")')
# 15 % of the symbol may be dirty or folded and it still reads.
CORRECCION = "M"
# The quiet zone that the standard asks for, in modules.
ZONA_MUDA = 4
# 0.254 mm is three dots of a 300 dpi printer and six of a 600 dpi one; 0.25 mm is the least that counters read well.
MODULO_MM = 0.254
_PIXELES_POR_MM = 96 / 25.4

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
    colores: dict[str, Any]


@dataclass(frozen=True)
class _Modulos:
    """What WeasyPrint asks of a picture: its size, and to draw itself. As a path of SVG it would take it four times as long."""

    # Of `0` (white) and `1` (black), equally long.
    filas: Sequence[str]
    # Modules high in all.
    alto: int

    def get_intrinsic_size(self, _resolucion: float, _letra: float) -> tuple[float, float, float]:
        pixeles = MODULO_MM * _PIXELES_POR_MM
        columnas = len(self.filas[0])
        return columnas * pixeles, self.alto * pixeles, columnas / self.alto

    def draw(self, lienzo: Any, ancho: float, alto: float, _estilo: Any) -> None:
        """Each run of ones in black: bars filled, with their exact width; a QR in strokes, which viewers set on their dots."""
        lienzo.transform(a=ancho / len(self.filas[0]), d=alto / len(self.filas))
        if len(self.filas) == 1:
            lienzo.set_color_rgb(0, 0, 0)
            for desde, hasta in _rachas(self.filas[0]):
                lienzo.rectangle(desde, 0, hasta - desde, 1)
            lienzo.fill()
            return
        lienzo.set_color_rgb(0, 0, 0, stroke=True)
        lienzo.set_line_width(1)
        for rachas in map(_rachas, self.filas):
            for desde, hasta in rachas:
                lienzo.move_to(desde, 0.5)
                lienzo.line_to(hasta, 0.5)
            if rachas:
                lienzo.stroke()
            # The paper goes up and not the pen down: rows that are said alike take less than half once compressed.
            lienzo.transform(f=1)


def _rachas(fila: str) -> list[tuple[int, int]]:
    """Where each run of ones begins and ends."""
    return [racha.span() for racha in re.finditer("1+", fila)]


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

    from portal.documentos import ligero

    imprenta = preparar()
    contenido = b"".join([html.encode(), *(bytes_ for _, _, bytes_ in adjuntos)])
    pdf: bytes = HTML(string=html, url_fetcher=imprenta.buscador).write_pdf(
        stylesheets=[imprenta.estilo],
        # What it would find by an address is already here, so that it fetches nothing.
        cache=_dibujos(html),
        font_config=imprenta.fuentes,
        color_profiles=imprenta.colores,
        output_intent="--srgb",
        pdf_variant=VARIANTE,
        pdf_identifier=sha256(contenido).hexdigest()[:32].encode(),
        finisher=ligero.aligerar,
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


def _dibujos(html: str) -> dict[str, _Modulos]:
    """What is drawn in `html`, by its address."""
    codigos = {m[0]: _Modulos([f"{int(m[3], 16):0{m[1]}b}"], int(m[2])) for m in _MODULOS.finditer(html)}
    return codigos | {m[0]: _simbolo(bytes.fromhex(m[1]).decode()) for m in _QR.finditer(html)}


def _simbolo(texto: str) -> _Modulos:
    import segno

    filas = ["".join(map(str, fila)) for fila in segno.make_qr(texto, error=CORRECCION).matrix_iter(border=ZONA_MUDA)]
    return _Modulos(filas, len(filas))


@cache
def preparar() -> _Imprenta:
    """Read the style and the fonts, once."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    # The fonts are unpacked in a temporary folder, which is removed while there still is an interpreter to do it.
    atexit.register(preparar.cache_clear)
    buscador, fuentes = _solo_lo_propio(), FontConfiguration()
    colores: dict[str, Any] = {}
    estilo = CSS(
        string=HOJA_DE_ESTILO.read_text(encoding="utf-8"),
        base_url=f"{_FUENTES.as_uri()}/",
        url_fetcher=buscador,
        font_config=fuentes,
        color_profiles=colores,
    )
    return _Imprenta(buscador, fuentes, estilo, colores)


def _solo_lo_propio() -> Any:
    """A fetcher that gives our own fonts and colours and refuses every other address without looking at it."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    permitidas = {archivo.as_uri(): archivo for archivo in _PERMITIDOS}

    class SoloLoPropio(URLFetcher):  # WeasyPrint ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in permitidas:
                raise ValueError("documents fetch nothing")
            return URLFetcherResponse(url, permitidas[url].read_bytes(), {"Content-Type": "application/octet-stream"})

    return SoloLoPropio()


def _ceder_el_paso() -> None:
    """Pages and payments go before documents when the processor is not enough for all."""
    os.nice(_CORTESIA)
    # Linux may share the processor among sessions before it does among their processes, and this one has a session of its own.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_CORTESIA))


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
    _ceder_el_paso()
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
    # An isolated program is not told where the portal is, of which it needs its last step.
    sys.path.append(str(_AQUI.parents[1]))
    main()
