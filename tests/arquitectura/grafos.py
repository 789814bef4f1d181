"""`python -m tests.arquitectura.grafos`: writes docs/estados.md, the graphs of states as the code has them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.dominio.consignaciones import TRANSICIONES_CONSIGNACION
from portal.dominio.declaraciones import (
    EN_PIE,
    TRANSICIONES_DECLARACION,
    EstadoConsignacion,
    EstadoDeclaracion,
)
from portal.dominio.devoluciones import ESTADOS_QUE_RETIENEN, TRANSICIONES_DEVOLUCION, EstadoDevolucion
from portal.dominio.estados import ESTADOS_VIVOS, TRANSICIONES_FACTURA, TRANSICIONES_PAGO, EstadoFactura, EstadoPago

ARCHIVO = Path(__file__).resolve().parents[2] / "docs/estados.md"
_CABEZA = """# States: the only moves there are

Written by `make estados` from the tables of `portal/dominio` (`estados.py`, `devoluciones.py`, `declaraciones.py`,
`consignaciones.py`); a test fails when they differ. A pair that is absent is refused, and a repeated event finds no edge and
changes nothing. *Vencida* and *Por retención* are not stored: they follow from the due date and from the contract.
"""
# A factura begins here by being issued; an attempt, by being opened.
_PRINCIPIOS = (EstadoFactura.LIQUIDADA, EstadoPago.CREADO)


def documento() -> str:
    """The whole file."""
    facturas = ((desde, hasta, evento.value) for (desde, evento), hasta in TRANSICIONES_FACTURA.items())
    pagos = ((desde, hasta, "") for desde, destinos in TRANSICIONES_PAGO.items() for hasta in destinos)
    vivos = ", ".join(f"`{estado.value}`" for estado in ESTADOS_VIVOS)
    devoluciones = ((desde, hasta, evento.value) for (desde, evento), hasta in TRANSICIONES_DEVOLUCION.items())
    consignaciones = ((desde, hasta, evento.value) for (desde, evento), hasta in TRANSICIONES_CONSIGNACION.items())
    retienen = ", ".join(f"`{estado.value}`" for estado in ESTADOS_QUE_RETIENEN)
    declaraciones = ((desde, hasta, evento.value) for (desde, evento), hasta in TRANSICIONES_DECLARACION.items())
    de_pie = ", ".join(f"`{estado.value}`" for estado in EN_PIE)
    partes = [
        _CABEZA,
        "## A stamp's factura\n",
        *_grafo(facturas, _PRINCIPIOS[0]),
        "\n## A payment attempt\n",
        f"Alive, and holding its facturas: {vivos}. A reversal is an event of its own: the attempt stays `aprobado`.\n",
        *_grafo(pagos, _PRINCIPIOS[1]),
        "\n## A refund\n",
        f"Its money waits for it alone: {retienen}. A bank reversal ends it (`sin_objeto`) until it is paid.\n",
        *_grafo(devoluciones, EstadoDevolucion.SOLICITADA),
        "\n## A version of a monthly return\n",
        f"Stands before the department, one for each month: {de_pie}. Filing another version makes it `corregido`.\n",
        *_grafo(declaraciones, EstadoDeclaracion.BORRADOR),
        "\n## An agent's deposit\n",
        "`deshacer` only while the bank has not shown it; `revertir` only when the bank takes back the credit that it was.\n",
        *_grafo(consignaciones, EstadoConsignacion.RECIBIDA),
    ]
    return "\n".join(partes) + "\n"


def _grafo(aristas: Iterable[tuple[str, str, str]], principio: str) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {principio}"
    for desde, hasta, evento in aristas:
        yield f"    {desde} --> {hasta}" + (f": {evento}" if evento else "")
    yield "```"


if __name__ == "__main__":
    ARCHIVO.write_text(documento())
