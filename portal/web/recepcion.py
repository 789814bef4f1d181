"""A file that comes with a form: read within its size, known by its bytes, and opened where it cannot hurt the portal."""

from werkzeug.datastructures import FileStorage

from portal.dominio.archivos import MAXIMO_BYTES, PAGINAS_DE_UN_SOPORTE, PDF, reconocer, reconocer_pdf
from portal.dominio.errores import DatoInvalido
from portal.operaciones.revision_pdf import revisar_pdf
from portal.web.frenos import frenar_revision

MAXIMO_MB = MAXIMO_BYTES // 1024**2
# A file a few times larger than what is accepted is still read, to say so beside its field without losing what was typed.
CUERPO_MAXIMO = 4 * MAXIMO_BYTES


def recibir(
    enviado: FileStorage | None, falta: str, *, solo_pdf: bool = False, paginas: int = PAGINAS_DE_UN_SOPORTE
) -> tuple[str, bytes]:
    """`(name, bytes)` of an uploaded file that may be kept. Called before `transaccion()`, because opening a PDF takes time.

    Raises `DatoInvalido` (campo `archivo`): with `falta` when there is none, else with what to do about a file that is
    empty, too large, of another kind (only PDF with `solo_pdf`), or a PDF that `revisar_pdf` refuses. Answers 429 to
    whoever sends too many in an hour.
    """
    if enviado is None or not enviado.filename:
        raise DatoInvalido(falta, "archivo")
    contenido = enviado.stream.read(MAXIMO_BYTES + 1)
    if (reconocer_pdf if solo_pdf else reconocer)(contenido) == PDF:
        frenar_revision()
        revisar_pdf(contenido, paginas=paginas)
    return enviado.filename, contenido
