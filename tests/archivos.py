"""Small whole files of each accepted kind, made by hand."""

import struct
import zlib


def pdf(relleno: bytes = b"") -> bytes:
    return b"%PDF-1.7\n" + relleno + b"\ntrailer <</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def _trozo(clase: bytes, datos: bytes) -> bytes:
    cuerpo = clase + datos
    return struct.pack(">I", len(datos)) + cuerpo + struct.pack(">I", zlib.crc32(cuerpo))


def png() -> bytes:
    cabeza = _trozo(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + cabeza + _trozo(b"IDAT", zlib.compress(b"\x00\x00")) + _trozo(b"IEND", b"")


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 20 + b"\xff\xd9"
