"""Reading the monthly returns: which version is which, the month beside what was filed of it, and what filing would fix."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.db import db
from portal.dominio.cuadro import Cuadro
from portal.dominio.declaraciones import EN_PIE, Renglon, Sumas, escribir, huella, mensaje_firmado
from portal.dominio.errores import NoExiste
from portal.models import Agente, Declaracion
from portal.operaciones.agentes.cuadros import cuadro
from portal.operaciones.agentes.registro import reglas_de
from portal.operaciones.claves import vale
from portal.operaciones.simulaciones import nombres_de

# A larger number than the column takes is no version of anything.
_MAXIMA_VERSION = 10**6


def de_mes(agente: Agente, mes: date, version: int | None = None) -> Declaracion:
    """A version of a month's return; the last by default. Raises `NoExiste`."""
    consulta = select(Declaracion).where(Declaracion.agente_id == agente.id, Declaracion.mes == mes)
    if version is not None:
        consulta = consulta.where(Declaracion.version == version)
    posible = version is None or 0 < version <= _MAXIMA_VERSION
    hallada = db.session.scalars(consulta.order_by(Declaracion.version.desc()).limit(1)).first() if posible else None
    if hallada is None:
        raise NoExiste("No encontramos esa declaración.")
    return hallada


def firma_vale(declaracion: Declaracion) -> bool:
    """Whether the department's key signed the digest of what was filed, and the digest is that of its text."""
    if declaracion.firma_huella is None or declaracion.clave_id is None:
        return False
    dicha = huella(declaracion.contenido or "")
    return dicha == declaracion.huella and vale(
        declaracion.clave_id, mensaje_firmado(dicha), b64decode(declaracion.firma_huella)
    )


def versiones_de(agente: Agente, mes: date) -> Sequence[Declaracion]:
    """Every version of a month, the last first."""
    consulta = select(Declaracion).where(Declaracion.agente_id == agente.id, Declaracion.mes == mes)
    return db.session.scalars(consulta.order_by(Declaracion.version.desc())).all()


def en_pie(agente: Agente, mes: date) -> Declaracion | None:
    """The version that stands before the department."""
    return db.session.scalar(
        select(Declaracion).where(
            Declaracion.agente_id == agente.id, Declaracion.mes == mes, Declaracion.estado.in_(EN_PIE)
        )
    )


def cuadro_de(agente: Agente, mes: date) -> Cuadro:
    """The month as it stands now, beside what was filed of it."""
    return cuadro(agente, mes, _sumas(en_pie(agente, mes)))


def por_codigo(codigo: str, departamento: str) -> Declaracion:
    """A return that was filed, by the code of its paper, with its content. Raises `NoExiste`."""
    consulta = (
        select(Declaracion)
        .join(Agente)
        .where(Declaracion.codigo == codigo, Agente.departamento == departamento, Declaracion.numero.is_not(None))
        .options(undefer(Declaracion.contenido))
    )
    hallada = db.session.scalar(consulta)
    if hallada is None:
        raise NoExiste("No encontramos esa declaración.")
    return hallada


def contenido_de(declaracion: Declaracion, renglones: Sequence[Renglon]) -> str:
    """What filing this version with these lines would fix, as text. Of a version that was filed, what it fixed."""
    if declaracion.contenido is not None:
        return declaracion.contenido
    agente = declaracion.agente
    formulario = reglas_de(agente.departamento).formulario
    cabecera = {
        "departamento": agente.departamento,
        "formulario": formulario.codigo if formulario else "",
        "titulo": formulario.nombre if formulario else "",
        "nit": agente.nit,
        "entidad": agente.nombre,
        "mes": declaracion.mes.isoformat(),
        "version": declaracion.version,
        "corrige": _numero_anterior(declaracion),
        "motivo": declaracion.motivo_correccion,
        "estampillas": _estampillas(agente, renglones),
    }
    return escribir(renglones, cabecera)


def _numero_anterior(declaracion: Declaracion) -> int | None:
    """Number of the return that this version corrects."""
    if declaracion.version == 1:
        return None
    return db.session.scalar(
        select(Declaracion.numero).where(
            Declaracion.agente_id == declaracion.agente_id,
            Declaracion.mes == declaracion.mes,
            Declaracion.version == declaracion.version - 1,
        )
    )


def _estampillas(agente: Agente, renglones: Sequence[Renglon]) -> list[list[str]]:
    """Code and name of every line of the form, in its order: those without movement too, then any that it does not have."""
    nombres = dict(nombres_de(agente.departamento).estampillas) | {r.estampilla: r.estampilla_nombre for r in renglones}
    formulario = reglas_de(agente.departamento).formulario
    codigos = (*(formulario.renglones if formulario else agente.estampillas), *(r.estampilla for r in renglones))
    return [[codigo, nombres.get(codigo, codigo)] for codigo in dict.fromkeys(codigos)]


def _sumas(declaracion: Declaracion | None) -> Sumas | None:
    if declaracion is None or declaracion.declarado is None:
        return None
    assert declaracion.liquidado is not None
    assert declaracion.pagado is not None
    return Sumas(declaracion.liquidado, declaracion.declarado, declaracion.pagado)
