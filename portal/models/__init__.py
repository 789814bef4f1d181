"""Typed tables: columns, constraints and facts about themselves; no workflow."""

from portal.models.contrato import ClaseMovimiento, Contrato, MovimientoContrato, SaldoAFavor
from portal.models.control import Bitacora, Consecutivo, Cuota, EdicionNormativa
from portal.models.libro import Asiento
from portal.models.liquidacion import EventoFactura, Factura, Integrante, Liquidacion, SinEfecto
from portal.models.lote import Lote, RenglonLote
from portal.models.pago import EventoPago, Notificacion, Pago, PagoFactura, Recaudo
from portal.models.propuesta import EstadoPropuesta, PropuestaIndicador
from portal.models.reconocimiento import ClaseSoporte, Reconocimiento
from portal.models.simulacion import EstadoSimulacion, Simulacion
from portal.models.usuario import Sesion, Usuario

__all__ = [
    "Asiento",
    "Bitacora",
    "ClaseSoporte",
    "ClaseMovimiento",
    "Contrato",
    "Consecutivo",
    "Cuota",
    "EdicionNormativa",
    "EstadoPropuesta",
    "EstadoSimulacion",
    "EventoFactura",
    "EventoPago",
    "Factura",
    "Integrante",
    "Liquidacion",
    "MovimientoContrato",
    "Lote",
    "Notificacion",
    "Pago",
    "PagoFactura",
    "PropuestaIndicador",
    "Recaudo",
    "Reconocimiento",
    "SaldoAFavor",
    "RenglonLote",
    "Sesion",
    "Simulacion",
    "SinEfecto",
    "Usuario",
]
