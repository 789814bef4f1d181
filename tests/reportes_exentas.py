"""Exempt acts for the tests of the reports, with what each stamp is worth for somebody who is not exempt."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.dominio.liquidador import Solicitud, liquidar
from portal.operaciones.normativa import normativa_de


@dataclass(frozen=True)
class Exenta:
    """A request whose stamps are exempt, the lines of it, and what they are worth for who is not exempt."""

    solicitud: dict[str, Any]
    valor: Decimal | None
    fecha: date
    lineas: tuple[Any, ...]
    costos: dict[tuple[str, str], Decimal]


def paleta() -> list[Exenta]:
    """Exempt acts of Nariño. What each costs is the assessment of the same act for somebody who is not exempt."""
    normas = normativa_de("narino")
    pedidos: list[tuple[str, Decimal | None, dict[str, str], dict[str, str]]] = [
        ("N-SC-01", None, {"solicitante.clase": "trabajador"}, {"solicitante.clase": "particular"}),
        ("N-CC-D", Decimal("80000000"), *_facturado("emprestito", "juridica")),
        ("N-CC-D", Decimal("46911499.55"), *_facturado("suministro", "publica")),
        ("N-CC-D", Decimal("310000000"), *_facturado("obra", "esal")),
    ]
    unas = []
    for mes in range(1, 13):
        for acto, valor, hechos, sin in pedidos:
            dia = date(2025, mes, 3)
            lineas = liquidar(normas, Solicitud((acto,), dia, valor, {}, hechos)).lineas
            otras = liquidar(normas, Solicitud((acto,), dia, valor, {}, sin)).lineas
            costos = {(x.acto, x.estampilla): x.valor for x in otras}
            unas.append(Exenta({"actos": [acto], "variantes": {}, "hechos": hechos}, valor, dia, lineas, costos))
    return unas


def _facturado(tipo: str, clase: str) -> tuple[dict[str, str], dict[str, str]]:
    comun = {"contrato.tipo": tipo, "contratista.clase": clase}
    return comun, {"contrato.tipo": "suministro", "contratista.clase": "juridica"}
