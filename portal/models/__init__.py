"""Typed tables: columns, constraints and facts about themselves; no workflow."""

from portal.models.acceso import ClaseEnlace, CodigoRecuperacion, EnlaceCuenta, IngresoPendiente, LlaveAcceso
from portal.models.adhesion import Adhesion, AdhesionFactura, DeshacerAdhesion
from portal.models.agente import (
    Agente,
    Consignacion,
    Declaracion,
    PasoDeclaracion,
    RenglonDeclaracion,
    Retencion,
    Sede,
)
from portal.models.archivo import Archivo
from portal.models.banco import ListaBancosPse
from portal.models.calendario import Contingencia, DiaNoHabil
from portal.models.caso import Caso
from portal.models.certificado import CertificadoValidacion
from portal.models.cierre import Cierre, MovimientoPasarela, Reapertura
from portal.models.contrato import ClaseMovimiento, Contrato, MovimientoContrato, SaldoAFavor
from portal.models.control import (
    Bitacora,
    ComprobacionCadena,
    Consecutivo,
    Cuota,
    EdicionNormativa,
    SelloBitacora,
)
from portal.models.correo import Correo, EstadoCorreo
from portal.models.devolucion import CuentaCorregida, Devolucion, EventoDevolucion, ParteDevolucion, Rebote
from portal.models.estampilla import ClaveEstampillas, EstampillaElectronica, Impresion
from portal.models.labor import Contador, Labor
from portal.models.libro import Asiento
from portal.models.liquidacion import EventoFactura, Factura, Integrante, Liquidacion, SinEfecto
from portal.models.lote import Lote, RenglonLote
from portal.models.migracion import Migracion
from portal.models.movimiento_banco import ArchivoBanco, EntregaBanco, MovimientoBanco
from portal.models.orden import OrdenFactura, OrdenTesoreria
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
from portal.models.tramite import TramiteAbierto
from portal.models.usuario import Sesion, Usuario

__all__ = [
    "Adhesion",
    "AdhesionFactura",
    "Agente",
    "Archivo",
    "ArchivoBanco",
    "Asiento",
    "Bitacora",
    "CambioTarifa",
    "ClaseEnlace",
    "Caso",
    "CertificadoValidacion",
    "Cierre",
    "ClaseMovimiento",
    "ClasePropuesta",
    "ClaseSoporte",
    "ClaveEstampillas",
    "ComprobacionCadena",
    "CodigoRecuperacion",
    "Consecutivo",
    "Consignacion",
    "Contador",
    "Contingencia",
    "Contrato",
    "Correo",
    "CuentaCorregida",
    "Cuota",
    "Declaracion",
    "DeshacerAdhesion",
    "Devolucion",
    "DiaNoHabil",
    "EdicionNormativa",
    "EnlaceCuenta",
    "EntregaBanco",
    "EstadoCorreo",
    "EstadoPropuesta",
    "EstadoSimulacion",
    "EstampillaElectronica",
    "EventoDevolucion",
    "EventoFactura",
    "EventoPago",
    "Factura",
    "Impresion",
    "IngresoPendiente",
    "Integrante",
    "Labor",
    "Liquidacion",
    "ListaBancosPse",
    "LlaveAcceso",
    "Lote",
    "Migracion",
    "MovimientoBanco",
    "MovimientoContrato",
    "MovimientoPasarela",
    "Notificacion",
    "OrdenFactura",
    "OrdenTesoreria",
    "Pago",
    "PagoFactura",
    "ParteDevolucion",
    "PasoDeclaracion",
    "Propuesta",
    "PropuestaIndicador",
    "PropuestaTarifa",
    "Reapertura",
    "Rebote",
    "Recaudo",
    "Reclamo",
    "Reconocimiento",
    "RenglonDeclaracion",
    "RenglonLote",
    "Retencion",
    "Reversion",
    "SaldoAFavor",
    "Sede",
    "SelloBitacora",
    "Sesion",
    "Simulacion",
    "SinEfecto",
    "TramiteAbierto",
    "Usuario",
    "VersionAnterior",
]
