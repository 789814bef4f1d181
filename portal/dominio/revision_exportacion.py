"""Checking an export without the portal nor its database: digests, chains, balances and sums, row by row.

What is wrong is said in Spanish sentences that name the file and the row. The signature itself is for
`portal.operaciones.claves`; here is what it stands on.
"""

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import IO, Any

from portal.dominio import bitacora, libro, revision_agentes
from portal.dominio.bitacora import Anotacion
from portal.dominio.cadena import GENESIS
from portal.dominio.cierre import limites
from portal.dominio.cierre_dia import huella_de_firma
from portal.dominio.exportacion import (
    FIRMA,
    FORMATO,
    FORMATO_SIN_AGENTES,
    MANIFIESTO,
    en_pesos,
    mensaje_por_firmar,
    saldos_del_tramo,
    texto_original,
)
from portal.dominio.libro import CLASES_DE_ENTRADA, ClaseAsiento, Partida

Fila = Mapping[str, str]
_ILEGIBLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    csv.Error,
    ValueError,
    AttributeError,
    KeyError,
    TypeError,
    ArithmeticError,
)
_DEBE_DECIR = {"departamento", "desde", "hasta", "hecho_en", "archivos", "cadenas", "saldos_centavos", "clave"}
_PEDAZO = 1 << 16
# The lines of a whole day are one cell.
_CELDA_MAXIMA = 1 << 28


class ExportacionIlegible(ValueError):
    """The file is no export of ours; the message is the sentence to show."""


@dataclass(frozen=True)
class Exportacion:
    """An export that is open. `firma` is what its signature file says, none when it has none."""

    paquete: zipfile.ZipFile
    manifiesto: Mapping[str, Any]
    crudo: bytes
    firma: Mapping[str, Any] | None

    @property
    def mensaje(self) -> bytes:
        """What its signature must stand on."""
        return mensaje_por_firmar(self.crudo)

    def faltas(self) -> Iterator[str]:
        """Everything that is wrong, one sentence each."""
        yield from self._nombres()
        for nombre in sorted(self.manifiesto["archivos"]):
            yield from self._con_cuidado(nombre, partial(self._archivo, nombre))
        revisiones: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
            ("asientos.csv", self._libro),
            ("recaudos.csv", self._recaudos),
            ("facturas.csv", self._totales),
            ("cierres.csv", self._cierres),
            ("bitacora.csv", self._bitacora),
        )
        for nombre, revision in (*revisiones, *self._de_agentes()):
            yield from self._con_cuidado(nombre, revision)

    def filas(self, nombre: str) -> Iterator[tuple[str, Fila]]:
        """The rows of a CSV as texts, each with how to call it. Raises `ValueError` for a row of another width."""
        with _celdas_largas(), self.paquete.open(nombre) as crudo:
            lector = csv.reader(io.TextIOWrapper(crudo, "utf-8", newline=""), strict=True)
            titulos = next(lector)
            for numero, celdas in enumerate(lector, start=1):
                textos = (texto_original(celda) for celda in celdas)
                yield f"{nombre}, fila {numero}", dict(zip(titulos, textos, strict=True))

    def _con_cuidado(self, nombre: str, revision: Callable[[], Iterator[str]]) -> Iterator[str]:
        try:
            yield from revision()
        except _ILEGIBLE as error:
            yield f"{nombre}: no se puede leer entero ({type(error).__name__})"

    def _de_agentes(self) -> Iterator[tuple[str, Callable[[], Iterator[str]]]]:
        if self.manifiesto["formato"] != FORMATO_SIN_AGENTES:
            yield from (
                (nombre, partial(self._con_periodo, revision)) for nombre, revision in revision_agentes.REVISIONES
            )

    def _con_periodo(self, revision: Callable[[revision_agentes.Exportado], Iterator[str]]) -> Iterator[str]:
        desde, hasta = (date.fromisoformat(self.manifiesto[extremo]) for extremo in ("desde", "hasta"))
        yield from revision(revision_agentes.Exportado(self.filas, *limites(desde, hasta)))

    def _nombres(self) -> Iterator[str]:
        hay = [entrada.filename for entrada in self.paquete.infolist()]
        debe = {MANIFIESTO, *self.manifiesto["archivos"]} | ({FIRMA} if self.manifiesto["clave"] else set())
        yield from (f"{nombre}: está repetido" for nombre in sorted({n for n in hay if hay.count(n) > 1}))
        yield from (f"{nombre}: falta" for nombre in sorted(debe - set(hay)))
        yield from (f"{nombre}: sobra, el manifiesto no lo nombra" for nombre in sorted(set(hay) - debe))

    def _archivo(self, nombre: str) -> Iterator[str]:
        """One file: its digest, its size, how many rows it has, and that its pesos are its centavos."""
        dice = self.manifiesto["archivos"][nombre]
        resumen, octetos = sha256(), 0
        with self.paquete.open(nombre) as crudo:
            while parte := crudo.read(_PEDAZO):
                resumen.update(parte)
                octetos += len(parte)
        if (resumen.hexdigest(), octetos) != (dice["sha256"], dice["bytes"]):
            yield f"{nombre}: no es el que dice el manifiesto"
        cuantas = 0
        if nombre.endswith(".csv"):
            for cual, fila in self.filas(nombre):
                cuantas += 1
                if not _cuadran_los_pesos(fila):
                    yield f"{cual}: los pesos no son los centavos"
        if cuantas != dice["filas"]:
            yield f"{nombre}: tiene {cuantas} filas y el manifiesto dice {dice['filas']}"

    def _libro(self) -> Iterator[str]:
        tramo = self.manifiesto["cadenas"]["libro"]
        movimientos: dict[str, list[int]] = {}

        def enlazar(anterior: str, fila: Fila) -> str:
            partida = _partida(fila)
            for cuenta, lado in ((partida.debe, 0), (partida.haber, 1)):
                movimientos.setdefault(cuenta, [0, 0])[lado] += int(fila["valor_centavos"])
            return libro.eslabon(anterior, int(fila["numero"]), datetime.fromisoformat(fila["en"]), partida)

        yield from self._cadena("asientos.csv", tramo, enlazar)
        dichos = self.manifiesto["saldos_centavos"]
        antes = {cuenta: saldo["antes"] for cuenta, saldo in dichos.items()}
        hallados = saldos_del_tramo(antes, movimientos)
        for cuenta in sorted({*dichos, *hallados}):
            if dichos.get(cuenta) != hallados.get(cuenta):
                yield f"{MANIFIESTO}: los saldos de «{cuenta}» no son los que dan los asientos"
        if sum(antes.values()) != 0:
            yield f"{MANIFIESTO}: los saldos anteriores no suman cero"

    def _bitacora(self) -> Iterator[str]:
        def enlazar(anterior: str, fila: Fila) -> str:
            sellada = datetime.fromisoformat(fila["sellada_en"])
            return bitacora.eslabon(anterior, int(fila["numero"]), sellada, _anotacion(fila))

        yield from self._cadena("bitacora.csv", self.manifiesto["cadenas"]["bitacora"], enlazar)

    def _cadena(self, nombre: str, tramo: Mapping[str, Any], enlazar: Callable[[str, Fila], str]) -> Iterator[str]:
        """Each row follows the one before, from the link that the manifest gives to the one where it says that it ends."""
        huella, esperado = tramo["anterior"], tramo["primero"]
        if (esperado in (1, None)) != (huella == GENESIS):
            yield f"{nombre}: el eslabón anterior al primero no es el que debe"
        for cual, fila in self.filas(nombre):
            if int(fila["numero"]) != esperado:
                yield f"{cual}: debía ser la número {esperado} y es la {fila['numero']}"
            if enlazar(huella, fila) != fila["huella"]:
                yield f"{cual}: no es la que se escribió, o no sigue a la anterior"
            huella, esperado = fila["huella"], int(fila["numero"]) + 1
        ultimo = esperado - 1 if esperado is not None and esperado != tramo["primero"] else None
        if (huella, ultimo) != (tramo["huella"], tramo["ultimo"]):
            yield f"{nombre}: la última fila no es la que dice el manifiesto"

    def _recaudos(self) -> Iterator[str]:
        """Each credit in pesos is whole in the asientos (I-03)."""
        enteros: dict[str, list[int]] = {}
        for _, fila in self.filas("asientos.csv"):
            if fila["clase"] in CLASES_DE_ENTRADA:
                suma = enteros.setdefault(fila["recaudo_id"], [0, 0])
                suma[0] += int(fila["valor_centavos"])
                suma[1] += int(fila["valor_centavos"]) * (fila["clase"] == ClaseAsiento.RECAUDO)
        for cual, fila in self.filas("recaudos.csv"):
            dice = [int(fila["valor_centavos"]), int(fila["aplicado_centavos"])]
            if fila["moneda"] == "COP" and enteros.get(fila["id"]) != dice:
                yield f"{cual}: el recaudo {fila['id']} no está entero en los asientos"

    def _totales(self) -> Iterator[str]:
        """Each liquidación sums its facturas (I-02)."""
        sumas: dict[str, int] = {}
        for _, fila in self.filas("facturas.csv"):
            sumas[fila["liquidacion_id"]] = sumas.get(fila["liquidacion_id"], 0) + int(fila["valor_centavos"])
        for cual, fila in self.filas("liquidaciones.csv"):
            if sumas.pop(fila["id"], 0) != int(fila["total_centavos"]):
                yield f"{cual}: la liquidación {fila['numero']} no suma lo que sus facturas"
        for sobra in sorted(sumas):
            yield f"facturas.csv: hay facturas de una liquidación que no está ({sobra})"

    def _cierres(self) -> Iterator[str]:
        """Each signed close is what was signed (I-20)."""
        for cual, fila in self.filas("cierres.csv"):
            huella = huella_de_firma(
                fila["contenido"],
                version=int(fila["version"]),
                hasta_asiento=int(fila["hasta_asiento"]),
                usuario_id=int(fila["firmado_por"]),
                en=datetime.fromisoformat(fila["firmado_en"]),
            )
            if huella != fila["huella"]:
                yield f"{cual}: el cierre {fila['version']} de {fila['cuenta']} del {fila['dia']} no es el que se firmó"


def abrir(archivo: IO[bytes]) -> Exportacion:
    """An export, ready to be checked. Raises `ExportacionIlegible`."""
    try:
        paquete = zipfile.ZipFile(archivo)
        crudo = paquete.read(MANIFIESTO)
        manifiesto = json.loads(crudo)
        firma = json.loads(paquete.read(FIRMA)) if FIRMA in paquete.namelist() else None
        completo = manifiesto["formato"] in (FORMATO, FORMATO_SIN_AGENTES) and {*manifiesto} >= _DEBE_DECIR
    except (*_ILEGIBLE, RuntimeError, NotImplementedError) as error:
        raise ExportacionIlegible("El archivo no es una exportación de auditoría, o está dañado.") from error
    if not completo:
        raise ExportacionIlegible("El manifiesto es de otra versión, o está incompleto.")
    return Exportacion(paquete, manifiesto, crudo, firma)


@contextmanager
def _celdas_largas() -> Iterator[None]:
    """The limit belongs to the whole process: it goes back to what it was for whoever reads other people's files."""
    antes = csv.field_size_limit(_CELDA_MAXIMA)
    try:
        yield
    finally:
        csv.field_size_limit(antes)


def _cuadran_los_pesos(fila: Fila) -> bool:
    for titulo, centavos in fila.items():
        if titulo.endswith("_centavos"):
            pesos = fila[titulo.removesuffix("_centavos") + "_pesos"]
            if pesos != (en_pesos(int(centavos)) if centavos else ""):
                return False
    return True


def _partida(fila: Fila) -> Partida:
    return Partida(
        ClaseAsiento(fila["clase"]),
        debe=fila["debe"],
        haber=fila["haber"],
        valor=Decimal(fila["valor_centavos"]) / 100,
        origen=fila["origen"],
        recaudo_id=_entero(fila["recaudo_id"]),
        factura_id=_entero(fila["factura_id"]),
    )


def _anotacion(fila: Fila) -> Anotacion:
    return Anotacion(
        id=int(fila["id"]),
        en=datetime.fromisoformat(fila["en"]),
        usuario_id=_entero(fila["usuario_id"]),
        accion=fila["accion"],
        objeto=fila["objeto"],
        detalle=json.loads(fila["detalle"]),
        peticion=fila["peticion"],
    )


def _entero(texto: str) -> int | None:
    return int(texto) if texto else None
