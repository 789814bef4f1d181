"""The catalogue of acts as an officer chooses among them."""

from dataclasses import dataclass
from datetime import date

from portal.dominio.normativa import Acto, Normativa
from portal.dominio.palabras import GRUPOS_ACTOS, nombre_de
from portal.web.tablas import contiene


@dataclass(frozen=True)
class Grupo:
    """Acts under one heading, each with the names of its stamps."""

    titulo: str
    actos: tuple[tuple[Acto, str], ...]


def agrupar_actos(normativa: Normativa, hoy: date, buscar: str) -> list[Grupo]:
    """The acts that can be assessed on `hoy` and whose name, code or stamps hold every word of `buscar`."""
    grupos: dict[str, list[tuple[Acto, str]]] = {}
    for acto in normativa.actos_vigentes(hoy):
        estampillas = ", ".join(e.nombre for e, _ in normativa.tarifas_de(acto, hoy))
        if contiene(f"{acto.codigo} {acto.nombre} {estampillas}", buscar):
            titulo = "Contratos" if acto.documento == "contrato" else nombre_de(GRUPOS_ACTOS, acto.grupo)
            grupos.setdefault(titulo, []).append((acto, estampillas))
    ordenados = sorted(grupos.items(), key=lambda par: par[0] != "Contratos")
    return [Grupo(titulo, tuple(actos)) for titulo, actos in ordenados]
