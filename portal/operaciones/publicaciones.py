"""Publishing: the second administrator signs, the plan of the draft is carried out, and what it replaced stays to be read."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from portal.db import db
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.planes import Clave, Plan
from portal.models import (
    CambioTarifa,
    EstadoPropuesta,
    Propuesta,
    PropuestaIndicador,
    PropuestaTarifa,
    Usuario,
    VersionAnterior,
)
from portal.models.normativa import TABLAS
from portal.models.usuario import Rol
from portal.operaciones import propuestas, tarifas
from portal.operaciones.borradores import Borrador, cifra_de_fila
from portal.operaciones.ciclo_propuestas import (
    anotar_propuesta,
    firma_de,
    pasar,
    propuestas_de,
)
from portal.operaciones.firmas import exigir_rol
from portal.operaciones.normativa import bloquear_normativa, nueva_edicion


def publicar(una: Borrador, *, version: int, usuario: Usuario, ahora: datetime, hoy: date, peticion: str = "") -> None:
    """Sign a draft that another administrator wrote: its dated rows exist from here on, and the engine uses them.

    Raises `TransicionNoPermitida` for its own author or without its act, `PropuestaCambio` when it is not the `version` that
    was reviewed, `DatoInvalido` when it no longer fits. Flushes.
    """
    exigir_rol(usuario, Rol.ADMINISTRADOR)
    if una.autor_id == usuario.id:
        raise TransicionNoPermitida("Usted escribió esta propuesta. Debe publicarla otro administrador.")
    if not (una.acto and una.acto_fecha and (una.evidencia or una.archivo_id)):
        raise TransicionNoPermitida(
            "Para publicar faltan el acto que fija el valor, su fecha o la evidencia (un enlace o un archivo)."
        )
    bloquear_normativa()
    pasar(una, version, estado=EstadoPropuesta.PUBLICADA, **firma_de(usuario, ahora))
    plan = revisar(una, hoy)
    _cumplir(plan, una)
    nueva_edicion()
    anotar_propuesta("propuesta_publicada", una, usuario, ahora, peticion)


def revisar(una: Borrador, hoy: date) -> Plan:
    """Everything that can be wrong with a draft today. Returns what publishing it would do; raises `DatoInvalido`."""
    if isinstance(una, PropuestaIndicador):
        return propuestas.revisar(una, hoy)
    return tarifas.revisar(una, hoy)


def publicadas_por_fila(departamento: str) -> dict[Clave, Borrador]:
    """The proposals behind live rows, by code and first day; a row that ended keeps the proposal that began it."""
    return {
        (p.codigo, p.desde): p
        for p in propuestas_de(departamento)
        if p.estado is EstadoPropuesta.PUBLICADA and not _es_termino(p)
    }


def versiones_anteriores(departamento: str, tabla: str, codigos: list[str]) -> list[VersionAnterior]:
    """What publications replaced or shortened among the rows of these codes, newest first."""
    consulta = select(VersionAnterior).where(
        VersionAnterior.tabla == tabla,
        VersionAnterior.departamento == departamento,
        VersionAnterior.codigo.in_(codigos),
    )
    return list(db.session.scalars(consulta.order_by(VersionAnterior.id.desc())))


def _cumplir(plan: Plan, una: Propuesta) -> None:
    tabla: Any = TABLAS[plan.clase]
    for codigo, desde in sorted({*plan.quitadas, *plan.finales}):
        fila = db.session.scalars(
            select(tabla).where(tabla.departamento == una.departamento, tabla.codigo == codigo, tabla.desde == desde)
        ).one()
        quitada = (codigo, desde) in plan.quitadas
        if not quitada and fila.hasta == plan.finales[codigo, desde]:
            continue
        _guardar(plan.clase, fila, una, reemplazada=quitada)
        if quitada:
            db.session.delete(fila)
            _dar_por_corregida(una, codigo, desde)
        else:
            fila.hasta = plan.finales[codigo, desde]
    # What stops existing goes first: the new row may have its code and first day.
    db.session.flush()
    db.session.add_all([tabla(**nueva) for nueva in plan.nuevas])
    db.session.flush()


def _guardar(clase: str, fila: Any, una: Propuesta, *, reemplazada: bool) -> None:
    datos = {c.key: getattr(fila, c.key) for c in type(fila).__table__.columns if c.key != "id"}
    db.session.add(
        VersionAnterior(
            tabla=clase,
            departamento=fila.departamento,
            codigo=fila.codigo,
            desde=fila.desde,
            hasta=fila.hasta,
            cifra=cifra_de_fila(clase, datos),
            reemplazada=reemplazada,
            datos={clave: _texto(valor) for clave, valor in datos.items()},
            propuesta_id=una.id,
        )
    )


def _texto(valor: Any) -> Any:
    if isinstance(valor, Decimal):
        return f"{valor:f}"
    return valor.isoformat() if isinstance(valor, date) else valor


def _dar_por_corregida(una: Propuesta, codigo: str, desde: date) -> None:
    """What was published about a row that stops existing is history; its files may come back no more than its days."""
    db.session.execute(
        update(Propuesta)
        .where(
            Propuesta.departamento == una.departamento,
            Propuesta.codigo == codigo,
            Propuesta.desde == desde,
            Propuesta.estado == EstadoPropuesta.PUBLICADA,
            Propuesta.id != una.id,
        )
        .values(estado=EstadoPropuesta.CORREGIDA, corregida_por=una.id)
    )


def _es_termino(una: Borrador) -> bool:
    return isinstance(una, PropuestaTarifa) and una.cambio is CambioTarifa.TERMINAR
