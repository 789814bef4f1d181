"""The first sheet of an XLSX file. The file is opened by us and handed to the reader whole, plain and of known size.

A few kilobytes of ZIP may unfold into gigabytes, lie about their size, or place one cell at the last row and column of a
sheet, which the reader would lay out in memory. So every part is unfolded here within a bound and looked through first.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from portal.dominio.celdas import Celda
from portal.dominio.errores import DatoInvalido

_MAXIMO_DESPLEGADO = 48 * 1024**2
_MAXIMO_PARTES = 500
# What the titles, blank rows and a few empty columns take beyond the contracts and their data.
_HOLGURA_FILAS, _MAXIMO_COLUMNAS = 1000, 256
_DANADO = "El archivo está dañado o no es un libro de Excel (.xlsx). Guárdelo de nuevo."
_GRANDE = "El libro de Excel es demasiado grande al abrirlo. Copie los contratos en la plantilla."
_TEXTOS = "xl/sharedstrings.xml"
# The serial number of a date means another day there, and nothing in a cell says so.
_DESDE_1904 = re.compile(rb"""date1904\s*=\s*["'](1|true)""")
_CELDA = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def leer_hoja(contenido: bytes, maximo_filas: int) -> Iterator[list[Celda]]:
    """The rows of the first visible sheet, from its first row. Raises `DatoInvalido` for anything that is not safe to read."""
    partes = _desplegar(contenido)
    if _DESDE_1904.search(partes["xl/workbook.xml"]):
        raise DatoInvalido("El libro cuenta las fechas desde 1904. Cambie esa opción en Excel, o guárdelo como CSV.")
    vigia = _Vigia(maximo_filas + _HOLGURA_FILAS)
    # The shared texts first: the sheets point at them.
    for nombre in sorted(partes, key=lambda nombre: nombre.lower() != _TEXTOS):
        if not vigia.mirar(partes[nombre]):
            # Only the sheet that is read matters: a large catalogue beside it is simply not there.
            del partes[nombre]
    try:
        with CalamineWorkbook.from_filelike(_rehacer(partes)) as libro:
            visibles = [
                hoja.name
                for hoja in libro.sheets_metadata
                if hoja.typ is SheetTypeEnum.WorkSheet and hoja.visible is SheetVisibleEnum.Visible
            ]
            if not visibles:
                raise DatoInvalido("El libro de Excel no tiene hojas visibles.")
            filas = libro.get_sheet_by_name(visibles[0]).to_python(skip_empty_area=False)
    except CalamineError:
        raise DatoInvalido(_GRANDE if vigia.excesos else _DANADO) from None
    return ([_celda(cruda) for cruda in fila] for fila in filas)


def _desplegar(contenido: bytes) -> dict[str, bytes]:
    """Every XML part, unfolded; never more than the bound, whatever the file declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(contenido)) as archivo:
            entradas = archivo.infolist()
            _revisar_indice(entradas)
            return {e.filename: archivo.read(e) for e in entradas if e.filename.lower().endswith((".xml", ".rels"))}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise DatoInvalido(_DANADO) from None


def _revisar_indice(entradas: list[zipfile.ZipInfo]) -> None:
    nombres = [entrada.filename.lower() for entrada in entradas]
    if any(nombre.endswith("vbaproject.bin") for nombre in nombres):
        raise DatoInvalido("El libro tiene macros. Guárdelo como libro de Excel sin macros (.xlsx).")
    if "xl/workbook.xml" not in [entrada.filename for entrada in entradas]:
        raise DatoInvalido("Ese archivo no es un libro de Excel (.xlsx). Guárdelo como .xlsx o como CSV.")
    if len(entradas) > _MAXIMO_PARTES or len(set(nombres)) < len(nombres):
        raise DatoInvalido(_DANADO)
    # Reading stops at the declared size, so the sum is a bound and not a promise.
    if sum(entrada.file_size for entrada in entradas) > _MAXIMO_DESPLEGADO:
        raise DatoInvalido(_GRANDE)


def _rehacer(partes: dict[str, bytes]) -> io.BytesIO:
    """The same parts, stored as they are: what the reader unfolds is what was looked through."""
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_STORED) as archivo:
        for nombre, datos in partes.items():
            archivo.writestr(nombre, datos)
    salida.seek(0)
    return salida


class _Vigia:
    """Looks through the XML of the shared texts and of each sheet, and says whether laying it out is bounded."""

    def __init__(self, maximo_filas: int) -> None:
        self.maximo_filas = maximo_filas
        self.excesos = 0
        self._largos: list[int] = []

    def mirar(self, datos: bytes) -> bool:
        """Whether a part stays within the bounds. Raises `DatoInvalido` when it is not plain XML."""
        self._fila = self._columna = self._letras = 0
        self._tipo = ""
        self._indice: list[str] | None = None
        # The encoding of every book, whatever a part declares.
        lector = expat.ParserCreate("UTF-8")
        lector.buffer_text = True
        lector.StartElementHandler = self._abrir
        lector.EndElementHandler = self._cerrar
        lector.CharacterDataHandler = self._texto
        lector.StartDoctypeDeclHandler = _rechazar_doctype
        try:
            lector.Parse(datos, True)
        except _Exceso:
            self.excesos += 1
            return False
        except expat.ExpatError:
            raise DatoInvalido(_DANADO) from None
        return True

    def _abrir(self, nombre: str, atributos: dict[str, str]) -> None:
        match nombre.rpartition(":")[2]:
            case "si":
                self._largos.append(0)
            case "row":
                self._fila = _entero(atributos.get("r"), self._fila + 1)
                self._columna = 0
            case "c":
                self._situar(atributos.get("r", ""))
                self._tipo = atributos.get("t", "")
            case "v" | "is":
                # The reader lays out the rectangle that holds every cell with something in it.
                if self._fila > self.maximo_filas or self._columna > _MAXIMO_COLUMNAS:
                    raise _Exceso
                self._indice = [] if self._tipo == "s" else None

    def _situar(self, referencia: str) -> None:
        hallada = _CELDA.fullmatch(referencia)
        if hallada is None:
            self._columna += 1
            return
        self._columna = 0
        for letra in hallada[1]:
            self._columna = self._columna * 26 + ord(letra) - 64
        self._fila = int(hallada[2])

    def _texto(self, texto: str) -> None:
        if self._indice is not None:
            self._indice.append(texto)
        elif self._largos and not self._fila:
            self._largos[-1] += len(texto)

    def _cerrar(self, nombre: str) -> None:
        if nombre.rpartition(":")[2] == "v" and self._indice is not None:
            indice = _entero("".join(self._indice).strip(), -1)
            self._indice = None
            # A text that is kept once may be shown in every cell.
            self._letras += self._largos[indice] if 0 <= indice < len(self._largos) else 0
            if self._letras > _MAXIMO_DESPLEGADO:
                raise _Exceso


class _Exceso(Exception):
    """A sheet too large to be laid out."""


def _rechazar_doctype(*_: object) -> None:
    raise DatoInvalido(_DANADO)


def _entero(texto: str | None, omision: int) -> int:
    return int(texto) if texto and texto.isascii() and texto.isdigit() and len(texto) <= 9 else omision


def _celda(cruda: object) -> Celda:
    if isinstance(cruda, bool):
        return cruda
    if isinstance(cruda, int | float):
        # The digits that a spreadsheet shows: the sixteenth is noise of its binary fractions.
        numero = Decimal(f"{cruda:.15g}")
        return numero if numero.is_finite() else str(cruda)
    if isinstance(cruda, datetime):
        return cruda.date()
    if isinstance(cruda, date):
        return cruda
    return str(cruda) or None
