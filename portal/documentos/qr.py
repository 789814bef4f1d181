"""QR symbols that open a page of the portal."""

from markupsafe import Markup

# 15 % of the symbol may be dirty or folded and it still reads.
_CORRECCION = "M"
# The quiet zone that the standard asks for, in modules.
_ZONA_MUDA = 4


def svg_qr(direccion: str, *, titulo: str) -> Markup:
    """`direccion` as inline SVG without size of its own; `titulo` is what a screen reader says of it."""
    import segno

    simbolo = segno.make_qr(direccion, error=_CORRECCION)
    svg: str = simbolo.svg_inline(border=_ZONA_MUDA, omitsize=True, title=titulo, svgclass="qr", lineclass=None)
    # segno escapes the title; everything else it writes is numbers.
    return Markup(svg)  # noqa: S704
