"""Reading refunds: those that somebody still has to act on, those that ended, and how many wait for one person."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select

from portal.db import db
from portal.dominio.devoluciones import ESTADOS_VIVOS_DEVOLUCION, EstadoDevolucion
from portal.models import CuentaCorregida, Devolucion
from portal.operaciones.paginas import POR_PAGINA, Pagina, paginar


def de(vivas: bool, pagina: int = 1, registros: int = POR_PAGINA) -> Pagina[Devolucion]:
    """A page of those that somebody still has to act on, the oldest first, or of those that ended, the newest first."""
    estado = Devolucion.estado
    condicion = estado.in_(ESTADOS_VIVOS_DEVOLUCION) if vivas else estado.not_in(ESTADOS_VIVOS_DEVOLUCION)
    orden = Devolucion.id if vivas else Devolucion.id.desc()
    return paginar(select(Devolucion).where(condicion).order_by(orden), pagina, registros)


def por_atender(usuario_id: int) -> dict[EstadoDevolucion, tuple[int, datetime]]:
    """By state, how many that account may act on and when the oldest was asked for.

    Who studied one does not decide it, and who handed in an account does not accept it.
    """
    suyas = select(CuentaCorregida.id).where(
        CuentaCorregida.devolucion_id == Devolucion.id,
        CuentaCorregida.primera_por == usuario_id,
        CuentaCorregida.decidida_en.is_(None),
    )
    ajena = or_(
        Devolucion.estado.not_in((EstadoDevolucion.EN_ESTUDIO, EstadoDevolucion.CORREGIDA)),
        and_(Devolucion.estado == EstadoDevolucion.EN_ESTUDIO, Devolucion.estudiada_por != usuario_id),
        and_(Devolucion.estado == EstadoDevolucion.CORREGIDA, ~suyas.exists()),
    )
    consulta = (
        select(Devolucion.estado, func.count(), func.min(Devolucion.solicitada_en))
        .where(Devolucion.estado.in_(ESTADOS_VIVOS_DEVOLUCION), ajena)
        .group_by(Devolucion.estado)
    )
    return {estado: (cuantas, desde) for estado, cuantas, desde in db.session.execute(consulta)}
