"""QR symbols that open a page of the portal."""

from markupsafe import Markup

from portal.documentos.prensa import CORRECCION, ESQUEMA_QR, ZONA_MUDA


def qr_impreso(direccion: str, *, titulo: str) -> Markup:
    """`direccion` as the press draws it in a document, whose style gives its size; `titulo` is what it says to who listens."""
    return Markup('<img class="qr" alt="{}" src="{}{}">').format(titulo, ESQUEMA_QR, direccion.encode().hex())


def svg_qr(direccion: str, *, titulo: str) -> Markup:
    """`direccion` as inline SVG without size of its own, for a page; `titulo` is what a screen reader says of it."""
    import segno

    simbolo = segno.make_qr(direccion, error=CORRECCION)
    svg: str = simbolo.svg_inline(border=ZONA_MUDA, omitsize=True, title=titulo, svgclass="qr", lineclass=None)
    # segno escapes the title; everything else it writes is numbers.
    return Markup(svg)  # noqa: S704
