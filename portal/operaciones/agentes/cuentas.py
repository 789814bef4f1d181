"""A payment of a contract by the entity that pays it: its part of the stamps, and withholding them, are one act."""

from dataclasses import dataclass
from decimal import Decimal

from portal.dominio.declaraciones import FormaRetencion
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Liquidacion, Retencion
from portal.operaciones import retenciones
from portal.operaciones.agentes import retener
from portal.operaciones.agentes.registro import entidad_de
from portal.operaciones.agentes.retener import Descuento
from portal.operaciones.contratos import Despacho
from portal.operaciones.firmas import Firma
from portal.operaciones.retenciones import Cuenta


@dataclass(frozen=True)
class CuentaRetenida:
    """What was issued for a payment, and what was taken from it; no withholding when its stamps are worth nothing."""

    liquidacion: Liquidacion
    retencion: Retencion | None


def registrar_y_retener(
    de: Liquidacion, cuenta: Cuenta, orden_pago: str, despacho: Despacho, *, total_visto: Decimal | None = None
) -> CuentaRetenida:
    """Register a payment of the contract that `de` belongs to, and withhold its stamps from it on its own day.

    `orden_pago` is the number of the paper that pays. Both or nothing; the same `clave` returns what it already did. Raises as
    `retenciones.registrar_cuenta` and `retener.retener`, and `TransicionNoPermitida` when the entity collects none of them.
    """
    agente = entidad_de(despacho.usuario)
    # The agent first, as whoever withholds; then the contract and what is issued of it.
    retener.bloquear(agente)
    nueva = retenciones.registrar_cuenta(de, cuenta, despacho, total_visto=total_visto)
    numeros = [f.numero for f in nueva.facturas if f.valor and f.estampilla in agente.estampillas]
    if not numeros:
        if nueva.total:
            raise TransicionNoPermitida("La entidad no recauda ninguna de estas estampillas: no hay qué retener.")
        return CuentaRetenida(nueva, None)
    descuento = Descuento(FormaRetencion.DESCUENTO, orden_pago, cuenta.fecha)
    firma = Firma(despacho.usuario, despacho.ahora, despacho.peticion)
    retencion = retener.retener(nueva, numeros, descuento, clave=despacho.clave, firma=firma, hoy=despacho.hoy)
    return CuentaRetenida(nueva, retencion)
