"""Says a laid out document in fewer bytes, just before the press writes it: the same picture, text and structure.

It works on the objects of pydyf, with which WeasyPrint builds a file, and loses nothing that a reader or a screen reader is
given: what goes are kernings of zero, tables of a font that a PDF does not consult, letters told one by one where a range
tells them, wrappers of the structure that say nothing, and objects that nothing names. References are to ISO 32000-1.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from itertools import groupby
from typing import Any

from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter

# What a font inside of a PDF is read by (9.9); its codes, names and rules for shaping are said elsewhere or were applied.
_TABLAS = frozenset(("cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"))
_TRUETYPE = (b"\0\1\0\0", b"true")
_REFERENCIA = re.compile(rb"[1-9]\d* 0 R")
_LETRA = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
# A CMap allows no more of them at once (9.10.3).
_RANGOS_JUNTOS = 100
# Elements that only group or name a run of text (14.8.4), and what they carry when they say nothing of it.
_ENVOLTURAS = ("/Span", "/NonStruct")
_SIN_DECIR_NADA = frozenset(("Type", "S", "K", "Pg", "P"))


def aligerar(_documento: object, pdf: Any) -> None:
    """Lighten a `pydyf.PDF` in place. What WeasyPrint calls when a document is finished (`finisher`)."""
    diccionarios = [objeto for objeto in pdf.objects if isinstance(objeto, dict)]
    for pagina in diccionarios:
        if pagina.get("Type") == "/Page":
            _sin_ceros(_objeto(pdf, pagina["Contents"]))
    for descriptor in diccionarios:
        if "FontFile2" in descriptor:
            _solo_lo_que_se_lee(_objeto(pdf, descriptor["FontFile2"]))
    _letras_por_rangos(pdf, [fuente for fuente in diccionarios if "ToUnicode" in fuente])
    _reunir(pdf, _absorber_envolturas(pdf))


def _objeto(pdf: Any, referencia: bytes) -> Any:
    return pdf.objects[int(referencia.split()[0])]


def _sin_ceros(contenido: Any) -> None:
    """Between letters that are where their widths put them, WeasyPrint writes a kerning of zero."""
    contenido.stream = [
        parte.replace(b">0<", b"") if isinstance(parte, bytes) and parte.endswith(b" TJ") else parte
        for parte in contenido.stream
    ]


def _solo_lo_que_se_lee(fuente: Any) -> None:
    (entera,) = fuente.stream
    if not entera.startswith(_TRUETYPE):
        return
    tablas = SFNTReader(BytesIO(entera))
    quedan = [tabla for tabla in tablas.tables if tabla in _TABLAS]
    recortada = BytesIO()
    escritas = SFNTWriter(recortada, len(quedan), tablas.sfntVersion)
    for tabla in quedan:
        escritas[tabla] = tablas[tabla]
    escritas.close()
    fuente.stream = [recortada.getvalue()]
    fuente.extra["Length1"] = len(fuente.stream[0])


def _letras_por_rangos(pdf: Any, fuentes: list[Any]) -> None:
    """Tell which letter each glyph is by ranges, and once for all the fonts that do not contradict each other."""
    de_cada_una = [_letras(_objeto(pdf, fuente["ToUnicode"])) for fuente in fuentes]
    de_todas = {glifo: letra for letras in de_cada_una for glifo, letra in letras.items()}
    if all(letras.items() <= de_todas.items() for letras in de_cada_una):
        for fuente in fuentes:
            fuente["ToUnicode"] = fuentes[0]["ToUnicode"]
        de_cada_una = [de_todas]
    # The first font only, when it tells the letters of all.
    for fuente, letras in zip(fuentes, de_cada_una, strict=False):
        partes = _objeto(pdf, fuente["ToUnicode"]).stream
        antes, despues = partes.index(b"endcodespacerange") + 1, partes.index(b"endcmap")
        partes[antes:despues] = _rangos(letras)


def _letras(cmap: Any) -> dict[int, str]:
    """Glyph and its letters, in hexadecimal of UTF-16."""
    dichas = map(_LETRA.fullmatch, cmap.stream[cmap.stream.index(b"endcodespacerange") :])
    return {int(letra[1], 16): letra[2].decode() for letra in dichas if letra}


def _rangos(letras: Mapping[int, str]) -> Iterator[bytes]:
    """A range may pass over glyphs that the document does not use: nobody asks for them."""

    def donde(par: tuple[int, str]) -> tuple[int, ...]:
        glifo, letra = par
        # A range goes up in its last byte only, and a ligature has none.
        return (glifo >> 8, int(letra[:2], 16), int(letra, 16) - glifo) if len(letra) == 4 else (glifo,)

    rangos = []
    for _, seguidas in groupby(sorted(letras.items()), key=donde):
        (primero, letra), *resto = seguidas
        rangos.append(b"<%04x> <%04x> <%b>" % (primero, resto[-1][0] if resto else primero, letra.encode()))
    for desde in range(0, len(rangos), _RANGOS_JUNTOS):
        juntos = rangos[desde : desde + _RANGOS_JUNTOS]
        yield b"%d beginbfrange" % len(juntos)
        yield from juntos
        yield b"endbfrange"


def _absorber_envolturas(pdf: Any) -> dict[bytes, bytes]:
    """Put in each element of the structure what is inside of its wrappers: each line of text comes in one.

    Returns the reference of each wrapper and that of the element that took its place.
    """
    absorbidas: dict[bytes, bytes] = {}

    def absorber(elemento: Any) -> None:
        hijos = []
        for hijo in elemento["K"]:
            # The rest are numbers of content, and links.
            dentro = _objeto(pdf, hijo) if isinstance(hijo, bytes) else {}
            if "S" in dentro:
                absorber(dentro)
            if _sobra(dentro, elemento):
                absorbidas[hijo] = elemento.reference
                hijos += dentro["K"]
            else:
                hijos.append(hijo)
        elemento["K"][:] = hijos

    (documento,) = _objeto(pdf, pdf.catalog["StructTreeRoot"])["K"]
    absorber(_objeto(pdf, documento))
    return absorbidas


def _sobra(dentro: Mapping[str, Any], elemento: Mapping[str, Any]) -> bool:
    """Whether a wrapper says nothing; content is numbered within its page, so that it stays with an element of the same."""
    if dentro.get("S") not in _ENVOLTURAS or not dentro.keys() <= _SIN_DECIR_NADA:
        return False
    return dentro["Pg"] == elemento.get("Pg") or not any(isinstance(hijo, int) for hijo in dentro["K"])


def _reunir(pdf: Any, absorbidas: Mapping[bytes, bytes]) -> None:
    """Keep what the catalog reaches, and number it again without gaps."""
    alcanzados, pendientes = {pdf.catalog.number: pdf.catalog}, [pdf.catalog]

    def alcanzar(referencia: bytes) -> bytes:
        while referencia in absorbidas:
            referencia = absorbidas[referencia]
        objeto = _objeto(pdf, referencia)
        if objeto.number not in alcanzados:
            alcanzados[objeto.number] = objeto
            pendientes.append(objeto)
        return referencia

    # pydyf keeps each of these as three things.
    pdf.pages["Kids"][:] = pdf.page_references
    while pendientes:
        _cambiar(pendientes.pop(), alcanzar)
    pdf.objects[1:] = [objeto for _, objeto in sorted(alcanzados.items())]
    nuevas = {objeto.reference: b"%d 0 R" % numero for numero, objeto in enumerate(pdf.objects)}
    for numero, objeto in enumerate(pdf.objects):
        _cambiar(objeto, nuevas.__getitem__)
        objeto.number = numero


def _cambiar(valor: Any, por: Callable[[bytes], bytes]) -> Any:
    """Put another reference for each one inside of `valor`, at any depth."""
    if hasattr(valor, "extra"):
        _cambiar(valor.extra, por)
    elif isinstance(valor, dict):
        for clave, dentro in valor.items():
            valor[clave] = _cambiar(dentro, por)
    elif isinstance(valor, list):
        valor[:] = [_cambiar(dentro, por) for dentro in valor]
    elif isinstance(valor, bytes) and _REFERENCIA.fullmatch(valor):
        return por(valor)
    return valor
