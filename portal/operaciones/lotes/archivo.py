"""A file as people send it becomes a table of cells. Nothing in it runs, and nothing in it may exhaust the server."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.dominio.celdas import Celda, esta_vacia, letra_de
from portal.dominio.errores import DatoInvalido
from portal.operaciones.lotes.xlsx import leer_hoja

MAXIMO_COLUMNAS = 120
_SEPARADORES = ";,\t"
_OTROS = {
    b"\xd0\xcf\x11\xe0": "Ese archivo es de Excel 97-2003 o tiene contraseña. Guárdelo como .xlsx, sin contraseña.",
    b"%PDF": "Ese archivo es un PDF. Use un libro de Excel (.xlsx) o un CSV.",
}
_BINARIO = re.compile(rb"[\x00-\x08\x0e-\x1f]")
# In Latin-1 the letters Â and Ã, which Spanish does not have, followed by a sign: letters of UTF-8 read wrongly.
_DOS_CODIFICACIONES = re.compile(rb"[\xc2\xc3][\x80-\xbf]")
# What `portal.documentos.libro` writes so that no spreadsheet runs the cell.
_FORMULA_INERTE = re.compile(r"'[=+\-@\t\r]")


class ArchivoIlegible(DatoInvalido):
    """The file as a whole cannot be used. `mensajes` are whole sentences, one per problem."""

    def __init__(self, *mensajes: str) -> None:
        super().__init__(" ".join(mensajes), "archivo")
        self.mensajes = mensajes


@dataclass(frozen=True)
class Limites:
    """How large a file may be: contracts, and bytes as it was sent."""

    filas: int
    bytes: int


@dataclass(frozen=True)
class Renglon:
    """One row. `numero` counts from 1 as the spreadsheet shows it; `celdas` go with the titles, one each."""

    numero: int
    celdas: tuple[Celda, ...]


@dataclass(frozen=True)
class Tabla:
    """The titles and the rows that hold something."""

    titulos: tuple[str, ...]
    renglones: tuple[Renglon, ...]


Supuestos = Callable[[Sequence[Celda]], tuple[str, ...]]


def leer_tabla(contenido: bytes, limites: Limites, supuestos: Supuestos = lambda _: ()) -> Tabla:
    """The table of a CSV or XLSX file, told apart by their bytes. Raises `ArchivoIlegible`.

    `supuestos` gives the titles of a file whose first row is data already, or none when that row is the titles.
    """
    if not contenido.strip():
        raise ArchivoIlegible("El archivo está vacío.")
    if len(contenido) > limites.bytes:
        raise ArchivoIlegible(f"El archivo pesa más de {limites.bytes // 1024**2} MB. Divídalo en varios.")
    for marca, mensaje in _OTROS.items():
        if contenido.startswith(marca):
            raise ArchivoIlegible(mensaje)
    try:
        filas = leer_hoja(contenido, limites.filas) if contenido.startswith(b"PK") else leer_csv(contenido)
        return _tabla(filas, limites, supuestos)
    except DatoInvalido as error:
        raise error if isinstance(error, ArchivoIlegible) else ArchivoIlegible(error.mensaje) from None


def _tabla(filas: Iterable[Sequence[Celda]], limites: Limites, supuestos: Supuestos) -> Tabla:
    con_datos = ((n, fila) for n, fila in enumerate(filas, start=1) if not all(esta_vacia(c) for c in fila))
    titulos: tuple[str, ...] = ()
    renglones: list[Renglon] = []
    for numero, fila in con_datos:
        if len(fila) > MAXIMO_COLUMNAS and not all(esta_vacia(c) for c in fila[MAXIMO_COLUMNAS:]):
            raise ArchivoIlegible(f"El archivo tiene más de {MAXIMO_COLUMNAS} columnas. Use la plantilla.")
        if not titulos:
            titulos = supuestos(fila)
            if not titulos:
                titulos = tuple("" if c is None else str(c).strip() for c in fila[:MAXIMO_COLUMNAS])
                continue
        if len(renglones) == limites.filas:
            raise ArchivoIlegible(f"El archivo tiene más de {limites.filas} contratos. Divídalo en varios.")
        renglones.append(Renglon(numero, _ajustar(numero, fila, len(titulos))))
    if not titulos:
        raise ArchivoIlegible("El archivo está vacío.")
    if not renglones:
        raise ArchivoIlegible("El archivo no tiene contratos: después de los títulos no hay ninguna fila con datos.")
    return Tabla(titulos, tuple(renglones))


def _ajustar(numero: int, fila: Sequence[Celda], ancho: int) -> tuple[Celda, ...]:
    sobra = next((i for i, celda in enumerate(fila) if i >= ancho and not esta_vacia(celda)), None)
    if sobra is not None:
        raise ArchivoIlegible(f"Fila {numero}: hay un dato en la columna {letra_de(sobra)}, que no tiene título.")
    return tuple(fila[:ancho]) + (None,) * (ancho - len(fila))


def leer_csv(contenido: bytes) -> Iterator[list[str]]:
    """The rows of a CSV file, whatever its separator and its letters. Raises `ArchivoIlegible`."""
    texto = _decodificar(contenido)
    separador = _separador(texto)
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=separador, strict=True)
    while True:
        try:
            fila = next(lector, None)
        except csv.Error:
            raise ArchivoIlegible(
                f"No se puede leer la línea {lector.line_num} del archivo: revise que las comillas abran y cierren."
            ) from None
        if fila is None:
            return
        yield [celda[1:] if _FORMULA_INERTE.match(celda) else celda for celda in fila]


def _decodificar(contenido: bytes) -> str:
    if _BINARIO.search(contenido):
        raise ArchivoIlegible("Ese archivo no es un CSV ni un libro de Excel (.xlsx), o está dañado.")
    try:
        return contenido.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if _DOS_CODIFICACIONES.search(contenido):
        raise ArchivoIlegible("El archivo mezcla dos codificaciones. Guárdelo de nuevo como «CSV UTF-8».")
    try:
        return contenido.decode("cp1252")
    except UnicodeDecodeError:
        raise ArchivoIlegible("No se reconocen las letras del archivo. Guárdelo de nuevo como «CSV UTF-8».") from None


def _separador(texto: str) -> str:
    """The separator that parts the titles into most cells."""
    titulos = next((linea for linea in texto.splitlines() if linea.strip(_SEPARADORES + ' "')), "")
    fuera_de_comillas = re.sub(r'"[^"]*"', "", titulos)
    return max(_SEPARADORES, key=fuera_de_comillas.count)
