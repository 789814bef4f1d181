"""From the bytes of a bank's file to its lines. Nothing here knows what a record says."""

import re
from collections.abc import Sequence
from hashlib import sha256

from portal.dominio.asobancaria_hallazgos import Anomalia, Hallazgos
from portal.dominio.dinero import escribir_miles

MAXIMO_BYTES = 5 * 1024 * 1024
MAXIMO_LINEAS = 50_000

# More than one CR is what a transfer in text mode leaves. No other sign ends a line, whatever `str.splitlines` thinks.
_FIN_DE_LINEA = re.compile("\r*\n")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
# Ctrl-Z is how some systems end a text; lines with nothing may follow the last one.
_FINALES = "\r\x1a"


def leer_lineas(contenido: bytes, hallazgos: Hallazgos) -> list[str]:
    """The lines of a file in UTF-8 or Latin-1, without what ends it. Raises `ArchivoRecaudoInvalido`."""
    lineas = _FIN_DE_LINEA.split(_decodificar(contenido, hallazgos))
    while lineas and not lineas[-1].strip(" " + _FINALES):
        lineas.pop()
    if len(lineas) > MAXIMO_LINEAS:
        hallazgos.problema(
            0, "archivo", Anomalia.TAMANO, f"El archivo tiene más de {escribir_miles(MAXIMO_LINEAS)} líneas."
        )
    elif not lineas:
        hallazgos.problema(0, "archivo", Anomalia.TAMANO, "El archivo está vacío.")
    else:
        lineas[-1] = lineas[-1].rstrip(_FINALES)
        for numero, linea in enumerate(lineas, 1):
            if _CONTROL.search(linea):
                mensaje = "La línea tiene caracteres que no son texto: el archivo se dañó al copiarlo o al enviarlo."
                hallazgos.problema(numero, "línea", Anomalia.CARACTER, mensaje)
    hallazgos.rechazar()
    return lineas


def huella_de(lineas: Sequence[str]) -> str:
    """SHA-256, in hexadecimal, of a file's text: the same for every encoding, line end and padding on the right."""
    return sha256("\n".join(linea.rstrip(" ") for linea in lineas).encode()).hexdigest()


def _decodificar(contenido: bytes, hallazgos: Hallazgos) -> str:
    if len(contenido) > MAXIMO_BYTES:
        hallazgos.problema(
            0, "archivo", Anomalia.TAMANO, f"El archivo pesa más de {MAXIMO_BYTES // 1024**2} MB: no es el de un día."
        )
    elif _parece_utf16(contenido):
        mensaje = "El archivo está guardado en UTF-16 (Unicode). Pídalo al banco, o guárdelo, como texto sin formato."
        hallazgos.problema(0, "archivo", Anomalia.CODIFICACION, mensaje)
    hallazgos.rechazar()
    try:
        return contenido.decode("utf-8-sig")
    except UnicodeDecodeError:
        return contenido.decode("latin-1")


def _parece_utf16(contenido: bytes) -> bool:
    """With its mark, or with the first record's `01` in characters of two bytes."""
    return contenido.startswith((b"\xff\xfe", b"\xfe\xff", b"0\x001\x00", b"\x000\x001"))
