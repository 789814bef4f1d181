"""A treasury at work: cases of several queues, and orders in each state."""

from datetime import timedelta
from decimal import Decimal

from portal.db import transaccion
from portal.dominio.casos import ClaseCaso
from portal.operaciones import casos
from portal.operaciones.resultados import Causa, aplicar_resultado
from tests.fabricas import AHORA, ESPERA, contrato, liquidacion, pago, respuesta
from tests.ordenes import aplicacion, aprobar, credito, legalizacion, pagada, rechazar, reversion, tesorero


def en_marcha() -> None:
    """Fill the queues."""
    ana, luis = tesorero(), tesorero()
    una, otra = contrato("99001"), liquidacion((4000, 5000))
    uno = pago(una)
    with transaccion():
        aplicar_resultado(uno.id, respuesta(uno, valor=Decimal(469_999)), causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
        casos.abrir(ClaseCaso.SIN_RESOLVER, "x", ahora=AHORA - timedelta(days=9), pago_id=uno.id)
        casos.abrir(
            ClaseCaso.FIRMA_INVALIDA,
            "y",
            ahora=AHORA - timedelta(hours=7),
            detalle={"pasarela": "placetopay"},
            veces=12,
        )
    sin_dueno = credito(9000)
    aplicada = aplicacion(sin_dueno, otra.facturas[0], ana)
    aprobar(aplicada, luis)
    rechazar(legalizacion(liquidacion((3000,)), ana), luis)
    legalizacion(liquidacion((7000,)), ana)
    reversion(pagada(liquidacion((6000, 8000))), ana)
    aplicacion(sin_dueno, otra.facturas[1], ana)
