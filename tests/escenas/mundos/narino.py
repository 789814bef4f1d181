"""Nariño with the other gateway, and an outage that goes on: every page says so."""

from tests import calendario
from tests.escenas.mundos import Lugares
from tests.escenas.mundos.putumayo_oficinas import cuenta_de
from tests.escenas.mundos.sellos import sello_de
from tests.fabricas import AHORA, liquidacion


def poblar() -> Lugares:
    una = liquidacion((4000, 5000), departamento="narino")
    falla = calendario.declarar_falla(cuenta_de("administrador"), ahora=AHORA, inicio=AHORA)
    return {
        "liq_por_pagar": una.codigo,
        "sello": sello_de(una),
        "falla": str(falla.id),
    }
