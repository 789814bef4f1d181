"""Typed tables: columns, constraints and facts about themselves; no workflow."""

from portal.models.archivo import Archivo
from portal.models.caso import Caso
from portal.models.contrato import ClaseMovimiento, Contrato, MovimientoContrato, SaldoAFavor
from portal.models.control import Bitacora, Consecutivo, Cuota, EdicionNormativa
from portal.models.devolucion import Devolucion, EventoDevolucion, ParteDevolucion
from portal.models.libro import Asiento
from portal.models.liquidacion import EventoFactura, Factura, Integrante, Liquidacion, SinEfecto
from portal.models.lote import Lote, RenglonLote
from portal.models.pago import EventoPago, Notificacion, Pago, PagoFactura, Recaudo, Reversion
from portal.models.propuesta import (
    CambioTarifa,
    ClasePropuesta,
    EstadoPropuesta,
    Propuesta,
    PropuestaIndicador,
    PropuestaTarifa,
    VersionAnterior,
)
from portal.models.reclamo import Reclamo
from portal.models.reconocimiento import ClaseSoporte, Reconocimiento
from portal.models.simulacion import EstadoSimulacion, Simulacion
from portal.models.usuario import Sesion, Usuario

__all__ = [
    "Archivo",
    "Asiento",
    "Bitacora",
    "CambioTarifa",
    "Caso",
    "ClaseMovimiento",
    "ClasePropuesta",
    "ClaseSoporte",
    "Consecutivo",
    "Contrato",
    "Cuota",
    "Devolucion",
    "EdicionNormativa",
    "EstadoPropuesta",
    "EstadoSimulacion",
    "EventoDevolucion",
    "EventoFactura",
    "EventoPago",
    "Factura",
    "Integrante",
    "Liquidacion",
    "Lote",
    "MovimientoContrato",
    "Notificacion",
    "Pago",
    "PagoFactura",
    "ParteDevolucion",
    "Propuesta",
    "PropuestaIndicador",
    "PropuestaTarifa",
    "Recaudo",
    "Reclamo",
    "Reconocimiento",
    "RenglonLote",
    "Reversion",
    "SaldoAFavor",
    "Sesion",
    "Simulacion",
    "SinEfecto",
    "Usuario",
    "VersionAnterior",
]
