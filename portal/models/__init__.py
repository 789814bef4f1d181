"""Typed tables: columns, constraints and facts about themselves; no workflow."""

from portal.models.archivo import Archivo
from portal.models.control import Bitacora, Consecutivo, Cuota, EdicionNormativa
from portal.models.liquidacion import EventoFactura, Factura, Liquidacion, SinEfecto
from portal.models.pago import EventoPago, Notificacion, Pago, PagoFactura, Recaudo
from portal.models.propuesta import (
    CambioTarifa,
    ClasePropuesta,
    EstadoPropuesta,
    Propuesta,
    PropuestaIndicador,
    PropuestaTarifa,
    VersionAnterior,
)
from portal.models.usuario import Sesion, Usuario

__all__ = [
    "Archivo",
    "Bitacora",
    "CambioTarifa",
    "ClasePropuesta",
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
    "Propuesta",
    "PropuestaIndicador",
    "PropuestaTarifa",
    "Recaudo",
    "Sesion",
    "SinEfecto",
    "Usuario",
    "VersionAnterior",
]
