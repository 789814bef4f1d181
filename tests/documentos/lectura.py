"""Reading a PDF back as a person, a scanner or a screen reader would."""

import subprocess
from io import BytesIO
from typing import Any

import pikepdf
import zxingcpp
from PIL import Image

# What a reader puts where the symbol says that a field of variable length ends.
SEPARADOR = b"\x1d"
# The reader wants two dots for the thinnest bar, which is 0.254 mm: below this, the picture is enlarged for it.
_PPP_DEL_LECTOR = 200


def paginas(pdf: bytes, ppp: int) -> list[Image.Image]:
    """Grey pictures of every page at `ppp` dots per inch."""
    imagenes = []
    with pikepdf.open(BytesIO(pdf)) as documento:
        cuantas = len(documento.pages)
    for n in range(1, cuantas + 1):
        orden = ["pdftoppm", "-gray", "-r", str(ppp), "-f", str(n), "-l", str(n), "-"]
        ppm = subprocess.run(orden, input=pdf, capture_output=True, check=True).stdout
        imagenes.append(Image.open(BytesIO(ppm)))
    return imagenes


def codigos_de_barras(pdf: bytes, ppp: int) -> list[bytes]:
    """The bytes of every GS1-128 symbol, page by page from top to bottom, `SEPARADOR` between fields."""
    leidos = []
    for imagen in paginas(pdf, ppp):
        pagina = imagen if ppp >= _PPP_DEL_LECTOR else imagen.resize((imagen.width * 2, imagen.height * 2))
        hallados = zxingcpp.read_barcodes(pagina, formats=zxingcpp.BarcodeFormat.Code128)
        assert all(h.symbology_identifier == "]C1" for h in hallados)
        leidos += [bytes(h.bytes) for h in sorted(hallados, key=lambda h: h.position.top_left.y)]
    return leidos


def codigos_qr(pdf: bytes, ppp: int) -> list[str]:
    """The text of every QR symbol."""
    return [h.text for p in paginas(pdf, ppp) for h in zxingcpp.read_barcodes(p, formats=zxingcpp.BarcodeFormat.QRCode)]


def texto(pdf: bytes) -> str:
    """The text of the document with single spaces, as it would be copied."""
    salida = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(salida.decode().split())


def texto_de_pagina(pdf: bytes, pagina: int) -> str:
    """The text of one page, counted from one."""
    orden = ["pdftotext", "-layout", "-f", str(pagina), "-l", str(pagina), "-", "-"]
    return " ".join(subprocess.run(orden, input=pdf, capture_output=True, check=True).stdout.decode().split())


def etiquetas(documento: pikepdf.Pdf) -> list[Any]:
    """Every element of the structure tree, in reading order."""
    halladas: list[Any] = []
    _recorrer(documento.Root.StructTreeRoot, halladas)
    return halladas


def _recorrer(nodo: Any, halladas: list[Any]) -> None:
    hijos = nodo.get("/K", [])
    for hijo in hijos if isinstance(hijos, pikepdf.Array) else [hijos]:
        if isinstance(hijo, pikepdf.Dictionary) and "/S" in hijo:
            halladas.append(hijo)
            _recorrer(hijo, halladas)
