"""Writing a bank's file, for the demonstration, the simulated bank and the tests. What it writes is read as it was."""

from collections.abc import Mapping
from typing import Any

from portal.dominio.asobancaria import ArchivoRecaudo, LoteRecaudo
from portal.dominio.asobancaria_campos import escribir_campo
from portal.dominio.asobancaria_trazado import APERTURA_LOTE, CIERRE, CIERRE_LOTE, ENCABEZADO, TRAZADOS, Trazado

_FIN_DE_LINEA = "\r\n"


def escribir(archivo: ArchivoRecaudo) -> bytes:
    """The file in its nominal form: every line of its full width, totals of pesos from the payments, counts as declared.

    Raises `ValueError` when a datum does not fit in its field or would be read as another one. What only the whole shows
    (counts, sequences, batches repeated) is not checked: damaged files are written too.
    """
    trazado = TRAZADOS[archivo.formato]
    lineas = [_linea(trazado, ENCABEZADO, vars(archivo.encabezado))]
    for lote in archivo.lotes:
        lineas += _lote(trazado, lote)
    lineas.append(_linea(trazado, CIERRE, {"registros": archivo.registros, "valor": archivo.total}))
    return (_FIN_DE_LINEA.join(lineas) + _FIN_DE_LINEA).encode("ascii")


def _lote(trazado: Trazado, lote: LoteRecaudo) -> list[str]:
    detalles = [_linea(trazado, trazado.detalle, vars(detalle)) for detalle in lote.detalles]
    if APERTURA_LOTE not in trazado.registros:
        return detalles
    apertura = {"servicio": lote.servicio, "numero": lote.numero}
    cierre = {"registros": lote.registros, "valor": lote.total, "numero": lote.numero}
    return [_linea(trazado, APERTURA_LOTE, apertura), *detalles, _linea(trazado, CIERRE_LOTE, cierre)]


def _linea(trazado: Trazado, tipo: str, datos: Mapping[str, Any]) -> str:
    campos = trazado.registros[tipo].campos
    return (tipo + "".join(escribir_campo(datos[nombre], campo) for nombre, campo in campos.items())).ljust(
        trazado.ancho
    )
