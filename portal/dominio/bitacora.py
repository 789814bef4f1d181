"""The bitácora's grammar: the name of each act that it tells of, and the chain that shows any later change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from portal.dominio.cadena import enlazar
from portal.dominio.calendario import dia_en_palabras


class Cadena(StrEnum):
    """What is chained row by row."""

    LIBRO = "libro"
    BITACORA = "bitacora"


CADENAS: Mapping[Cadena, str] = MappingProxyType({Cadena.LIBRO: "Libro", Cadena.BITACORA: "Bitácora"})

# The names of the details that are not Spanish as they are written.
_DETALLES: Mapping[str, str] = MappingProxyType(
    {
        "dia": "día",
        "lineas": "líneas",
        "liquidacion": "liquidación",
        "metodo": "método",
        "tamano": "tamaño en bytes",
        "version": "versión",
    }
)
_LARGO_DETALLE = 40
_DIA = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")

# Every code that `anotar` is given, as people read it.
ACCIONES: Mapping[str, str] = MappingProxyType(
    {
        "acceso_ajeno": "Pidió algo que no es suyo",
        "adhesion.adherir": "Adhirió y anuló estampillas",
        "adhesion.aprobar_deshacer": "Aprobó deshacer una adhesión",
        "adhesion.deshacer": "Deshizo una adhesión",
        "adhesion.proponer_deshacer": "Pidió deshacer una adhesión",
        "adhesion.rechazar_deshacer": "Rechazó deshacer una adhesión",
        "adhesion.ver": "Vio una adhesión",
        "agente.cambiar": "Cambió los datos de un agente recaudador",
        "agente.cerrar_sede": "Cerró una sede de un agente recaudador",
        "agente.crear": "Registró un agente recaudador",
        "agente.desvincular": "Desvinculó una cuenta de un agente recaudador",
        "agente.reabrir_sede": "Reabrió una sede de un agente recaudador",
        "agente.sede": "Agregó una sede a un agente recaudador",
        "agente.vincular": "Vinculó una cuenta con un agente recaudador",
        "archivo.descargar": "Descargó un archivo",
        "archivo_banco.importar": "Importó un archivo del banco",
        "auditoria.exportar": "Exportó un periodo para auditoría",
        "auditoria.mirar": "Miró la bitácora",
        "calendario.dia": "Declaró un día no hábil",
        "calendario.revocar_dia": "Revocó un día no hábil",
        "caso.cerrar": "Cerró un caso",
        "caso.tomar": "Tomó un caso",
        "certificado.descargar": "Descargó un certificado de validación",
        "certificado.expedir": "Expidió un certificado de validación",
        "certificado.ver": "Vio un certificado de validación",
        "cierre.firmar": "Firmó un cierre diario",
        "cierre.reabrir": "Reabrió un cierre diario",
        "clave_estampillas_creada": "Creó la clave de las estampillas",
        "consignacion.aceptar": "Aceptó una consignación",
        "consignacion.casar": "Unió una consignación con su línea del banco",
        "consignacion.deshacer": "Deshizo la aceptación de una consignación",
        "consignacion.enviar": "Envió una consignación",
        "consignacion.rechazar": "Rechazó una consignación",
        "consignacion.revertir": "El banco devolvió una consignación",
        "consignacion.soporte": "Descargó el comprobante de una consignación",
        "consulta.buscar": "Buscó en la Consulta Pública con su cuenta",
        "contingencia.declarar": "Declaró una falla del portal",
        "contingencia.terminar": "Declaró el fin de una falla del portal",
        "contrato.reducir": "Redujo un contrato",
        "contrato.ver": "Vio un contrato",
        "declaracion.abrir": "Abrió una corrección de la declaración",
        "declaracion.aceptar": "Aceptó una declaración",
        "declaracion.corregir": "Una declaración quedó corregida",
        "declaracion.devolver": "Devolvió una declaración",
        "declaracion.presentar": "Presentó una declaración",
        "cuenta.codigo_recuperacion": "Ingresó con un código de recuperación",
        "cuenta.codigos": "Creó otros códigos de recuperación",
        "cuenta.confirmar": "Confirmó que es quien ingresó",
        "cuenta.contrasena": "Cambió la contraseña de su cuenta",
        "cuenta.llave": "Agregó una llave de acceso a su cuenta",
        "cuenta.quitar_llave": "Quitó una llave de acceso de su cuenta",
        "cuenta.quitar_segundo_factor": "Quitó el segundo factor de una cuenta",
        "cuenta.segundo_factor": "Activó el segundo factor de su cuenta",
        "cuenta.sesiones": "Cerró otras sesiones de su cuenta",
        "devolucion.aprobada": "Aprobó una devolución",
        "correo.reanudar": "Ordenó intentar de nuevo los correos sin enviar",
        "devolucion.cuenta_aprobada": "Aceptó la cuenta corregida de una devolución",
        "devolucion.cuenta_corregida": "Trajo otra cuenta para una devolución",
        "devolucion.cuenta_rechazada": "Rechazó la cuenta corregida de una devolución",
        "devolucion.desistida": "Desistió de una devolución",
        "devolucion.estudiada": "Estudió una devolución",
        "devolucion.mirar": "Vio los datos de una devolución",
        "devolucion.negada": "Negó una devolución",
        "devolucion.pagada": "Registró la transferencia de una devolución",
        "devolucion.rebotada": "Registró que el banco devolvió una transferencia",
        "devolucion.sin_objeto": "Una devolución quedó sin objeto",
        "devolucion.solicitar": "Solicitó una devolución",
        "evidencia_adjuntada": "Adjuntó el archivo de una propuesta",
        "evidencia_quitada": "Quitó el archivo de una propuesta",
        "factura.ver": "Vio una factura en Tesorería",
        "ingreso": "Ingresó al portal",
        "liquidacion.buscar": "Buscó liquidaciones",
        "liquidacion.dejar_sin_efecto": "Dejó sin efecto una liquidación",
        "liquidacion.emitir": "Emitió una liquidación",
        "liquidacion.ver": "Vio una liquidación",
        "lista.exportar": "Descargó una lista",
        "lote.importar": "Importó contratos de un archivo",
        "migracion.abrir": "Empezó a traer una carpeta del sistema anterior",
        "migracion.escribir": "Trajo una parte de la carpeta del sistema anterior",
        "migracion.terminar": "Terminó de traer la carpeta del sistema anterior",
        "orden.aprobar": "Aprobó una orden de Tesorería",
        "orden.proponer": "Propuso una orden de Tesorería",
        "orden.rechazar": "Rechazó una orden de Tesorería",
        "pago.recuperar": "Recuperó un pago que la base había perdido",
        "pago.ver": "Vio un pago",
        "propuesta_editada": "Editó una propuesta de normativa",
        "propuesta_escrita": "Escribió una propuesta de normativa",
        "propuesta_publicada": "Publicó una propuesta de normativa",
        "propuesta_retirada": "Retiró una propuesta de normativa",
        "reclamo.mirar": "Vio los datos de un reclamo",
        "reclamo.recibir": "Se recibió un reclamo de pago",
        "reconocimiento.buscar": "Buscó reconocimientos",
        "reconocimiento.registrar": "Registró un reconocimiento",
        "reconocimiento.revocar": "Revocó un reconocimiento",
        "reconocimiento.ver": "Vio un reconocimiento",
        "reporte.renglones": "Vio los renglones de un reporte",
        "respaldo.restaurar": "Restauró un respaldo de la base",
        "retencion.deshacer": "Deshizo una retención",
        "retencion.registrar": "Registró una retención",
        "simulacion_iniciada": "Inició una simulación",
        "simulacion_terminada": "Terminó una simulación",
        "tesoreria.buscar": "Buscó en Tesorería",
        "tramite.abrir": "Abrió un trámite para que cada quien lo liquide",
        "tramite.cerrar": "Cerró un trámite que cada quien liquidaba",
        "usuario.activar": "Activó una cuenta",
        "usuario.cambiar": "Cambió los datos de una cuenta",
        "usuario.cerrar_sesiones": "Cerró las sesiones de una cuenta",
        "usuario.desactivar": "Desactivó una cuenta",
        "usuario.invitar": "Invitó a una persona a tener cuenta",
        "usuario.restablecer": "Envió el enlace para elegir la contraseña de una cuenta",
        "usuario_creado": "Se creó una cuenta",
        "validacion.buscar": "Buscó una estampilla para usarla",
        "validacion.consultar": "Consultó un acto para certificarlo",
        "validacion.lista": "Validó una lista de contratos",
        "validacion.ver": "Vio un acto para usar sus estampillas",
    }
)


@dataclass(frozen=True)
class Anotacion:
    """One row of the bitácora as its seal says it. `detalle` is plain JSON data."""

    id: int
    en: datetime
    usuario_id: int | None
    accion: str
    objeto: str
    detalle: Mapping[str, Any]
    peticion: str


def eslabon(anterior: str, numero: int, sellada_en: datetime, anotacion: Anotacion) -> str:
    """The link of a row in the bitácora's chain: SHA-256 of the link before it and of its own canonical text (I-22)."""
    datos = {
        "numero": numero,
        "sellada_en": instante(sellada_en),
        "id": anotacion.id,
        "en": instante(anotacion.en),
        "usuario": anotacion.usuario_id,
        "accion": anotacion.accion,
        "objeto": anotacion.objeto,
        "detalle": anotacion.detalle,
        "peticion": anotacion.peticion,
    }
    return enlazar(anterior, datos)


def instante(en: datetime) -> str:
    """An instant as every chain writes it: UTC, six decimals of a second."""
    return en.astimezone(UTC).isoformat(timespec="microseconds")


def detalle_en_palabras(detalle: Mapping[str, Any]) -> str:
    """The details of an annotation for people, without those that are empty and with the long ones cut.

    >>> detalle_en_palabras({"dia": "2026-11-26", "facturas": [7, 8], "motivo": "", "a_favor": True})
    'día: 26 de noviembre de 2026; facturas: 7, 8; a favor: sí'
    """
    dichos = (
        (_DETALLES.get(clave, clave.replace("_", " ")), _dicho(valor))
        for clave, valor in detalle.items()
        if valor not in ("", None, [])
    )
    return "; ".join(f"{clave}: {dicho}" for clave, dicho in dichos)


def _dicho(valor: Any) -> str:
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    if isinstance(valor, list):
        valor = ", ".join(str(uno) for uno in valor)
    texto = str(valor)
    if _DIA.fullmatch(texto):
        return dia_en_palabras(date.fromisoformat(texto))
    return texto if len(texto) <= _LARGO_DETALLE else texto[: _LARGO_DETALLE - 1] + "…"
