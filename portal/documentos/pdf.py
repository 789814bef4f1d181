"""HTML to PDF/A-3: the only module that knows WeasyPrint.

Nothing is ever fetched: neither the network nor a file, but for the two fonts that ship with the portal. The same HTML
gives the same bytes, because neither a date nor a random identifier goes in.
"""

import atexit
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

VARIANTE = "pdf/a-3a"
# The format asks when an attachment was made; the true answer would change the bytes every time.
_SIN_FECHA = datetime(1980, 1, 1, tzinfo=UTC)
# A liquidación with two hundred stamps stays below it.
MAXIMO_CARACTERES = 1_000_000
# Breaking one endless word into lines takes time that grows with its square. The longest field of the portal has 1.000
# characters, up to five times as many once escaped.
MAXIMO_PALABRA = 6_000
_AQUI = Path(__file__).resolve().parent
_FUENTES = _AQUI.parent / "static" / "fuentes"
# The fonts' configuration belongs to a C library that does not promise to be used by two threads at once.
_turno = Lock()
_PALABRA_INTERMINABLE = re.compile(rf"[^ \t\r\n<]{{{MAXIMO_PALABRA + 1}}}")


class DocumentoImposible(ValueError):
    """The HTML is too large, too deeply nested, or holds a word too long to be laid out in a reasonable time."""


@dataclass(frozen=True)
class _Imprenta:
    """What is costly to prepare and the same for every document."""

    buscador: Any
    fuentes: Any
    estilo: Any


@dataclass(frozen=True)
class Adjunto:
    """A file that travels inside the document, with the same data for machines; its name's ending tells its type."""

    nombre: str
    descripcion: str
    contenido: bytes


def generar_pdf(html: str, adjuntos: Sequence[Adjunto] = ()) -> bytes:
    """Lay out a whole HTML page as a tagged PDF/A-3 (level A) file.

    The style is `documento.css`; language and title are those of the HTML. Only `adjuntos` are attached, whatever the HTML
    says. Raises `DocumentoImposible`.
    """
    if len(html) > MAXIMO_CARACTERES or _PALABRA_INTERMINABLE.search(html):
        raise DocumentoImposible("the document or one of its words is too long")
    contenido = b"".join([html.encode(), *(adjunto.contenido for adjunto in adjuntos)])
    identificador = sha256(contenido).hexdigest()[:32].encode()
    with _turno:
        from weasyprint import HTML, Attachment

        imprenta = _imprenta()
        try:
            pdf: bytes = HTML(string=html, url_fetcher=imprenta.buscador).write_pdf(
                stylesheets=[imprenta.estilo],
                font_config=imprenta.fuentes,
                pdf_variant=VARIANTE,
                pdf_identifier=identificador,
                attachments=[
                    Attachment(
                        string=adjunto.contenido,
                        name=adjunto.nombre,
                        description=adjunto.descripcion,
                        created=_SIN_FECHA,
                        modified=_SIN_FECHA,
                        relationship="Data",
                    )
                    for adjunto in adjuntos
                ],
            )
        except RecursionError as error:
            raise DocumentoImposible("the document is nested too deeply") from error
    return pdf


def huella_de_contenido(html: str, adjuntos: Sequence[Adjunto] = ()) -> str:
    """SHA-256 of all that decides the bytes of a document but for the libraries that lay it out."""
    estilo = (_AQUI / "documento.css").read_bytes()
    partes = [html.encode(), estilo, *(parte for a in adjuntos for parte in (a.nombre.encode(), a.contenido))]
    return sha256(b"".join(len(parte).to_bytes(8, "big") + parte for parte in partes)).hexdigest()


@cache
def _imprenta() -> _Imprenta:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    # The fonts are unpacked in a temporary folder, which is removed while there still is an interpreter to do it.
    atexit.register(_imprenta.cache_clear)
    buscador, fuentes = _solo_fuentes(), FontConfiguration()
    estilo = CSS(
        string=(_AQUI / "documento.css").read_text(encoding="utf-8"),
        base_url=f"{_FUENTES.as_uri()}/",
        url_fetcher=buscador,
        font_config=fuentes,
    )
    return _Imprenta(buscador, fuentes, estilo)


def _solo_fuentes() -> Any:
    """A fetcher that gives our own fonts and refuses every other address without looking at it."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    permitidas = {archivo.as_uri(): archivo for archivo in _FUENTES.glob("*.ttf")}

    class SoloFuentes(URLFetcher):  # WeasyPrint ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in permitidas:
                raise ValueError("documents fetch nothing")
            return URLFetcherResponse(url, permitidas[url].read_bytes(), {"Content-Type": "font/ttf"})

    return SoloFuentes()
