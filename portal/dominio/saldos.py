"""What a contract has left of an exclusion that is consumed once across it and its additions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from portal.dominio.exenciones import Examinador
from portal.dominio.hechos import leer_hechos
from portal.dominio.liquidador import Solicitud
from portal.dominio.normativa import Normativa, Regla, ValorIndicador
from portal.dominio.redondeo import EXACTO


@dataclass(frozen=True)
class SaldoDeExclusion:
    """Pesos of an exclusion: all that the rule gives the contract, and what is left of it. `unidad` says of which year."""

    regla: Regla
    unidad: ValorIndicador
    tope: Decimal
    restante: Decimal


def saldo_de_exclusion(normativa: Normativa, solicitud: Solicitud, consumido: Decimal) -> SaldoDeExclusion | None:
    """The balance of the exclusion that applies to a contract after `consumido` pesos of it were assessed; None without one.

    `solicitud` is what the contract asked (Cundinamarca, manual 4.7 n.º 8: the first 1.200 UVT, once per contract; C-A07).
    Raises `NormaNoVigente` when the year of the signature has no unit.
    """
    hechos = leer_hechos(normativa.hechos, solicitud.hechos)
    actos = [normativa.acto(codigo, solicitud.fecha) for codigo in solicitud.actos]
    examinador = Examinador(normativa, solicitud.fecha, hechos)
    reducciones = (
        regla
        for acto in actos
        for estampilla, _ in normativa.tarifas_de(acto, solicitud.fecha)
        for regla in examinador.examinar(acto, estampilla.codigo, con_base=True).reducciones
    )
    regla = next((regla for regla in reducciones if regla.efecto.consumido), None)
    if regla is None:
        return None
    efecto = regla.efecto
    firma = hechos.get(efecto.fecha)
    unidad = normativa.valor_indicador(efecto.indicador, firma if isinstance(firma, date) else solicitud.fecha)
    with localcontext(EXACTO):
        tope = efecto.cantidad * unidad.valor
        return SaldoDeExclusion(regla, unidad, tope, max(tope - consumido, Decimal(0)))
