"""What is written together: liquidaciones of one contract or paid by one payment, so that nothing is ever seen half there."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any

from portal.dominio.migracion.cruces import llave_de_contrato
from portal.dominio.migracion.renglones import (
    Carpeta,
    ContribuyenteAnterior,
    FacturaAnterior,
    LiquidacionAnterior,
    PagoAnterior,
)


@dataclass(frozen=True)
class Documento:
    """A liquidación with all that hangs from it. `huella`: SHA-256 of the rows that it comes from, their places aside."""

    liquidacion: LiquidacionAnterior
    contribuyente: ContribuyenteAnterior
    facturas: tuple[FacturaAnterior, ...]
    pagos: tuple[PagoAnterior, ...]
    huella: str


Unidad = tuple[Documento, ...]


def documentos(carpeta: Carpeta) -> dict[int, Documento]:
    """Each liquidación with its rows, by number."""
    facturas = carpeta.facturas_de()
    return {numero: _documento(carpeta, una, facturas[numero]) for numero, una in carpeta.liquidaciones.items()}


def _documento(carpeta: Carpeta, una: LiquidacionAnterior, facturas: Sequence[FacturaAnterior]) -> Documento:
    quien = carpeta.contribuyentes[una.persona]
    pagos = tuple(carpeta.pagos[f.numero] for f in facturas if f.numero in carpeta.pagos)
    filas = [_dicho(renglon) for renglon in (una, quien, *facturas, *pagos)]
    texto = json.dumps(filas, default=_dicho, ensure_ascii=False, separators=(",", ":"))
    return Documento(una, quien, tuple(facturas), pagos, hashlib.sha256(texto.encode()).hexdigest())


def _dicho(dato: Any) -> Any:
    """What a row says, its place aside; anything else as text."""
    return {k: v for k, v in vars(dato).items() if k != "fila"} if is_dataclass(dato) else str(dato)


def unidades(carpeta: Carpeta, entidades: Mapping[str, int]) -> list[Unidad]:
    """The documents in units, always in the same order; within one, those of a contract as they followed one another."""
    padre: dict[object, object] = {}

    def raiz(nodo: object) -> object:
        while (arriba := padre.setdefault(nodo, nodo)) != nodo:
            padre[nodo] = padre[arriba]
            nodo = padre[nodo]
        return nodo

    todos = documentos(carpeta)
    for numero, uno in todos.items():
        lazos: list[object] = [("pago", pago.referencia) for pago in uno.pagos]
        if uno.liquidacion.numero_contrato:
            lazos.append(llave_de_contrato(uno.liquidacion, entidades))
        for lazo in lazos:
            padre[raiz(lazo)] = raiz(("liquidacion", numero))
    grupos: dict[object, list[Documento]] = {}
    for numero in sorted(todos):
        grupos.setdefault(raiz(("liquidacion", numero)), []).append(todos[numero])
    return [tuple(sorted(g, key=lambda d: (d.liquidacion.adicion, d.liquidacion.numero))) for g in grupos.values()]


def tramos(todas: Sequence[Unidad], cuantas: int) -> Iterator[Sequence[Unidad]]:
    """Units that are written in one transaction: those that hold `cuantas` facturas or a few more."""
    tramo: list[Unidad] = []
    facturas = 0
    for unidad in todas:
        tramo.append(unidad)
        facturas += sum(len(documento.facturas) for documento in unidad)
        if facturas >= cuantas:
            yield tramo
            tramo, facturas = [], 0
    if tramo:
        yield tramo
