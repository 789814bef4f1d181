"""Modules, black or white, as the address of a picture that the press draws by itself: the barcodes of a document."""

from collections.abc import Sequence

from markupsafe import Markup

from portal.documentos.prensa import ESQUEMA


def imagen_de_modulos(filas: Sequence[str], alto: int, *, clase: str, titulo: str) -> Markup:
    """`filas` of `0` (white) and `1` (black), equally long, `alto` modules high in all; `titulo` is read aloud.

    In its printing size (`prensa.MODULO_MM` a module) unless the style of `clase` gives another.
    """
    bits = "".join(filas)
    return Markup('<img class="{}" alt="{}" src="{}{}x{}:{:0{}x}">').format(
        clase, titulo, ESQUEMA, len(filas[0]), alto, int(bits, 2), -(-len(bits) // 4)
    )
