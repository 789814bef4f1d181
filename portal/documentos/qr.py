"""QR symbols that open a page of the portal."""

from markupsafe import Markup

from portal.documentos.modulos import imagen_de_modulos

# 15 % of the symbol may be dirty or folded and it still reads.
_CORRECCION = "M"
# The quiet zone that the standard asks for, in modules.
_ZONA_MUDA = 4


def qr_impreso(direccion: str, *, titulo: str) -> Markup:
    """`direccion` as the press draws it in a document, whose style gives its size; `titulo` is what it says to who listens."""
    import segno

    filas = segno.make_qr(direccion, error=_CORRECCION).matrix_iter(border=_ZONA_MUDA)
    dibujo = ["".join(map(str, fila)) for fila in filas]
    return imagen_de_modulos(dibujo, len(dibujo), clase="qr", titulo=titulo)


def svg_qr(direccion: str, *, titulo: str) -> Markup:
    """`direccion` as inline SVG without size of its own, for a page; `titulo` is what a screen reader says of it."""
    import segno

    simbolo = segno.make_qr(direccion, error=_CORRECCION)
    svg: str = simbolo.svg_inline(border=_ZONA_MUDA, omitsize=True, title=titulo, svgclass="qr", lineclass=None)
    # segno escapes the title; everything else it writes is numbers.
    return Markup(svg)  # noqa: S704
