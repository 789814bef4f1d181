"""Putumayo by hand: the provisional figures deduced from three screens (P-INF-1 to P-INF-3); no public norm has any."""

from datetime import date
from fractions import Fraction

from tests.oraculo.lectura import Pedido, Rehusa, Renglon, al_superior

PRIMER_DIA = date(2024, 1, 1)
MEDIO_POR_CIENTO = {
    "P-C-01": ("ADULTO_MAYOR", "ITP", "TASA_PRO_DEPORTE"),  # contrato de consultoría, P-OBS-1
    "P-C-02": ("DESARROLLO_FRONTERIZO", "CULTURA"),  # contrato 647, P-OBS-3
}
CERTIFICADO = {"DESARROLLO_FRONTERIZO": 4000, "ELECTRIFICACION_RURAL": 5000}  # P-T-01, P-OBS-2


def liquidar(pedido: Pedido) -> list[Renglon]:
    if any(acto not in (*MEDIO_POR_CIENTO, "P-T-01") for acto in pedido.actos):
        raise Rehusa("acto desconocido o inactivo")
    if pedido.fecha < PRIMER_DIA:
        raise Rehusa("antes de las tarifas")
    if pedido.variantes:
        raise Rehusa("variante de un acto que no tiene")
    return [renglon for acto in pedido.actos for renglon in _acto(acto, pedido)]


def _acto(acto: str, pedido: Pedido) -> list[Renglon]:
    if acto == "P-T-01":
        return [Renglon(estampilla, None, Fraction(pesos), pesos) for estampilla, pesos in CERTIFICADO.items()]
    if pedido.valor is None:
        raise Rehusa("sin valor")
    exacto = pedido.valor / 200
    return [Renglon(e, pedido.valor, exacto, al_superior(exacto, 1000)) for e in MEDIO_POR_CIENTO[acto]]
