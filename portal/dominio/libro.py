"""The ledger's grammar: accounts, transfers between two of them, and the chain that shows any later change.

One asiento is one transfer, from the account that gives (`haber`) to the one that receives (`debe`): it balances by its
shape (I-13), so no sum of halves can go wrong. Nothing is ever corrected in place; a correction is the opposite transfer.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

# The link before the first one.
GENESIS = "0" * 64
EXCEDENTES = "excedentes"


class ClaseAsiento(StrEnum):
    """Why pesos moved."""

    # A confirmed credit that legalised a stamp.
    RECAUDO = "recaudo"
    # The part of a confirmed credit that legalised nothing and is owed back to whoever paid.
    EXCEDENTE = "excedente"


@dataclass(frozen=True)
class Partida:
    """A transfer still to be numbered: pesos from `haber` to `debe`. `origen` names the fact, entered once."""

    clase: ClaseAsiento
    debe: str
    haber: str
    valor: Decimal
    origen: str
    recaudo_id: int | None = None
    factura_id: int | None = None


def de_pasarela(codigo: str) -> str:
    """What a gateway confirmed and has to hand over."""
    return f"pasarela:{codigo}"


def de_estampilla(codigo: str) -> str:
    """What was collected of a stamp."""
    return f"estampilla:{codigo}"


def partidas_de_recaudo(
    recaudo_id: int, pasarela: str, valor: Decimal, legalizadas: Iterable[tuple[int, str, Decimal]]
) -> list[Partida]:
    """The transfers of one confirmed credit of `valor` pesos over `(factura_id, estampilla, pesos)` legalised by it.

    They sum exactly to `valor`: what no stamp takes is an excedente (I-03, I-12). Raises `ValueError` if the stamps take more.
    """
    entra = de_pasarela(pasarela)
    partidas = [
        Partida(
            ClaseAsiento.RECAUDO,
            debe=entra,
            haber=de_estampilla(estampilla),
            valor=pesos,
            origen=f"recaudo:{recaudo_id}:factura:{factura_id}",
            recaudo_id=recaudo_id,
            factura_id=factura_id,
        )
        for factura_id, estampilla, pesos in sorted(legalizadas)
    ]
    resto = valor - sum((p.valor for p in partidas), Decimal(0))
    if resto < 0:
        raise ValueError("the stamps take more than the bank gave")
    if resto:
        origen = f"recaudo:{recaudo_id}:excedente"
        partidas.append(Partida(ClaseAsiento.EXCEDENTE, entra, EXCEDENTES, resto, origen, recaudo_id))
    return partidas


def eslabon(anterior: str, numero: int, en: datetime, partida: Partida) -> str:
    """The link of an asiento: SHA-256 of the link before it and of its own canonical text (I-14)."""
    datos: Mapping[str, object] = {
        "numero": numero,
        "en": en.astimezone(UTC).isoformat(timespec="microseconds"),
        "clase": partida.clase.value,
        "debe": partida.debe,
        "haber": partida.haber,
        "centavos": int(partida.valor * 100),
        "origen": partida.origen,
        "recaudo": partida.recaudo_id,
        "factura": partida.factura_id,
    }
    return sha256((anterior + json.dumps(datos, sort_keys=True, separators=(",", ":"))).encode()).hexdigest()
