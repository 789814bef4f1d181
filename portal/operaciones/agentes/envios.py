"""Deposits that agents report, each with the bank's slip; treasury decides about them in `consignaciones`."""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.archivos import reconocer_pdf
from portal.dominio.declaraciones import EstadoConsignacion, mes_de
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.dominio.ordenes import EstadoOrden
from portal.models import Agente, Archivo, Consignacion, OrdenTesoreria
from portal.operaciones.agentes.registro import entidad_de
from portal.operaciones.archivos import Espacio, guardar
from portal.operaciones.bitacora import anotar
from portal.operaciones.consecutivos import tomar
from portal.operaciones.firmas import Firma

# The slips of an entity, in bytes: a hundred of the largest, and thousands of an ordinary size.
_ESPACIO = 500 * 1024**2


@dataclass(frozen=True)
class Deposito:
    """What the bank's slip says, in pesos, and the month that it is for; `referencia` as `leer_comprobante` gives it."""

    mes: date
    valor: Decimal
    fecha: date
    banco: str
    referencia: str


@dataclass(frozen=True)
class Soporte:
    """The slip, as a PDF."""

    nombre: str
    contenido: bytes


def enviar(datos: Deposito, archivo: Soporte, *, clave: str, firma: Firma, hoy: date) -> Consignacion:
    """Report a deposit of the agent of `firma` for a month, with its slip. Treasury decides about it.

    The same `clave` returns what it already sent. Raises `NoExiste` for a month that is not the agent's, `DatoInvalido` with
    the field, `TransicionNoPermitida` when the same `clave` sent something else.
    """
    agente = entidad_de(firma.usuario)
    exigir_mes(agente, datos.mes, hoy)
    _exigir_fecha(datos, hoy)
    datos = replace(datos, banco=leer_texto(datos.banco, maximo=120, campo="banco"))
    guardado = guardar(
        archivo.nombre,
        archivo.contenido,
        usuario=firma.usuario,
        ahora=firma.ahora,
        reconoce=reconocer_pdf,
        espacio=Espacio(f"agente:{agente.id}", _ESPACIO),
    )
    # Orders of treasury rest on slips too: whoever numbers one is waited for, and seen below.
    tomar("orden", 0)
    if (enviada := _ya_enviada(agente, clave, datos, guardado)) is not None:
        return enviada
    _exigir_sin_orden(datos.referencia)
    consignacion = Consignacion(
        **vars(datos),
        codigo=secrets.token_urlsafe(16),
        clave=clave,
        agente_id=agente.id,
        sede_id=firma.usuario.sede_id,
        archivo_id=guardado.id,
        enviada_por=firma.usuario.id,
        enviada_por_nombre=firma.usuario.nombre,
        enviada_en=firma.ahora,
    )
    _numerar(consignacion)
    anotar(
        "consignacion.enviar",
        f"consignacion:{consignacion.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        agente=agente.id,
        valor=str(consignacion.valor),
    )
    return consignacion


def exigir_mes(agente: Agente, mes: date, hoy: date) -> None:
    """Raises `NoExiste` unless it is one of the agent's months, from its first to the current one."""
    ultimo = min(mes_de(hoy), agente.hasta or mes_de(hoy))
    if mes != mes_de(mes) or not agente.desde <= mes <= ultimo:
        raise NoExiste("La entidad no declara ese mes.")


def con_comprobante(referencia: str) -> int | None:
    """The number of the living deposit that rests on a slip."""
    return db.session.scalar(
        select(Consignacion.numero).where(
            Consignacion.referencia == referencia, Consignacion.estado != EstadoConsignacion.RECHAZADA
        )
    )


def _exigir_fecha(datos: Deposito, hoy: date) -> None:
    if datos.fecha > hoy:
        raise DatoInvalido("La fecha no puede ser futura.", "fecha")
    if datos.fecha < datos.mes:
        raise DatoInvalido("La fecha no puede ser anterior al mes que se consigna.", "fecha")


def _exigir_sin_orden(referencia: str) -> None:
    orden = select(OrdenTesoreria.id).where(
        OrdenTesoreria.referencia_banco == referencia, OrdenTesoreria.estado != EstadoOrden.RECHAZADA
    )
    if db.session.scalar(orden.limit(1)) is not None:
        raise DatoInvalido("Ese comprobante ya se usó en otro trámite de Tesorería.", "referencia")


def _ya_enviada(agente: Agente, clave: str, datos: Deposito, archivo: Archivo) -> Consignacion | None:
    enviada = db.session.scalar(
        select(Consignacion).where(Consignacion.agente_id == agente.id, Consignacion.clave == clave)
    )
    if enviada is None:
        return None
    dicho = Deposito(enviada.mes, enviada.valor, enviada.fecha, enviada.banco, enviada.referencia)
    if (dicho, enviada.archivo_id) != (datos, archivo.id):
        raise TransicionNoPermitida("Ese formulario ya envió otra consignación. Vuelva al mes y empiece de nuevo.")
    return enviada


def _numerar(consignacion: Consignacion) -> None:
    """Insert it; the unique number of the slip decides between two deposits on the same one."""
    try:
        with db.session.begin_nested():
            consignacion.numero = tomar("consignacion", 1)[0]
            db.session.add(consignacion)
            db.session.flush()
    except IntegrityError:
        if con_comprobante(consignacion.referencia) is None:
            raise
        # Whose it is, is not for this agent to know.
        raise DatoInvalido("Ese comprobante ya se usó en otra consignación.", "referencia") from None
