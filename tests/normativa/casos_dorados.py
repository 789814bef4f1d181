"""Reading of the golden cases, tests/normativa/casos/, and asking the engine for what each one asks."""

import csv
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from portal.dominio.liquidador import ResultadoLiquidacion, Solicitud, liquidar
from portal.dominio.normativa import Normativa
from portal.operaciones.archivos_normativa import normativa_de_archivos
from tests.normativa import inventado

CASOS = Path(__file__).parent / "casos"
DEPARTAMENTOS = ("cundinamarca", "narino", "putumayo")
# Macondo does not exist: it shows that a department is data and nothing else.
CON_CASOS = (*DEPARTAMENTOS, inventado.CODIGO)


@cache
def normativa(departamento: str) -> Normativa:
    return inventado.normativa_de_macondo() if departamento == inventado.CODIGO else normativa_de_archivos(departamento)


def liquidar_caso(departamento: str, pide: dict[str, Any]) -> ResultadoLiquidacion:
    valor = Decimal(pide["valor"]) if "valor" in pide else None
    solicitud = Solicitud(
        actos=tuple(pide["actos"]),
        fecha=pide["fecha"],
        valor=valor,
        variantes=pide.get("variantes", {}),
        hechos=pide.get("hechos", {}),
    )
    return liquidar(normativa(departamento), solicitud)


def leer_casos(departamento: str) -> list[dict[str, Any]]:
    leidos: list[dict[str, Any]] = tomllib.loads((CASOS / f"{departamento}.toml").read_text(encoding="utf-8"))["caso"]
    return leidos


def casos(clave: str) -> list[Any]:
    """The cases that have a key (`da`, `error`), as parameters of a test."""
    todos = [(departamento, caso) for departamento in CON_CASOS for caso in leer_casos(departamento) if clave in caso]
    return [pytest.param(d, caso, id=f"{d}: {caso['titulo']}") for d, caso in todos]


def filas(archivo: str) -> list[dict[str, str]]:
    """The rows of a table of casos/."""
    with (CASOS / archivo).open(encoding="utf-8", newline="") as entrada:
        return list(csv.DictReader(entrada, delimiter=";"))
