"""Writing an export: one ZIP of CSV files with their digests, the piece of each chain, and the signature over all of it.

Rows go from the database to the file by pieces, whatever their number. Equal data, asked by the same person at the same
instant, are equal bytes.
"""

import csv
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO, Any

from sqlalchemy import func, select

from portal.db import Pesos, db
from portal.dominio.bitacora import Cadena, instante
from portal.dominio.cadena import GENESIS
from portal.dominio.exportacion import (
    DATOS_PERSONALES,
    FIRMA,
    FORMATO,
    LEEME,
    MANIFIESTO,
    Periodo,
    Tramo,
    escribir_manifiesto,
    mensaje_por_firmar,
    saldos_del_tramo,
)
from portal.models import Asiento, SelloBitacora
from portal.operaciones.claves import Firmante
from portal.operaciones.comprobaciones import cabeza_de
from portal.operaciones.exportacion.tablas import Tabla, numeros_de, tablas_de

Avance = Callable[[int, int], None]
# The oldest date that a ZIP can say: a file that says when it was made would never be made twice with the same bytes.
_FECHA = (1980, 1, 1, 0, 0, 0)
_TABLAS: dict[Cadena, type[Asiento] | type[SelloBitacora]] = {
    Cadena.LIBRO: Asiento,
    Cadena.BITACORA: SelloBitacora,
}


def sin_avance(_hechos: int, _de: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Encargo:
    """What is exported, of which department, for whom and when; `firmante` is none where no key can be used."""

    periodo: Periodo
    departamento: str
    por: str
    ahora: datetime
    firmante: Firmante | None


@dataclass(frozen=True)
class _Archivo:
    sha256: str
    bytes: int
    filas: int


def escribir(encargo: Encargo, destino: IO[bytes], avanzar: Avance = sin_avance) -> str:
    """Write the whole export in `destino` and return the SHA-256 of its manifest. Reads only: `portal.db.foto` goes first."""
    tablas = tablas_de(encargo.periodo)
    archivos: dict[str, _Archivo] = {}
    with zipfile.ZipFile(destino, "w", zipfile.ZIP_DEFLATED) as paquete:
        for hechas, tabla in enumerate(tablas, start=1):
            archivos[tabla.archivo] = _agregar(paquete, tabla.archivo, _lineas(tabla))
            avanzar(hechas, len(tablas))
        archivos[LEEME] = _agregar(paquete, LEEME, [(_leeme(encargo, tablas), 0)])
        manifiesto = escribir_manifiesto(_manifiesto(encargo, archivos))
        _agregar(paquete, MANIFIESTO, [(manifiesto, 0)])
        if encargo.firmante:
            _agregar(paquete, FIRMA, [(_firma(encargo.firmante, manifiesto), 0)])
    return sha256(manifiesto).hexdigest()


def _agregar(paquete: zipfile.ZipFile, nombre: str, partes: Iterable[tuple[bytes, int]]) -> _Archivo:
    """Add a file whose pieces come with how many rows each is."""
    entrada = zipfile.ZipInfo(nombre, _FECHA)
    entrada.compress_type, entrada.external_attr, entrada.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
    resumen, octetos, filas = sha256(), 0, 0
    with paquete.open(entrada, "w", force_zip64=True) as salida:
        for parte, suyas in partes:
            salida.write(parte)
            resumen.update(parte)
            octetos, filas = octetos + len(parte), filas + suyas
    return _Archivo(resumen.hexdigest(), octetos, filas)


def _lineas(tabla: Tabla) -> Iterable[tuple[bytes, int]]:
    """The lines of a CSV (RFC 4180, UTF-8), headings first."""
    linea = io.StringIO(newline="")
    escritor = csv.writer(linea, lineterminator="\r\n")

    def tomar(celdas: list[str]) -> bytes:
        linea.seek(0)
        linea.truncate()
        escritor.writerow(celdas)
        return linea.getvalue().encode()

    yield tomar(tabla.titulos), 0
    for fila in tabla.filas():
        yield tomar(fila), 1


def _manifiesto(encargo: Encargo, archivos: dict[str, _Archivo]) -> dict[str, Any]:
    periodo = encargo.periodo
    tramos = {cadena: _tramo(cadena, periodo) for cadena in Cadena}
    return {
        "formato": FORMATO,
        "departamento": encargo.departamento,
        "desde": periodo.desde.isoformat(),
        "hasta": periodo.hasta.isoformat(),
        "zona_horaria": "America/Bogota",
        "hecho_en": instante(encargo.ahora),
        "hecho_por": encargo.por,
        "datos_personales": DATOS_PERSONALES,
        "archivos": {nombre: asdict(archivo) for nombre, archivo in archivos.items()},
        "cadenas": {cadena.value: asdict(tramo) for cadena, tramo in tramos.items()},
        "cadenas_al_exportar": {cadena.value: asdict(cabeza_de(cadena)) for cadena in Cadena},
        "saldos_centavos": _saldos(tramos[Cadena.LIBRO]),
        "clave": encargo.firmante.id if encargo.firmante else None,
    }


def _tramo(cadena: Cadena, periodo: Periodo) -> Tramo:
    primero, ultimo = numeros_de(cadena, periodo)
    if ultimo < primero:
        return Tramo(GENESIS, None, None, GENESIS)
    return Tramo(_huella(cadena, primero - 1), primero, ultimo, _huella(cadena, ultimo))


def _huella(cadena: Cadena, numero: int) -> str:
    tabla = _TABLAS[cadena]
    # A link that somebody deleted is no reason to refuse the export: whoever checks it sees that nothing follows.
    return db.session.scalar(select(tabla.huella).where(tabla.numero == numero)) or GENESIS


def _saldos(tramo: Tramo) -> dict[str, dict[str, int]]:
    """Centavos of each account before, during and after the asientos that the export has."""
    primero, ultimo = tramo.primero or 1, tramo.ultimo or 0
    antes: dict[str, int] = {}
    durante: dict[str, list[int]] = {}
    for columna, signo, lado in ((Asiento.debe, 1, 0), (Asiento.haber, -1, 1)):
        sumas = select(columna, func.sum(Asiento.valor, type_=Pesos())).group_by(columna)
        for cuenta, valor in db.session.execute(sumas.where(Asiento.numero < primero)):
            antes[cuenta] = antes.get(cuenta, 0) + signo * int(valor * 100)
        for cuenta, valor in db.session.execute(sumas.where(Asiento.numero.between(primero, ultimo))):
            durante.setdefault(cuenta, [0, 0])[lado] = int(valor * 100)
    return saldos_del_tramo(antes, durante)


def _firma(firmante: Firmante, manifiesto: bytes) -> bytes:
    firma = b64encode(firmante.firmar(mensaje_por_firmar(manifiesto))).decode()
    datos = {"algoritmo": "Ed25519", "clave": firmante.id, "publica": firmante.publica, "firma": firma}
    return (json.dumps(datos, sort_keys=True, indent=1) + "\n").encode()


def _leeme(encargo: Encargo, tablas: list[Tabla]) -> bytes:
    """What each file is, for whoever opens the archive."""
    periodo = encargo.periodo
    lineas = [
        f"Exportación para auditoría, {encargo.departamento}, del {periodo.desde} al {periodo.hasta} (hora de Colombia).",
        "",
        DATOS_PERSONALES,
        "",
        "Archivos CSV en UTF-8, separados por comas (RFC 4180). Instantes en UTC; dinero en centavos enteros y en pesos.",
        "Un texto que empieza como una fórmula o con apóstrofo lleva un apóstrofo antes.",
        "",
        *(f"{tabla.archivo}: {tabla.dice}" for tabla in tablas),
        f"{MANIFIESTO}: cuántas filas y qué SHA-256 tiene cada archivo, el tramo de cada cadena y los saldos del libro.",
        f"{FIRMA}: la firma del manifiesto, si la hay.",
        "",
    ]
    return "\r\n".join(lineas).encode()
