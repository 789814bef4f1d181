"""A list of contracts or facturas, pasted or in a file, and the state of each: nothing of it is kept but who looked."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.dominio.celdas import Celda, escrito_en, esta_vacia, letra_de
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_documento_de_consulta, leer_numero_contrato
from portal.dominio.lectura import leer_consecutivo, leer_vigencia
from portal.models import Usuario
from portal.operaciones.bitacora import anotar
from portal.operaciones.lotes.archivo import ArchivoIlegible, Limites, Renglon, Tabla, leer_tabla
from portal.operaciones.lotes.columnas import titulo_plano
from portal.operaciones.lotes.renglones import ErrorCelda
from portal.operaciones.validaciones import ClasePregunta, Hallazgo, Pregunta, Respuesta, responder

# What one answer shows in a screen and one request reads well below a second.
LIMITES = Limites(filas=500, bytes=1024**2)
FACTURA, CONTRATO, VIGENCIA, NIT = "factura", "numero_contrato", "vigencia", "nit"
# The row of the list as it was first given, when the portal itself writes it again.
_FILA = "fila_de_la_lista"
TITULOS: Mapping[str, str] = {FACTURA: "Factura", CONTRATO: "Número de contrato", VIGENCIA: "Vigencia", NIT: "NIT"}
_DEL_CONTRATO = (CONTRATO, VIGENCIA, NIT)
_ESCRITURAS: Mapping[str, Sequence[str]] = {
    FACTURA: (
        "factura",
        "número de factura",
        "nro factura",
        "no. factura",
        "n° factura",
        "factura estampilla",
        "facturas",
    ),
    CONTRATO: (
        "número de contrato",
        "número contrato",
        "contrato",
        "nro contrato",
        "nro de contrato",
        "no. contrato",
        "no. de contrato",
        "n° contrato",
        "n° de contrato",
        "nº contrato",
        "nº de contrato",
        "n.º contrato",
        "n.º de contrato",
        "num contrato",
        "contratos",
    ),
    VIGENCIA: ("vigencia", "año", "año del contrato"),
    NIT: (
        "nit",
        "documento",
        "número de documento",
        "nit o documento",
        "nit del contratista",
        "nit contratista",
        "cédula",
        "identificación",
        "documento del contratista",
        "cédula o nit",
        "cc o nit",
    ),
    _FILA: ("fila de la lista",),
}
_CLAVES = {titulo_plano(escrita): clave for clave, formas in _ESCRITURAS.items() for escrita in (clave, *formas)}
_LEEN = {
    FACTURA: leer_consecutivo,
    CONTRATO: leer_numero_contrato,
    # A spreadsheet that groups thousands shows a year as `2.025`.
    VIGENCIA: lambda texto: leer_vigencia(texto.replace(".", "")),
    NIT: leer_documento_de_consulta,
}
_CONSECUTIVO = re.compile(r"[0-9][0-9. ]*")
_ANO = re.compile(r"[12]\.?[0-9]{3}")
_TRES_DATOS = re.compile(r"(\S+)\s+([12]\.?[0-9]{3})\s+([0-9A-Z].*)")
# What word processors write in place of a hyphen.
_GUIONES = str.maketrans("‐‑‒–—−", "------")
# What is kept of a cell to write the list again: no datum of these is longer.
_LARGO = 60


@dataclass(frozen=True)
class RenglonLista:
    """One row. `escrito`: its cells as they came; `pregunta` is None when `errores` says why it cannot be asked.

    `contraste`: the contract that the row says its factura is of.
    """

    fila: int
    escrito: Mapping[str, str]
    pregunta: Pregunta | None = None
    contraste: Pregunta | None = None
    errores: Sequence[ErrorCelda] = ()
    respuesta: Respuesta | None = None
    repite: int | None = None


@dataclass(frozen=True)
class ListaRevisada:
    """Every row with its answer, in the order of the list."""

    renglones: Sequence[RenglonLista]

    @property
    def respuestas(self) -> list[Respuesta]:
        return [r.respuesta for r in self.renglones if r.respuesta is not None]

    @property
    def errores(self) -> list[ErrorCelda]:
        return [error for r in self.renglones for error in r.errores]

    @property
    def encontradas(self) -> list[Respuesta]:
        return [r for r in self.respuestas if r.encontrada]

    @property
    def no_encontradas(self) -> int:
        return sum(r.hallazgo is Hallazgo.NO_ENCONTRADO for r in self.respuestas)

    @property
    def ambiguas(self) -> int:
        return sum(r.hallazgo is Hallazgo.AMBIGUO for r in self.respuestas)

    @property
    def con_error(self) -> int:
        return sum(bool(r.errores) for r in self.renglones)

    @property
    def al_dia(self) -> int:
        """Acts found with every stamp paid."""
        return sum(r.pagadas > 0 and not r.pendientes for r in self.encontradas)

    @property
    def con_pendientes(self) -> int:
        """Acts found with some stamp still owed."""
        return sum(r.pendientes > 0 for r in self.encontradas)

    @property
    def por_pagar(self) -> Decimal:
        """Pesos owed, each factura once however often the list names it."""
        debidas = {e.factura: e.valor for r in self.encontradas for e in r.debidas}
        return sum(debidas.values(), Decimal(0))


def leer_lista(contenido: bytes) -> list[RenglonLista]:
    """The rows of a CSV or XLSX file, or of a pasted text. Raises `ArchivoIlegible` when it cannot be read as a whole.

    Titles may be missing: then one column is of facturas, and three are contract, vigencia and NIT. Other columns are not read.
    """
    tabla = leer_tabla(_con_columnas(contenido), LIMITES, _titulos_supuestos)
    posiciones = _posiciones(tabla)
    return [_renglon(renglon, posiciones) for renglon in tabla.renglones]


def revisar(
    departamento: str,
    renglones: Sequence[RenglonLista],
    *,
    hoy: date,
    usuario: Usuario,
    ahora: datetime,
    peticion: str = "",
) -> ListaRevisada:
    """The state of each row now, and who looked at what. What was typed is not noted, because it holds identity numbers."""
    preguntas = {p for r in renglones for p in (r.pregunta, r.contraste) if p is not None}
    respuestas = {r.pregunta: r for r in responder(departamento, list(preguntas), hoy=hoy)}
    primeras: dict[Pregunta, int] = {}
    revisada = ListaRevisada([_contestar(renglon, respuestas, primeras) for renglon in renglones])
    anotar(
        "validacion.lista",
        "validacion",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        filas=len(renglones),
        errores=revisada.con_error,
        liquidaciones=sorted({e.liquidacion_id for r in revisada.respuestas for e in r.estampillas}),
    )
    return revisada


def escribir_lista(renglones: Sequence[RenglonLista]) -> str:
    """The list as text that `leer_lista` reads again, with the numbers of its rows; for the next request to bring."""
    salida = io.StringIO()
    escritor = csv.writer(salida, delimiter=";", lineterminator="\n")
    escritor.writerow([_ESCRITURAS[_FILA][0], *TITULOS.values()])
    for renglon in renglones:
        escritor.writerow([renglon.fila, *(renglon.escrito.get(clave, "") for clave in TITULOS)])
    return salida.getvalue()


def _con_columnas(contenido: bytes) -> bytes:
    """A pasted text whose columns were parted by spaces alone, with a sign that parts them; anything else, as it came."""
    try:
        lineas = contenido.decode().splitlines()
    except UnicodeDecodeError:
        return contenido
    if any(signo in linea for linea in lineas for signo in ";,\t"):
        return contenido
    partidas = [_TRES_DATOS.fullmatch(linea.strip()) for linea in lineas if linea.strip()]
    if not all(partidas):
        return contenido
    # Empty lines stay, so that rows keep the numbers that the person sees.
    return "\n".join(_TRES_DATOS.sub(r"\1;\2;\3", linea.strip()) for linea in lineas).encode()


def _titulos_supuestos(fila: Sequence[Celda]) -> tuple[str, ...]:
    """Titles for a list that brings none; nothing when its first row has a known one. Columns around them are not read."""
    textos = ["" if c is None else str(c).strip() for c in fila]
    if any(titulo_plano(texto) in _CLAVES for texto in textos):
        return ()
    inicio = next((i for i, texto in enumerate(textos) if texto), 0)
    tres, vacias = textos[inicio : inicio + 3], ("",) * inicio
    if len([texto for texto in textos if texto]) == 1 and _CONSECUTIVO.fullmatch(textos[inicio]):
        return (*vacias, TITULOS[FACTURA])
    if len(tres) == 3 and all(tres) and _ANO.fullmatch(tres[1]):
        sobran = ("",) * (len(textos) - inicio - 3)
        return (*vacias, *(TITULOS[clave] for clave in _DEL_CONTRATO), *sobran)
    return ()


def _posiciones(tabla: Tabla) -> Mapping[str, int]:
    posiciones: dict[str, int] = {}
    for posicion, titulo in enumerate(tabla.titulos):
        clave = _CLAVES.get(titulo_plano(titulo))
        if clave is None:
            continue
        if clave in posiciones:
            letras = f"{letra_de(posiciones[clave])} y {letra_de(posicion)}"
            raise ArchivoIlegible(f"Las columnas {letras} dicen lo mismo: {TITULOS.get(clave, titulo)}.")
        posiciones[clave] = posicion
    if FACTURA not in posiciones and any(clave not in posiciones for clave in _DEL_CONTRATO):
        faltan = ", ".join(TITULOS[clave] for clave in _DEL_CONTRATO if clave not in posiciones)
        raise ArchivoIlegible(f"La lista no tiene la columna Factura, ni las del contrato. Falta: {faltan}.")
    return posiciones


def _renglon(renglon: Renglon, posiciones: Mapping[str, int]) -> RenglonLista:
    """What a row asks; every cell that is wrong is told at once."""
    celdas = {clave: renglon.celdas[posicion] for clave, posicion in posiciones.items()}
    fila = _fila_original(celdas.pop(_FILA, None)) or renglon.numero
    leidos: dict[str, Any] = {}
    errores: list[ErrorCelda] = []
    pedidas = (FACTURA,) if not esta_vacia(celdas.get(FACTURA)) else _DEL_CONTRATO
    llenas = [clave for clave in _DEL_CONTRATO if not esta_vacia(celdas.get(clave))]
    contrasta = pedidas == (FACTURA,) and len(llenas) == len(_DEL_CONTRATO)
    for clave in (FACTURA, *_DEL_CONTRATO) if contrasta else pedidas:
        try:
            if esta_vacia(celdas.get(clave)):
                raise DatoInvalido("Falta este dato.")
            leidos[clave] = _LEEN[clave](escrito_en(celdas[clave]).translate(_GUIONES))
        except DatoInvalido as error:
            letra = letra_de(posiciones[clave]) if clave in posiciones else ""
            errores.append(ErrorCelda(fila, letra, TITULOS[clave], error.mensaje))
    escrito = {clave: _como_vino(celda) for clave, celda in celdas.items()}
    if errores:
        return RenglonLista(fila, escrito, errores=errores)
    contrato = _contrato(leidos) if NIT in leidos else None
    if FACTURA in leidos:
        return RenglonLista(fila, escrito, Pregunta(ClasePregunta.FACTURA, str(leidos[FACTURA])), contrato)
    return RenglonLista(fila, escrito, contrato)


def _contrato(leidos: Mapping[str, Any]) -> Pregunta:
    return Pregunta(ClasePregunta.CONTRATO, leidos[CONTRATO], leidos[NIT], leidos[VIGENCIA])


def _fila_original(celda: Celda) -> int | None:
    texto = str(celda or "")
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 7 else None


def _como_vino(celda: Celda) -> str:
    return "" if celda is None else str(celda).strip()[:_LARGO]


def _contestar(
    renglon: RenglonLista, respuestas: Mapping[Pregunta, Respuesta], primeras: dict[Pregunta, int]
) -> RenglonLista:
    if renglon.pregunta is None:
        return renglon
    respuesta = respuestas[renglon.pregunta]
    if renglon.contraste is not None:
        respuesta = _contrastar(respuesta, respuestas[renglon.contraste])
    primera = primeras.setdefault(renglon.pregunta, renglon.fila)
    return replace(renglon, respuesta=respuesta, repite=None if primera == renglon.fila else primera)


def _contrastar(de_la_factura: Respuesta, del_contrato: Respuesta) -> Respuesta:
    """A factura that is of another contract than the row says is as good as none."""
    suyas = {e.factura for e in del_contrato.estampillas}
    if not de_la_factura.encontrada or all(e.factura in suyas for e in de_la_factura.estampillas):
        return de_la_factura
    nota = "La factura existe, pero no es de ese contrato."
    return Respuesta(de_la_factura.pregunta, Hallazgo.NO_ENCONTRADO, nota=nota)
