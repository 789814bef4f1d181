"""A program of its own, and no module of the portal: reads a PDF from its input under hard limits and answers one word.

    python -I revisor_pdf.py PAGES < file

It imports nothing but pikepdf and the standard library, and `revision_pdf` is who runs it and knows what each word means.
Whatever is not the word BUENO is a refusal: also no word at all, when the system ended it.
"""

import encodings.cp437  # noqa: F401  what `zipfile` would look for on the disk when none can be opened any more
import io
import resource
import sys
import zipfile
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits

MB = 1024**2
# Ten times what a scan of fifty pages takes.
SEGUNDOS_DE_PROCESADOR = 8
MEMORIA = 512 * MB
# The whole answer: a file that is written to grows no further.
_RESPUESTA = 64
# A page in colours at 600 dots per inch is 96 MB before it is compressed, at 300 it is 24 MB.
DESCOMPRIMIDO_POR_FLUJO = 100 * MB
DESCOMPRIMIDO_EN_TOTAL = 400 * MB
PUNTOS_POR_IMAGEN = 300_000_000
_OBJETOS = 100_000

# Actions that run something, open another file or send data; those that only move within the document do no harm.
_ACCIONES = frozenset((
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView",
))  # fmt: skip
_ANOTACIONES = frozenset(("/RichMedia", "/Screen", "/3D", "/Movie", "/Sound"))
_CLAVES_ACTIVAS = frozenset(("/JS", "/JavaScript", "/AA", "/RichMediaContent", "/RichMediaSettings"))
_CLAVES_DE_ADJUNTOS = frozenset(("/EF", "/EmbeddedFiles", "/Collection"))
_ESQUEMAS = ("http:", "https:", "mailto:", "tel:")
# Filters that are unfolded to be measured, and those of pictures, whose size is what the picture says.
_GENERALES = frozenset((
    "/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx", "/RunLengthDecode",
    "/RL",
))  # fmt: skip
_DE_IMAGEN = frozenset(("/DCTDecode", "/DCT", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/CCF"))
_TODO_MENOS_IMAGENES = pikepdf.StreamDecodeLevel.specialized
_DOS_EN_UNO = (b"<html", b"<!doctype", b"<script", b"<svg", b"<?php")


class Objecion(Exception):
    """Why the file is refused, in one word."""


def encerrar() -> None:
    """From here on: so much processor and memory, no other process, no file and no connection to open, nothing to write."""
    for cual, cuanto in (
        (resource.RLIMIT_CPU, SEGUNDOS_DE_PROCESADOR),
        (resource.RLIMIT_AS, MEMORIA),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, _RESPUESTA),
    ):
        resource.setrlimit(cual, (cuanto, cuanto))
    set_qpdf_limits(
        doc_max_warnings=20,
        parser_max_nesting=100,
        parser_max_container_size=_OBJETOS,
        max_stream_filters=5,
        flate_max_memory=DESCOMPRIMIDO_POR_FLUJO,
        run_length_max_memory=DESCOMPRIMIDO_POR_FLUJO,
        png_max_memory=DESCOMPRIMIDO_POR_FLUJO,
        tiff_max_memory=DESCOMPRIMIDO_POR_FLUJO,
    )


def revisar(contenido: bytes, paginas: int) -> None:
    """Raises `Objecion` with the word of what is wrong with a PDF."""
    _no_es_otra_cosa(contenido)
    try:
        with pikepdf.open(io.BytesIO(contenido), attempt_recovery=False) as documento:
            _repasar(documento, paginas)
            avisos = documento.get_warnings()
    except pikepdf.PasswordError:
        raise Objecion("contrasena") from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, MemoryError, RuntimeError, ValueError) as error:
        raise Objecion(_por_que(error, contenido)) from None
    if avisos:
        raise Objecion("enorme" if qpdf_limit_errors() else "danado")


def _por_que(error: Exception, contenido: bytes) -> str:
    """The word for what qpdf could not go on with."""
    if isinstance(error, MemoryError) or "memory limit" in str(error) or qpdf_limit_errors():
        return "enorme"
    # To undo the encryption it needs the system's randomness, which is a file.
    if b"/Encrypt" in contenido:
        return "protegido"
    return "sin_paginas" if "no pages" in str(error) else "danado"


def _no_es_otra_cosa(contenido: bytes) -> None:
    """A file that a browser or an unzipper takes for one of theirs too."""
    principio = contenido[:1024].lower()
    if any(marca in principio for marca in _DOS_EN_UNO):
        raise Objecion("doble")
    try:
        with zipfile.ZipFile(io.BytesIO(contenido)) as zip_:
            if zip_.namelist():
                raise Objecion("doble")
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return


def _repasar(documento: pikepdf.Pdf, paginas: int) -> None:
    if documento.is_encrypted:
        raise Objecion("protegido")
    cuantas = len(documento.pages)
    if not cuantas:
        raise Objecion("sin_paginas")
    if cuantas > paginas:
        raise Objecion("paginas")
    if int(documento.trailer.get("/Size", 0)) > _OBJETOS:
        raise Objecion("enorme")
    _mirar_diccionarios(documento.trailer)
    total = 0
    for objeto in documento.objects:
        _mirar_diccionarios(objeto)
        if isinstance(objeto, Stream):
            total += _medir(documento, objeto)
            if total > DESCOMPRIMIDO_EN_TOTAL:
                raise Objecion("enorme")


def _mirar_diccionarios(raiz: Object) -> None:
    for uno in _diccionarios(raiz):
        claves = set(uno.keys())
        if (
            claves & _CLAVES_DE_ADJUNTOS
            or uno.get("/Subtype") == "/FileAttachment"
            or uno.get("/Type") == "/EmbeddedFile"
        ):
            raise Objecion("adjuntos")
        if "/XFA" in claves:
            raise Objecion("xfa")
        if claves & _CLAVES_ACTIVAS or _actua(uno):
            raise Objecion("activo")
        if uno.get("/S") == "/URI" and not _es_de_internet(uno.get("/URI")):
            raise Objecion("enlace")


def _diccionarios(raiz: Object) -> Iterator[Dictionary]:
    """Every dictionary of an object; what it only refers to is an object of its own."""
    pendientes = [raiz]
    while pendientes:
        uno = pendientes.pop()
        if isinstance(uno, Stream):
            uno = uno.stream_dict
        if isinstance(uno, Dictionary):
            yield uno
            hijos = [valor for _, valor in uno.items()]
        elif isinstance(uno, Array):
            hijos = list(uno)
        else:
            continue
        pendientes += [h for h in hijos if isinstance(h, Dictionary | Array) and not h.is_indirect]


def _actua(uno: Dictionary) -> bool:
    """Whether it does something by itself. To open at a page is no more than where to begin reading."""
    al_abrir = uno.get("/OpenAction")
    if isinstance(al_abrir, Dictionary) and al_abrir.get("/S") != "/GoTo":
        return True
    return uno.get("/S") in _ACCIONES or uno.get("/Subtype") in _ANOTACIONES


def _es_de_internet(direccion: object) -> bool:
    if not isinstance(direccion, Object):
        return False
    limpia = "".join(str(direccion).split()).lower()
    esquema, dos_puntos, _ = limpia.partition(":")
    return not dos_puntos or not esquema.isalnum() or f"{esquema}:" in _ESQUEMAS


def _medir(documento: pikepdf.Pdf, flujo: Stream) -> int:
    """How many bytes a stream unfolds to, its picture left as it is. Raises `Objecion`, or qpdf's own beyond its limits."""
    if int(flujo.get("/Width", 0)) * int(flujo.get("/Height", 0)) > PUNTOS_POR_IMAGEN:
        raise Objecion("enorme")
    # Bytes that are in another file: no scan and no slip has them.
    if "/F" in flujo:
        raise Objecion("adjuntos")
    filtros, parametros = _lista(flujo.get("/Filter")), _lista(flujo.get("/DecodeParms"))
    generales = 0
    while generales < len(filtros) and str(filtros[generales]) in _GENERALES:
        generales += 1
    if any(str(f) not in _DE_IMAGEN for f in filtros[generales:]):
        raise Objecion("danado")
    if generales == len(filtros):
        return len(flujo.read_bytes(_TODO_MENOS_IMAGENES))
    if generales == 0:
        return len(flujo.read_raw_bytes())
    parte = documento.make_stream(flujo.read_raw_bytes(), Filter=Array(filtros[:generales]))
    if parametros:
        parte.DecodeParms = Array(parametros[:generales])
    return len(parte.read_bytes(_TODO_MENOS_IMAGENES))


def _lista(valor: object) -> list[Object]:
    if isinstance(valor, Array):
        return list(valor)
    return [valor] if isinstance(valor, Name | Dictionary) else []


def main() -> None:
    """Answer about the bytes of the standard input."""
    paginas = int(sys.argv[1])
    encerrar()
    palabra = "bueno"
    try:
        revisar(sys.stdin.buffer.read(), paginas)
    except Objecion as objecion:
        palabra = str(objecion)
    sys.stdout.write(palabra)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
