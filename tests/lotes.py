"""Files of contracts, for tests: rows by title, written as people's programs write them."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from portal.db import db, transaccion
from portal.models import Liquidacion, Lote, Usuario
from portal.operaciones.firmas import Firma
from portal.operaciones.lotes.archivo import Limites
from portal.operaciones.lotes.importacion import EN_PANTALLA, guardar, importar
from portal.operaciones.lotes.simulacro import Regimen
from tests.encargos import AHORA, HOY

PUTUMAYO = Regimen("putumayo", 30, permitir_provisional=True)
CUNDINAMARCA = Regimen("cundinamarca", 30, permitir_provisional=True)
NARINO = Regimen("narino", 30, permitir_provisional=True)
FILA: dict[str, Any] = {
    "Acto": "P-C-02",
    "Tipo de documento": "NIT",
    "Número de documento": "901.805.364-1",
    "Nombre del contratista": "UNIÓN TEMPORAL ÑANDÚ",
    "Tipo de contratista": "consorcio",
    "Valor": "46.911.499,50",
    "Entidad contratante": "GOBERNACIÓN DEL PUTUMAYO",
    "Número de contrato": "647",
    "Tipo de contrato": "Seguros",
    "Fecha de contrato": "2025-02-03",
    "Objeto": "Pólizas del año",
}


def fila(**otros: Any) -> dict[str, Any]:
    """The contract of the known screen; keyword names are titles with `_` for spaces, or the keys of facts."""
    return FILA | {
        clave.replace("_", " ") if clave.replace("_", " ") in FILA else clave: v for clave, v in otros.items()
    }


def contratos(cuantos: int, desde: int = 1) -> list[dict[str, Any]]:
    """As many different contracts."""
    return [FILA | {"Número de contrato": str(n)} for n in range(desde, desde + cuantos)]


def de_eps(numero: str) -> dict[str, Any]:
    """A contract of Cundinamarca that an official must confirm as destined to health."""
    return FILA | {
        "Acto": "CC-2",
        "Número de documento": "860.069.804-2",
        "Nombre del contratista": "EPS DE PRUEBA",
        "Tipo de contratista": "juridica",
        "Tipo de contrato": "suministro",
        "Número de contrato": numero,
        "hechos.entidad.clase": "eps",
        "hechos.acto.finalidad": "salud",
    }


def _tabla(filas: Sequence[dict[str, Any]]) -> list[list[Any]]:
    titulos = list(dict.fromkeys(titulo for una in filas for titulo in una))
    return [titulos, *([una.get(t, "") for t in titulos] for una in filas)]


def csv_de(filas: Sequence[dict[str, Any]], separador: str = ";", codificacion: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    salida = io.StringIO()
    csv.writer(salida, delimiter=separador).writerows(_tabla(filas))
    return salida.getvalue().encode(codificacion)


def xlsx_de(filas: Sequence[dict[str, Any]]) -> bytes:
    """An XLSX file; decimals become numbers and dates become dates."""
    return xlsx_de_celdas(_tabla(filas))


def xlsx_de_celdas(celdas: Sequence[Sequence[Any]]) -> bytes:
    """An XLSX file of one sheet with these cells."""
    salida = io.BytesIO()
    with xlsxwriter.Workbook(salida, {"in_memory": True, "strings_to_formulas": False}) as libro:
        hoja, dia = libro.add_worksheet("Contratos"), libro.add_format({"num_format": "dd/mm/yyyy"})
        for i, fila_ in enumerate(celdas):
            for j, celda in enumerate(fila_):
                if isinstance(celda, date):
                    hoja.write_datetime(i, j, celda, dia)
                else:
                    hoja.write(i, j, float(celda) if isinstance(celda, Decimal) else celda)
    return salida.getvalue()


def importar_archivo(
    contenido: bytes,
    de: Usuario,
    *,
    regimen: Regimen = PUTUMAYO,
    visto: str | None = None,
    limites: Limites = EN_PANTALLA,
    ahora: Any = AHORA,
) -> Lote:
    """Keep and import a file as the command does, committed."""
    with transaccion():
        lote = guardar(contenido, "contratos.csv", departamento=regimen.departamento, usuario=de, ahora=ahora)
        importar(lote, regimen=regimen, firma=Firma(de, ahora), hoy=HOY, visto=visto, limites=limites)
    return lote


def emitidas() -> list[Liquidacion]:
    """Every liquidación of the database, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(db.select(Liquidacion).order_by(Liquidacion.numero)))
