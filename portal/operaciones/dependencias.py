"""The work of an office with stamps: acts that wait, what it used today, and what it used and the bank took back.

An act waits for an office when its contratante is that office, or when somebody of the office looked at it lately: a trámite
names no office. Officials of an office are those whose account says the same `dependencia`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.dominio.adhesiones import EstadoDeshacer
from portal.dominio.calendario import BOGOTA
from portal.dominio.estados import EstadoFactura
from portal.dominio.textos import sin_tildes
from portal.models import Adhesion, AdhesionFactura, Bitacora, DeshacerAdhesion, Factura, Liquidacion, Usuario
from portal.operaciones.paginas import MAXIMO_EXPORTADO, POR_PAGINA, Pagina, contar, contar_desde, paginar
from portal.operaciones.validacion import VER

_RECIENTE = timedelta(days=30)
_MIRADOS = 200
# Where a used stamp is while the bank has its money.
_SIN_SU_DINERO = (EstadoFactura.REVERTIDA, EstadoFactura.EN_VERIFICACION)


class Lista(StrEnum):
    """The lists of the office."""

    POR_USAR = "por-usar"
    USADAS_HOY = "usadas-hoy"
    REVERTIDAS = "revertidas"


@dataclass(frozen=True)
class Cifras:
    """How many: acts that wait, stamps used today, used stamps without their money, adhesions that wait to be undone."""

    por_usar: int
    usadas_hoy: int
    revertidas: int
    por_deshacer: int


def pagina_de(
    lista: Lista, usuario: Usuario, *, departamento: str, ahora: datetime, pagina: int = 1, registros: int = POR_PAGINA
) -> Pagina[Any]:
    """A page of one list: liquidaciones that wait, adhesions of today, or stamps (`AdhesionFactura`) without their money."""
    return paginar(_consulta(lista, usuario, departamento, ahora), pagina, registros)


def cifras(usuario: Usuario, *, departamento: str, ahora: datetime) -> Cifras:
    """The counters of the office at this moment."""
    usadas = select(AdhesionFactura.factura_id).join(Adhesion).where(_de_hoy(usuario, ahora), AdhesionFactura.viva)
    return Cifras(
        por_usar=contar(_consulta(Lista.POR_USAR, usuario, departamento, ahora)),
        usadas_hoy=contar(usadas),
        revertidas=contar(_consulta(Lista.REVERTIDAS, usuario, departamento, ahora)),
        por_deshacer=contar(select(DeshacerAdhesion.id).where(DeshacerAdhesion.estado == EstadoDeshacer.PROPUESTA)),
    )


def por_deshacer() -> Sequence[DeshacerAdhesion]:
    """Adhesions that somebody asked to undo, of any office, the oldest first: whoever is alone in theirs needs another's."""
    consulta = select(DeshacerAdhesion).where(DeshacerAdhesion.estado == EstadoDeshacer.PROPUESTA)
    return db.session.scalars(
        consulta.options(joinedload(DeshacerAdhesion.adhesion)).order_by(DeshacerAdhesion.id).limit(MAXIMO_EXPORTADO)
    ).all()


def por_adherir(usuario: Usuario, *, departamento: str, ahora: datetime) -> tuple[int, datetime | None]:
    """How many acts wait for the office, and when the oldest was assessed."""
    return contar_desde(_por_usar(usuario, departamento, ahora), "emitida_en")


def sin_pago(usuario: Usuario) -> int:
    """How many stamps the office used and have no money now."""
    return contar(_revertidas(usuario))


def por_deshacer_de(usuario_id: int) -> tuple[int, datetime | None]:
    """How many adhesions another person asked to undo, and when the oldest was asked for."""
    pedidas = select(DeshacerAdhesion).where(DeshacerAdhesion.estado == EstadoDeshacer.PROPUESTA)
    return contar_desde(pedidas.where(DeshacerAdhesion.propuesta_por != usuario_id), "propuesta_en")


def _consulta(lista: Lista, usuario: Usuario, departamento: str, ahora: datetime) -> Select[Any]:
    if lista is Lista.POR_USAR:
        return _por_usar(usuario, departamento, ahora)
    return _usadas_hoy(usuario, ahora) if lista is Lista.USADAS_HOY else _revertidas(usuario)


def _por_usar(usuario: Usuario, departamento: str, ahora: datetime) -> Select[Any]:
    utiles = select(Factura.liquidacion_id).where(Factura.estado == EstadoFactura.LEGALIZADA)
    suyas: ColumnElement[bool] = Liquidacion.id.in_(_mirados(usuario, ahora))
    if usuario.dependencia:
        suyas = or_(suyas, Liquidacion.contratante.in_(formas_de(usuario.dependencia)))
    return (
        select(Liquidacion)
        .where(Liquidacion.departamento == departamento, Liquidacion.vigente, suyas, Liquidacion.id.in_(utiles))
        .options(selectinload(Liquidacion.facturas))
        .order_by(Liquidacion.numero.desc())
    )


def _mirados(usuario: Usuario, ahora: datetime) -> list[int]:
    """Ids of the acts that the office looked at lately, as the audit log has them."""
    objetos = db.session.scalars(
        select(Bitacora.objeto)
        .where(Bitacora.usuario_id.in_(_companeros(usuario)), Bitacora.accion == VER, Bitacora.en >= ahora - _RECIENTE)
        .group_by(Bitacora.objeto)
        .order_by(func.max(Bitacora.id).desc())
        .limit(_MIRADOS)
    )
    return [int(objeto.rpartition(":")[2]) for objeto in objetos]


def formas_de(dependencia: str) -> set[str]:
    """How contracts write the name of an office: as it is, in capitals, in capitals without accents."""
    mayusculas = dependencia.upper()
    return {dependencia, mayusculas, sin_tildes(mayusculas)}


def _usadas_hoy(usuario: Usuario, ahora: datetime) -> Select[Any]:
    return (
        select(Adhesion)
        .where(_de_hoy(usuario, ahora))
        .options(
            joinedload(Adhesion.liquidacion),
            selectinload(Adhesion.renglones).joinedload(AdhesionFactura.factura),
        )
        .order_by(Adhesion.id.desc())
    )


def _revertidas(usuario: Usuario) -> Select[Any]:
    return (
        select(AdhesionFactura)
        .join(Adhesion)
        .join(Factura)
        .where(Adhesion.usuario_id.in_(_companeros(usuario)), AdhesionFactura.viva, Factura.estado.in_(_SIN_SU_DINERO))
        .options(
            joinedload(AdhesionFactura.adhesion),
            joinedload(AdhesionFactura.factura).joinedload(Factura.liquidacion),
        )
        .order_by(AdhesionFactura.adhesion_id.desc(), AdhesionFactura.factura_id)
    )


def _de_hoy(usuario: Usuario, ahora: datetime) -> ColumnElement[bool]:
    empieza = datetime.combine(dia_de(ahora), time(), BOGOTA)
    return Adhesion.usuario_id.in_(_companeros(usuario)) & (Adhesion.en >= empieza)


def dia_de(ahora: datetime) -> date:
    """The Colombian day of an instant."""
    return ahora.astimezone(BOGOTA).date()


def _companeros(usuario: Usuario) -> list[int]:
    """Ids of the accounts of the same office; the account alone when nobody said its office."""
    if not usuario.dependencia:
        return [usuario.id]
    return list(db.session.scalars(select(Usuario.id).where(Usuario.dependencia == usuario.dependencia)))
