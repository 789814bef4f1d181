"""Files that people hand in: what their bytes say they are, and a name that is safe to give back. Pure."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_texto
from portal.dominio.textos import sin_tildes

# A scanned ordinance of some forty pages; docs/normativa.md repeats it.
MAXIMO_BYTES = 5 * 1024 * 1024
# A slip, an account's certificate or a letter of the bank; more pages are another paper, or a way to tire the server.
PAGINAS_DE_UN_SOPORTE = 50
# An ordinance as it is published, with its annexes: text, not pictures, within `MAXIMO_BYTES`.
PAGINAS_DE_UNA_NORMA = 500
_NOMBRE_LARGO = 100
_NOMBRE_LEGIBLE = 120
# Letters and digits of any alphabet, and what people separate words with. Everything else becomes a space.
_AJENOS = re.compile(r"[^\w.,()\- ]")
# Names that Windows keeps for devices, whatever follows their first dot.
_APARATOS = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\..*)?", re.IGNORECASE)
# What may follow the last word of a PDF.
_BLANCOS = b"\0\t\n\f\r "


@dataclass(frozen=True)
class TipoArchivo:
    """A kind of file that is accepted; `tipo` is its media type."""

    tipo: str
    extension: str


PDF = TipoArchivo("application/pdf", "pdf")
_PNG = TipoArchivo("image/png", "png")
_JPEG = TipoArchivo("image/jpeg", "jpg")
# From the first byte to the last: a file that goes on after its end may be a second one in disguise.
_RECONOCIDOS: tuple[tuple[TipoArchivo, Callable[[bytes], bool]], ...] = (
    (PDF, lambda b: re.match(rb"%PDF-[12]\.\d", b) is not None and b.rstrip(_BLANCOS).endswith(b"%%EOF")),
    (
        _PNG,
        lambda b: (
            b.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and b.endswith(b"\x00\x00\x00\x00IEND\xaeB`\x82")
        ),
    ),
    (_JPEG, lambda b: b.startswith(b"\xff\xd8\xff") and b.endswith(b"\xff\xd9")),
)


def reconocer(contenido: bytes) -> TipoArchivo:
    """The kind of a file, by its bytes; its name says nothing.

    Raises `DatoInvalido` (campo `archivo`) when it is empty, larger than `MAXIMO_BYTES`, or no whole PDF, PNG or JPEG.
    """
    if not contenido:
        raise DatoInvalido("El archivo está vacío. Elija otro.", "archivo")
    if len(contenido) > MAXIMO_BYTES:
        raise DatoInvalido(f"El archivo pesa más de {MAXIMO_BYTES // 1024**2} MB. Elija uno más liviano.", "archivo")
    for tipo, parece in _RECONOCIDOS:
        if parece(contenido):
            return tipo
    raise DatoInvalido("El archivo no es un PDF, PNG o JPG completo. Ábralo, guárdelo de nuevo y elíjalo.", "archivo")


def reconocer_pdf(contenido: bytes) -> TipoArchivo:
    """The same for a paper that must be a PDF. Raises `DatoInvalido` (campo `archivo`)."""
    tipo = reconocer(contenido)
    if tipo != PDF:
        raise DatoInvalido(
            "El archivo debe ser un PDF. Pídalo en ese formato, o ábralo y elija Imprimir, Guardar como PDF.", "archivo"
        )
    return tipo


def limpiar_nombre(nombre: str, tipo: TipoArchivo) -> str:
    """A name for people, without folders, controls or signs that mean something to a system, ending as its bytes say.

    >>> limpiar_nombre("../../etc/Ordenanza 12.exe", TipoArchivo("application/pdf", "pdf"))
    'Ordenanza 12.pdf'
    """
    ultimo = unicodedata.normalize("NFC", nombre).replace("\\", "/").rsplit("/", 1)[-1]
    raiz = ultimo.rsplit(".", 1)[0] if "." in ultimo else ultimo
    limpio = " ".join(_AJENOS.sub(" ", raiz).split()).strip("._- ")[:_NOMBRE_LARGO].strip("._- ")
    if _APARATOS.fullmatch(limpio):
        limpio = f"archivo {limpio}"
    return f"{limpio or 'evidencia'}.{tipo.extension}"


def nombre_simple(nombre: str) -> str:
    """The same name in ASCII, for whoever reads no other; `archivo` when nothing of it is.

    >>> nombre_simple("certificación.pdf"), nombre_simple("документ.pdf")
    ('certificacion.pdf', 'archivo.pdf')
    """
    raiz, _, extension = nombre.rpartition(".")
    llano = sin_tildes(unicodedata.normalize("NFKC", raiz)).encode("ascii", "ignore").decode()
    limpio = " ".join(_AJENOS.sub(" ", llano).split()).strip("._- ")
    return f"{limpio or 'archivo'}.{extension}"


def nombre_legible(nombre: str) -> str:
    """How people called a file, without folders, to show it; «archivo» when it cannot be shown."""
    try:
        ultimo = nombre.replace("\\", "/").rsplit("/", 1)[-1]
        return (
            leer_texto(ultimo[-_NOMBRE_LEGIBLE:], maximo=_NOMBRE_LEGIBLE, campo="archivo", obligatorio=False)
            or "archivo"
        )
    except DatoInvalido:
        return "archivo"
