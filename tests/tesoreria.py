"""A treasury at work: cases of several queues, and orders in each state. Returns the pages that show them."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso
from portal.models import Caso
from portal.operaciones import casos
from portal.operaciones.resultados import Causa, aplicar_resultado
from tests.fabricas import AHORA, ESPERA, contrato, liquidacion, pago, respuesta
from tests.ordenes import aplicacion, aprobar, credito, legalizacion, pagada, rechazar, reversion, tesorero

RAIZ = "/gestion/tesoreria"


def en_marcha() -> list[str]:
    """Fill the queues; the addresses of one page of each kind and state."""
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
    por_aprobar = [
        legalizacion(liquidacion((7000,)), ana),
        reversion(pagada(liquidacion((6000, 8000))), ana),
        aplicacion(sin_dueno, otra.facturas[1], ana),
    ]
    rechazar(legalizacion(liquidacion((3000,)), ana), luis)
    ordenes = [aplicada, *por_aprobar]
    numeros = db.session.scalars(select(Caso.numero).order_by(Caso.numero)).all()
    return [
        RAIZ,
        f"{RAIZ}/casos",
        f"{RAIZ}/casos?cola=valor_distinto&filtro=cerrados",
        *(f"{RAIZ}/casos/{numero}" for numero in numeros),
        f"{RAIZ}/pagos/{uno.referencia}",
        f"{RAIZ}/recaudos/{sin_dueno.id}",
        f"{RAIZ}/ordenes",
        f"{RAIZ}/ordenes?filtro=resueltas",
        *(f"{RAIZ}/ordenes/{orden.numero}" for orden in ordenes),
        f"{RAIZ}/ordenes/legalizar?caso={numeros[1]}",
        f"{RAIZ}/recaudos/{sin_dueno.id}/revertir",
        f"{RAIZ}/recaudos/{sin_dueno.id}/aplicar?factura={otra.facturas[1].numero}",
    ]
