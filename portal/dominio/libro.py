"""The ledger's grammar: accounts, transfers between two of them, and the chain that shows any later change.

One asiento is one transfer, from the account that gives (`haber`) to the one that receives (`debe`): it balances by its
shape (I-13), so no sum of halves can go wrong. Nothing is ever corrected in place; a correction is the opposite transfer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from portal.dominio.cadena import enlazar

# Owed back to whoever paid it.
EXCEDENTES = "excedentes"
# Credits that the bank reported and nobody has matched to a factura yet.
POR_IDENTIFICAR = "por_identificar"
# Money that two people of treasury saw proof of, outside of any gateway or bank file.
LEGALIZACION_MANUAL = "legalizacion_manual"
# Money that the department collected with the system that was there before this one: that system's books say where it lies.
SISTEMA_ANTERIOR = "sistema_anterior"
# Deposits of agents that treasury accepted on their slip and that no bank file has shown yet.
CONSIGNACIONES = "consignaciones"


class ClaseAsiento(StrEnum):
    """Why pesos moved."""

    # A confirmed credit that legalised a stamp.
    RECAUDO = "recaudo"
    # The part of a confirmed credit that legalised nothing and is owed back to whoever paid.
    EXCEDENTE = "excedente"
    # A confirmed credit whose owner is not known.
    SIN_IDENTIFICAR = "sin_identificar"
    # Money that waited, put on the stamp or the person that it was for.
    APLICACION = "aplicacion"
    # The opposite of an asiento: the bank took the money back.
    REVERSION = "reversion"
    # What a gateway had confirmed reached the bank's account.
    TRASLADO = "traslado"
    # A stamp that was paid and not owed: its money is owed back.
    NO_DEBIDO = "no_debido"
    # Money handed back.
    DEVOLUCION = "devolucion"
    # The bank could not deliver what was handed back: it is owed back again.
    REBOTE = "rebote"
    # A deposit of an agent: it owes that much less. And the bank's line of one that was accepted before it came.
    CONSIGNACION = "consignacion"


# Where a confirmed credit first went; they sum to it.
CLASES_DE_ENTRADA = (ClaseAsiento.RECAUDO, ClaseAsiento.EXCEDENTE, ClaseAsiento.SIN_IDENTIFICAR)
# What a reversal undoes: where the credit went, and where it was moved to afterwards.
CLASES_REVERSIBLES = (*CLASES_DE_ENTRADA, ClaseAsiento.APLICACION, ClaseAsiento.NO_DEBIDO, ClaseAsiento.CONSIGNACION)


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


def de_banco(cuenta: str) -> str:
    """What lies in a bank account of the department."""
    return f"banco:{cuenta}"


def de_agente(agente_id: int) -> str:
    """What a collecting agent withheld and has to deposit."""
    return f"agente:{agente_id}"


def de_estampilla(codigo: str) -> str:
    """What was collected of a stamp."""
    return f"estampilla:{codigo}"


def partidas_de_recaudo(
    recaudo_id: int,
    entra: str,
    valor: Decimal,
    legalizadas: Iterable[tuple[int, str, Decimal]],
    *,
    identificado: bool = True,
) -> list[Partida]:
    """The transfers of one confirmed credit of `valor` pesos into the account `entra`, over `(factura_id, estampilla, pesos)`.

    They sum exactly to `valor`: what no stamp takes is an excedente (I-03, I-12), or waits for its owner when nobody knows
    whose it is (`identificado`). Raises `ValueError` if the stamps take more.
    """
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
        clase, espera = (
            (ClaseAsiento.EXCEDENTE, EXCEDENTES) if identificado else (ClaseAsiento.SIN_IDENTIFICAR, POR_IDENTIFICAR)
        )
        partidas.append(Partida(clase, entra, espera, resto, f"recaudo:{recaudo_id}:{clase.value}", recaudo_id))
    return partidas


def contraria(numero: int, partida: Partida, origen: str) -> Partida:
    """The opposite of the asiento `numero`, entered because of `origen`."""
    return Partida(
        ClaseAsiento.REVERSION,
        debe=partida.haber,
        haber=partida.debe,
        valor=partida.valor,
        origen=f"{origen}:asiento:{numero}",
        recaudo_id=partida.recaudo_id,
        factura_id=partida.factura_id,
    )


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
    return enlazar(anterior, datos)
