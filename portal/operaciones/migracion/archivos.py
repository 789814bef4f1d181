"""A folder of files becomes rows: everything that is wrong in them is told, or nothing is and they are data."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import EstadoPublico
from portal.dominio.lectura import leer_vigencia
from portal.dominio.migracion import lectura
from portal.dominio.migracion.celdas import Fila, Hallazgo, leer_cuantas, leer_dia, leer_importe
from portal.dominio.migracion.control import Concepto, Cuadre, Suma
from portal.dominio.migracion.estados import leer_estado
from portal.dominio.migracion.lectura import Catalogo
from portal.dominio.migracion.renglones import (
    COLUMNAS,
    CONTRIBUYENTES,
    CONTROL,
    FACTURAS,
    LIQUIDACIONES,
    PAGOS,
    USUARIOS,
    Carpeta,
)
from portal.operaciones.lotes.archivo import ArchivoIlegible, leer_csv

MAXIMO_BYTES = 256 * 1024**2
_CORTE = "corte"


@dataclass
class Leido:
    """What a folder says. `huella`: SHA-256 of all its bytes. With any of `hallazgos`, the rest is not to be used."""

    huella: str
    carpeta: Carpeta = field(default_factory=Carpeta)
    corte: date = date.min
    control: Cuadre = field(default_factory=dict)
    hallazgos: list[Hallazgo] = field(default_factory=list)


def leer(contenidos: Mapping[str, bytes], catalogo: Catalogo) -> Leido:
    """The rows of the files, by name: every name of `COLUMNAS` must be there."""
    leido = Leido(_huella(contenidos))
    carpeta = leido.carpeta
    destinos: dict[str, tuple[Callable[[Fila, Catalogo], Any], dict[Any, Any], Callable[[Any], Any]]] = {
        USUARIOS: (lectura.leer_usuario, carpeta.usuarios, lambda x: x.correo),
        CONTRIBUYENTES: (lectura.leer_contribuyente, carpeta.contribuyentes, lambda x: x.persona),
        LIQUIDACIONES: (lectura.leer_liquidacion, carpeta.liquidaciones, lambda x: x.numero),
        FACTURAS: (lectura.leer_factura, carpeta.facturas, lambda x: x.numero),
        PAGOS: (lectura.leer_pago, carpeta.pagos, lambda x: x.factura),
    }
    for nombre, (leer_una, filas, llave_de) in destinos.items():
        for fila in _filas(nombre, contenidos, leido.hallazgos):
            una = leer_una(fila, catalogo)
            if una is not None and (otra := filas.setdefault(llave_de(una), una)) is not una:
                fila.apuntar("", f"Repite la fila {otra.fila}: {_REPETIDAS[nombre]}.")
    for fila in _filas(CONTROL, contenidos, leido.hallazgos):
        _leer_control(fila, leido, catalogo)
    if leido.corte == date.min and not leido.hallazgos:
        leido.hallazgos.append(
            Hallazgo(CONTROL, 0, "", "Falta la fila «corte», con el último día del sistema anterior.")
        )
    return leido


_REPETIDAS = {
    USUARIOS: "es la misma cuenta",
    CONTRIBUYENTES: "es el mismo contribuyente",
    LIQUIDACIONES: "es el mismo número de liquidación",
    FACTURAS: "es el mismo número de factura",
    PAGOS: "esa factura ya tiene un pago; los pagos dobles no se traen",
}


def _huella(contenidos: Mapping[str, bytes]) -> str:
    resumen = hashlib.sha256()
    for nombre in COLUMNAS:
        resumen.update(hashlib.sha256(contenidos.get(nombre, b"")).digest())
    return resumen.hexdigest()


def _filas(nombre: str, contenidos: Mapping[str, bytes], hallazgos: list[Hallazgo]) -> Iterator[Fila]:
    """The rows of one file under its titles, empty ones aside."""
    try:
        filas = leer_csv(_bytes(nombre, contenidos))
        titulos = _titulos(next(filas, []), COLUMNAS[nombre])
        for numero, celdas in enumerate(filas, start=2):
            if not any(celda.strip() for celda in celdas):
                continue
            if len(celdas) != len(titulos):
                mensaje = f"Tiene {len(celdas)} celdas y los títulos son {len(titulos)}."
                hallazgos.append(Hallazgo(nombre, numero, "", mensaje))
                continue
            yield Fila(nombre, numero, dict(zip(titulos, celdas, strict=True)), hallazgos)
    except DatoInvalido as error:
        hallazgos.append(Hallazgo(nombre, 0, "", error.mensaje))


def _bytes(nombre: str, contenidos: Mapping[str, bytes]) -> bytes:
    contenido = contenidos.get(nombre)
    if contenido is None:
        raise ArchivoIlegible("Falta el archivo.")
    if len(contenido) > MAXIMO_BYTES:
        raise ArchivoIlegible(f"Pesa más de {MAXIMO_BYTES // 1024**2} MB.")
    return contenido


def _titulos(celdas: Sequence[str], columnas: Sequence[str]) -> list[str]:
    titulos = [celda.strip().casefold() for celda in celdas]
    faltan = [c for c in columnas if c not in titulos]
    ajenas = [t for t in titulos if t not in columnas]
    repetidas = sorted({t for t in titulos if titulos.count(t) > 1} - set(ajenas))
    for dice, cuales in (("Faltan las columnas", faltan), ("No se conocen", ajenas), ("Se repiten", repetidas)):
        if cuales:
            raise ArchivoIlegible(f"{dice}: {', '.join(c[:40] or '(sin título)' for c in cuales[:8])}.")
    return titulos


def _leer_control(fila: Fila, leido: Leido, catalogo: Catalogo) -> None:
    concepto = fila.exigir("concepto", lambda t: _concepto(t.casefold()), "")
    if concepto == _CORTE:
        leido.corte = fila.exigir("clave", leer_dia, date.min)
    elif concepto:
        clave = fila.leer("clave", lambda t: _CLAVES[Concepto(concepto)](t, catalogo), "")
        suma = Suma(fila.exigir("cuantas", leer_cuantas, 0), fila.leer("valor", leer_importe, Decimal(0)))
        if leido.control.setdefault((Concepto(concepto), clave), suma) is not suma:
            fila.apuntar("clave", "Ese total ya está en otra fila.")


def _concepto(texto: str) -> str:
    if texto != _CORTE and texto not in set(Concepto):
        raise DatoInvalido(f"Debe ser uno de: {', '.join((_CORTE, *Concepto))}.")
    return texto


def _sin_clave(_texto: str, _catalogo: Catalogo) -> str:
    raise DatoInvalido("Este total no lleva clave.")


def _estampilla(texto: str, catalogo: Catalogo) -> str:
    if texto not in catalogo.estampillas:
        raise DatoInvalido("Esa estampilla no existe aquí.")
    return texto


_CLAVES: Mapping[Concepto, Callable[[str, Catalogo], str]] = {
    Concepto.USUARIOS: _sin_clave,
    Concepto.CONTRIBUYENTES: _sin_clave,
    Concepto.LIQUIDACIONES: _sin_clave,
    Concepto.ESTADO: lambda texto, _: EstadoPublico(leer_estado(texto)).value,
    Concepto.ESTAMPILLA: _estampilla,
    Concepto.VIGENCIA: lambda texto, _: str(leer_vigencia(texto)),
    Concepto.DIA: lambda texto, _: leer_dia(texto).isoformat(),
}
