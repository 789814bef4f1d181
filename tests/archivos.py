"""Small whole files of each accepted kind, made by hand."""

import struct
import zlib
from collections.abc import Sequence


def armar_pdf(
    objetos: Sequence[bytes], *, version: bytes = b"1.7", relleno: bytes = b"", trailer: bytes = b""
) -> bytes:
    """A whole PDF of these objects, numbered from 1, of which the first is its catalogue; `relleno` is a comment at its end."""
    cuerpo, desde = b"%PDF-" + version + b"\n", []
    for numero, objeto in enumerate(objetos, 1):
        desde.append(len(cuerpo))
        cuerpo += b"%d 0 obj\n%s\nendobj\n" % (numero, objeto)
    xref = len(cuerpo)
    cuerpo += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objetos) + 1)
    cuerpo += b"".join(b"%010d 00000 n \n" % posicion for posicion in desde)
    cuerpo += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n%%%s\n" % (len(objetos) + 1, trailer, relleno)
    return cuerpo + b"startxref\n%d\n%%%%EOF\n" % xref


def una_pagina(*, catalogo: bytes = b"", pagina: bytes = b"", mas: Sequence[bytes] = ()) -> list[bytes]:
    """The objects of one blank page, with what its catalogue (1) and the page (3) say besides; `mas` begin at 4."""
    return [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogo,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << >> >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] %s >>" % pagina,
        *mas,
    ]


def pdf(relleno: bytes = b"") -> bytes:
    return armar_pdf(una_pagina(), relleno=relleno)


def _trozo(clase: bytes, datos: bytes) -> bytes:
    cuerpo = clase + datos
    return struct.pack(">I", len(datos)) + cuerpo + struct.pack(">I", zlib.crc32(cuerpo))


def png() -> bytes:
    cabeza = _trozo(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + cabeza + _trozo(b"IDAT", zlib.compress(b"\x00\x00")) + _trozo(b"IEND", b"")


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 20 + b"\xff\xd9"
