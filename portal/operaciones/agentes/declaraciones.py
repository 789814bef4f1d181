"""The monthly return: opened for every month, idle or not; filed as it was seen; accepted, given back, corrected.

Whoever changes a month holds the agent's lock (`retener.bloquear`); a conditional UPDATE on the state decides besides, so that
SQLite and PostgreSQL answer alike.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NoReturn

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import db, ejecutar
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.codigo_corto import nuevo_codigo
from portal.dominio.cuadro import Cuadro
from portal.dominio.declaraciones import (
    EstadoDeclaracion,
    EventoDeclaracion,
    huella,
    mensaje_firmado,
    mes_de,
    mes_siguiente,
    meses_entre,
    siguiente_declaracion,
)
from portal.dominio.errores import NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.models import Agente, Declaracion, PasoDeclaracion, RenglonDeclaracion
from portal.models.usuario import Rol
from portal.operaciones.agentes.correos import avisar_de_la_aceptada, avisar_de_la_devuelta
from portal.operaciones.agentes.cuadros import cuadro
from portal.operaciones.agentes.registro import entidad_de, listar
from portal.operaciones.agentes.retener import bloquear
from portal.operaciones.agentes.versiones import contenido_de, de_mes, en_pie
from portal.operaciones.bitacora import anotar
from portal.operaciones.claves import Firmante, publicar
from portal.operaciones.consecutivos import tomar
from portal.operaciones.firmas import Firma, exigir_rol

ABRIR = "abrir"


class MesCambio(TransicionNoPermitida):
    """The month is not the one that was seen any more."""

    def __init__(self, mes: date) -> None:
        super().__init__(
            f"Las cifras de {mes_en_palabras(mes)} cambiaron mientras usted las revisaba. Revíselas de nuevo."
        )


def abrir_meses(agente: Agente, hasta: date, *, ahora: datetime) -> list[Declaracion]:
    """Open the return of every month up to that of `hasta`, with operations or without; returns those that were missing."""
    bloquear(agente)
    db.session.refresh(agente)
    tope = _ultimo_mes(agente, hasta)
    tiene = set(db.session.scalars(select(Declaracion.mes).where(Declaracion.agente_id == agente.id)))
    faltan = [mes for mes in meses_entre(agente.desde, tope) if mes not in tiene]
    abiertas = _insertar(agente, faltan, ahora)
    db.session.add_all(
        PasoDeclaracion(declaracion_id=una.id, en=ahora, hasta=EstadoDeclaracion.BORRADOR, evento=ABRIR)
        for una in abiertas
    )
    if tope >= agente.desde:
        avance = (
            update(Agente)
            .where(Agente.id == agente.id, or_(Agente.abierto_hasta.is_(None), Agente.abierto_hasta < tope))
            .values(abierto_hasta=tope)
        )
        ejecutar(avance)
    db.session.flush()
    return abiertas


def abrir_todos(departamento: str, hasta: date, *, ahora: datetime) -> int:
    """Open the missing months of every agent that has some; returns how many."""
    agentes = [agente for agente in listar(departamento) if falta_abrir(agente, hasta)]
    return sum(len(abrir_meses(agente, hasta, ahora=ahora)) for agente in agentes)


def falta_abrir(agente: Agente, hasta: date) -> bool:
    """Whether some month of an agent up to that of `hasta` was not opened."""
    tope = _ultimo_mes(agente, hasta)
    return tope >= agente.desde and (agente.abierto_hasta is None or agente.abierto_hasta < tope)


def _ultimo_mes(agente: Agente, hasta: date) -> date:
    return min(mes_de(hasta), agente.hasta or mes_de(hasta))


def _insertar(agente: Agente, meses: Sequence[date], ahora: datetime) -> list[Declaracion]:
    """The unique month and version decide between two that open at once: only one of them gets each row."""
    if not meses:
        return []
    filas = [
        {
            "codigo": nuevo_codigo(),
            "agente_id": agente.id,
            "mes": mes,
            "version": 1,
            "estado": EstadoDeclaracion.BORRADOR,
            "abierta_en": ahora,
            "motivo_correccion": "",
            "presentada_por_nombre": "",
            "motivo_devolucion": "",
        }
        for mes in meses
    ]
    insertar = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    orden = insertar(Declaracion).values(filas).on_conflict_do_nothing().returning(Declaracion.id)
    ids = list(db.session.scalars(orden))
    return list(db.session.scalars(select(Declaracion).where(Declaracion.id.in_(ids)).order_by(Declaracion.mes)))


def presentar(
    declaracion: Declaracion,
    *,
    firma: Firma,
    firmante: Firmante,
    vence: date | None,
    huella_vista: str,
    hoy: date,
) -> Declaracion:
    """File a draft as it was seen: `huella_vista` is the digest of the content that the person read; `firmante` signs it.

    It is computed again under the agent's lock. The version that stood becomes *corregido*. The same again returns what was
    filed. Raises `NoExiste` for another entity's, `MesCambio` when it would file something else, `TransicionNoPermitida` while
    the month has not ended.
    """
    agente = entidad_de(firma.usuario)
    if declaracion.agente_id != agente.id:
        raise NoExiste("No encontramos esa declaración.")
    bloquear(agente)
    db.session.refresh(declaracion)
    if declaracion.estado is not EstadoDeclaracion.BORRADOR:
        return _ya_presentada(declaracion, huella_vista)
    exigir_terminado(declaracion.mes, hoy)
    mes_cuadrado = cuadro(agente, declaracion.mes)
    contenido = contenido_de(declaracion, mes_cuadrado.renglones)
    if huella(contenido) != huella_vista:
        raise MesCambio(declaracion.mes)
    anterior = en_pie(agente, declaracion.mes)
    if anterior is not None:
        _mover(anterior, EventoDeclaracion.CORREGIR, firma)
    _fijar(declaracion, mes_cuadrado, contenido, vence, firma, firmante)
    return declaracion


def _fijar(
    declaracion: Declaracion, mes: Cuadro, contenido: str, vence: date | None, firma: Firma, firmante: Firmante
) -> None:
    publicar(firmante, ahora=firma.ahora)
    _mover(
        declaracion,
        EventoDeclaracion.PRESENTAR,
        firma,
        numero=tomar("declaracion", 1)[0],
        liquidado=mes.sumas.liquidado,
        declarado=mes.sumas.retenido,
        pagado=mes.sumas.pagado,
        contenido=contenido,
        huella=huella(contenido),
        clave_id=firmante.id,
        firma_huella=b64encode(firmante.firmar(mensaje_firmado(huella(contenido)))).decode(),
        vence=vence,
        presentada_por=firma.usuario.id,
        presentada_por_nombre=firma.usuario.nombre,
        presentada_en=firma.ahora,
    )
    db.session.add_all(
        RenglonDeclaracion(declaracion_id=declaracion.id, orden=orden, **vars(renglon))
        for orden, renglon in enumerate(mes.renglones)
    )
    db.session.flush()
    db.session.expire(declaracion, ["renglones"])


def exigir_terminado(mes: date, hoy: date) -> None:
    """Raises `TransicionNoPermitida` before the first day of the next month: until then the month could still change."""
    if hoy < mes_siguiente(mes):
        raise TransicionNoPermitida(
            f"{mes_en_palabras(mes).capitalize()} no ha terminado y todavía puede cambiar. "
            f"Preséntela desde el 1 de {mes_en_palabras(mes_siguiente(mes))}."
        )


def aceptar(declaracion: Declaracion, *, firma: Firma) -> None:
    """The department accepts a version that was filed. Raises `TransicionNoPermitida` for any other state or role."""
    exigir_rol(firma.usuario, Rol.RENTAS)
    bloquear(declaracion.agente)
    _mover(declaracion, EventoDeclaracion.ACEPTAR, firma)
    avisar_de_la_aceptada(declaracion, ahora=firma.ahora)


def devolver(declaracion: Declaracion, *, motivo: str, firma: Firma) -> None:
    """The department gives a version back with its reason, or asks for the correction of one that it had accepted."""
    exigir_rol(firma.usuario, Rol.RENTAS)
    texto = leer_texto(motivo, maximo=500, campo="motivo")
    bloquear(declaracion.agente)
    _mover(declaracion, EventoDeclaracion.DEVOLVER, firma, motivo=texto, motivo_devolucion=texto)
    avisar_de_la_devuelta(declaracion, ahora=firma.ahora)


def abrir_correccion(agente: Agente, mes: date, *, motivo: str, firma: Firma) -> Declaracion:
    """Open the next version of a month that was filed. One draft at a time: the same reason again returns it.

    Raises `NoExiste` for another entity's month, `TransicionNoPermitida` when nothing was filed or another draft is open.
    """
    if entidad_de(firma.usuario).id != agente.id:
        raise NoExiste("No encontramos esa declaración.")
    texto = leer_texto(motivo, maximo=500, campo="motivo")
    bloquear(agente)
    ultima = de_mes(agente, mes)
    if ultima.estado is EstadoDeclaracion.BORRADOR:
        if ultima.motivo_correccion == texto:
            return ultima
        _rechazar(ultima)
    nueva = Declaracion(
        codigo=nuevo_codigo(),
        agente_id=agente.id,
        mes=mes,
        version=ultima.version + 1,
        abierta_en=firma.ahora,
        motivo_correccion=texto,
    )
    db.session.add(nueva)
    db.session.flush()
    _anotar_paso(nueva, None, EstadoDeclaracion.BORRADOR, ABRIR, firma, texto)
    return nueva


def _rechazar(borrador: Declaracion) -> NoReturn:
    if borrador.version == 1:
        raise TransicionNoPermitida("Ese mes no se ha presentado: todavía no hay qué corregir.")
    raise TransicionNoPermitida("La corrección de ese mes ya está abierta. Revísela y preséntela.")


def _ya_presentada(declaracion: Declaracion, huella_vista: str) -> Declaracion:
    """The same button pressed twice files once; anything else is told."""
    if declaracion.huella != huella_vista:
        raise TransicionNoPermitida("Esa versión de la declaración ya se presentó con otras cifras.")
    return declaracion


def _mover(
    declaracion: Declaracion, evento: EventoDeclaracion, firma: Firma, *, motivo: str = "", **valores: Any
) -> None:
    """Take a version along its graph, with its step. The UPDATE on the state that was read decides between two."""
    db.session.refresh(declaracion)
    origen = declaracion.estado
    destino = siguiente_declaracion(origen, evento)
    orden = (
        update(Declaracion)
        .where(Declaracion.id == declaracion.id, Declaracion.estado == origen)
        .values(estado=destino, **valores)
        .execution_options(synchronize_session=False)
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Otra persona acaba de cambiar el estado de esa declaración. Revísela de nuevo.")
    db.session.refresh(declaracion)
    _anotar_paso(declaracion, origen, destino, evento, firma, motivo)


def _anotar_paso(
    declaracion: Declaracion,
    origen: EstadoDeclaracion | None,
    destino: EstadoDeclaracion,
    evento: str,
    firma: Firma,
    motivo: str = "",
) -> None:
    db.session.add(
        PasoDeclaracion(
            declaracion_id=declaracion.id,
            en=firma.ahora,
            desde=origen,
            hasta=destino,
            evento=evento,
            usuario_id=firma.usuario.id,
            usuario_nombre=firma.usuario.nombre,
            motivo=motivo,
        )
    )
    anotar(
        f"declaracion.{evento}",
        f"declaracion:{declaracion.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        agente=declaracion.agente_id,
        mes=declaracion.mes.isoformat(),
        version=declaracion.version,
        declarado=None if declaracion.declarado is None else str(declaracion.declarado),
    )
    db.session.flush()
    db.session.expire(declaracion, ["eventos"])
