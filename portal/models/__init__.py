"""Typed tables: columns, constraints and facts about themselves; no workflow."""

from portal.models.control import Bitacora, Consecutivo, Cuota, EdicionNormativa
from portal.models.libro import Asiento
from portal.models.liquidacion import EventoFactura, Factura, Liquidacion, SinEfecto
from portal.models.pago import EventoPago, Notificacion, Pago, PagoFactura, Recaudo
from portal.models.propuesta import EstadoPropuesta, PropuestaIndicador
from portal.models.usuario import Sesion, Usuario

__all__ = [
    "Asiento",
    "Bitacora",
    "Consecutivo",
    "Cuota",
    "EdicionNormativa",
    "EstadoPropuesta",
    "EventoFactura",
    "EventoPago",
    "Factura",
    "Liquidacion",
    "Notificacion",
    "Pago",
    "PagoFactura",
    "PropuestaIndicador",
    "Recaudo",
    "Sesion",
    "SinEfecto",
    "Usuario",
]
