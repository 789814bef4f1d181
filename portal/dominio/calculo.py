"""From a tariff to the exact pesos of a line: its bracket, its rate, its least and its most."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from portal.dominio.bases import Base, gravado
from portal.dominio.escalas import AlCruzar, Escala, Limite, TramoTarifa
from portal.dominio.hechos import Valor, dia_de, importe_de
from portal.dominio.normativa import Normativa, Regla, ValorIndicador
from portal.dominio.redondeo import EXACTO
from portal.dominio.tarifas import Tarifa


@dataclass(frozen=True)
class EnTramo:
    """Where a contract fell in a scale. Pesos: `anterior` assessed before this act, `acumulado` with it.

    `cruza` is the bracket of `anterior` where the norm re-rates the whole contract and the rate changed; of what was assessed
    before, `gravado_anterior` was taxed.
    """

    escala: Escala
    tramo: TramoTarifa
    unidad: ValorIndicador | None
    anterior: Decimal
    acumulado: Decimal
    cruza: TramoTarifa | None = None
    gravado_anterior: Decimal = Decimal(0)


@dataclass(frozen=True)
class Limitado:
    """A least (`mínimo`) or a most (`tope`) that changed a line: its pesos, and what the rate alone gave."""

    clase: str
    limite: Limite
    indicador: ValorIndicador | None
    pesos: Decimal
    calculado: Decimal


@dataclass(frozen=True)
class Calculo:
    """The exact pesos of a line, the rate as charged and what decided them."""

    exacto: Decimal
    tarifa: Tarifa
    indicador: ValorIndicador | None = None
    en_tramo: EnTramo | None = None
    limitado: Limitado | None = None


def calcular(
    normativa: Normativa,
    tarifa: Tarifa,
    base: Base | None,
    fecha: date,
    hechos: Mapping[str, Valor],
    reducciones: tuple[Regla, ...] = (),
) -> Calculo:
    """The exact value of a tariff on a base (None where the rate has none). `reducciones` already took their part of it.

    Raises `NormaNoVigente` when a unit has no value for its day, `DatoInvalido` when the signature is later than the act.
    """
    en_tramo = None
    if tarifa.escala is not None and base is not None:
        en_tramo = _ubicar(normativa, tarifa.escala, base, fecha, hechos, reducciones)
        tarifa = tarifa.en_tramo(en_tramo.tramo)
    indicador = normativa.valor_indicador(tarifa.indicador, fecha) if tarifa.indicador else None
    exacto = tarifa.exacto(base.valor if base else None, indicador)
    if en_tramo is not None and en_tramo.cruza is not None:
        with localcontext(EXACTO):
            exacto += (en_tramo.gravado_anterior * (tarifa.valor - en_tramo.cruza.valor)).scaleb(-2)
    # Nothing to tax is no small tax: a minimum does not make it one.
    limitado = _limitar(normativa, tarifa, exacto, fecha) if base is None or base.valor > 0 else None
    return Calculo(limitado.pesos if limitado else exacto, tarifa, indicador, en_tramo, limitado)


def _ubicar(
    normativa: Normativa,
    escala: Escala,
    base: Base,
    fecha: date,
    hechos: Mapping[str, Valor],
    reducciones: tuple[Regla, ...],
) -> EnTramo:
    dia = dia_de(hechos, escala.fecha, fecha)
    unidad = normativa.valor_indicador(escala.indicador, dia) if escala.indicador else None
    en_pesos = unidad.valor if unidad else Decimal(1)
    anterior = importe_de(hechos, escala.anterior)
    with localcontext(EXACTO):
        acumulado = anterior + base.bruta
        tramo, previo = escala.tramo(acumulado, en_pesos), escala.tramo(anterior, en_pesos)
    if escala.al_cruzar is AlCruzar.ADICION or not anterior or previo.valor == tramo.valor:
        return EnTramo(escala, tramo, unidad, anterior, acumulado)
    antes = gravado(normativa, anterior, fecha, hechos, reducciones)
    return EnTramo(escala, tramo, unidad, anterior, acumulado, previo, antes)


def _limitar(normativa: Normativa, tarifa: Tarifa, exacto: Decimal, fecha: date) -> Limitado | None:
    """The least or the most that the exact value came up against; the rounding comes afterwards, as for any other value."""
    for clase, limite in (("mínimo", tarifa.minimo), ("tope", tarifa.tope)):
        if limite is None:
            continue
        indicador = normativa.valor_indicador(limite.indicador, fecha) if limite.indicador else None
        with localcontext(EXACTO):
            pesos = limite.cantidad * (indicador.valor if indicador else 1)
        if exacto < pesos if clase == "mínimo" else exacto > pesos:
            return Limitado(clase, limite, indicador, pesos, exacto)
    return None
