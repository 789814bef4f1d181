"""An agent's month read from the liquidaciones and the ledger, in a fixed number of grouped statements.

Assessed in a month: the stamps of the agent's liquidaciones issued in that Colombian month that are in force today. What was
determined to be collected by parts is not counted, because the liquidaciones of its payments are. What was voided or handed
back is not either: if its month was filed, the month tells the difference.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select

from portal.db import Pesos, db
from portal.dominio.cuadro import Clave, Cobrado, Cuadro, HechosMes, Liquidado, Referencia, cuadrar
from portal.dominio.declaraciones import EstadoConsignacion, Sumas, comienzo, mes_siguiente
from portal.dominio.estados import ESTADOS_PAGADOS, EstadoFactura
from portal.dominio.libro import ClaseAsiento
from portal.models import Agente, Asiento, Consignacion, Factura, Liquidacion, Recaudo, Retencion
from portal.models.pago import CanalRecaudo
from portal.operaciones.simulaciones import nombres_de

_A_ESTAMPILLA = Asiento.haber.startswith("estampilla:")
_DE_ESTAMPILLA = Asiento.debe.startswith("estampilla:")
# What the ledger has of a stamp: what came in, less what was taken back or handed back.
_NETO = case((_A_ESTAMPILLA, Asiento.valor), else_=-Asiento.valor)
# A factura that counts as assessed: in force, and collected as a whole instead of by the cuentas of its contract.
EN_FIRME = and_(Liquidacion.vigente, not_(Liquidacion.por_retencion), Factura.estado != EstadoFactura.SIN_EFECTO)
_CLAVE = (
    Factura.estampilla,
    func.max(Factura.estampilla_nombre),
    Factura.acto,
    func.max(Liquidacion.acto_nombre),
)


def cuadro(agente: Agente, mes: date, presentado: Sumas | None = None) -> Cuadro:
    """The month whose first day is `mes`, as it stands now. `presentado`: the totals of the return that stands, if any."""
    return cuadrar(hechos_de(agente, mes), presentado)


def hechos_de(agente: Agente, mes: date) -> HechosMes:
    """All that the reckoning of a month asks of the database."""
    del_mes = liquidadas_en(agente, mes)
    actos = nombres_de(agente.departamento).actos
    retenido = _cobros(_retenido(agente, mes, del_mes), actos)
    de_otras: Sequence[Referencia] = ()
    if any(cobro.valor != cobro.del_mes for cobro in retenido.values()):
        de_otras = _referencias(_retenido_de_otras(agente, mes, del_mes))
    return HechosMes(
        liquidado=_liquidado(del_mes, actos),
        retenido=retenido,
        pagado=_cobros(_pagado(agente, mes, del_mes), actos),
        sin_recaudar=_referencias(_sin_recaudar(del_mes)),
        de_otras=de_otras,
        consignado=_consignado(agente, mes),
    )


def liquidadas_en(agente: Agente, mes: date) -> ColumnElement[bool]:
    """Whether a factura was assessed by the agent in the month and is in force."""
    return and_(
        de_la_entidad(agente),
        Liquidacion.emitida_en >= comienzo(mes),
        Liquidacion.emitida_en < comienzo(mes_siguiente(mes)),
    )


def de_la_entidad(agente: Agente) -> ColumnElement[bool]:
    """Whether a factura is one that the agent assessed, and counts."""
    return and_(Liquidacion.agente_id == agente.id, EN_FIRME)


def pagos_directos(agente: Agente) -> Select[Any]:
    """The asientos, without columns, of what contributors paid by themselves of the agent's facturas, and of its return."""
    return (
        select()
        .select_from(Asiento)
        .join(Recaudo, Recaudo.id == Asiento.recaudo_id)
        .join(Factura, Factura.id == Asiento.factura_id)
        .join(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
        .where(
            Liquidacion.agente_id == agente.id,
            Recaudo.canal != CanalRecaudo.RETENCION,
            or_(_A_ESTAMPILLA, _DE_ESTAMPILLA),
        )
    )


def _liquidado(del_mes: ColumnElement[bool], actos: Mapping[str, str]) -> dict[Clave, Liquidado]:
    consulta = (
        select(*_CLAVE, func.count(), func.coalesce(_suma(Factura.base), 0), _suma(Factura.valor))
        .join(Liquidacion)
        .where(del_mes)
        .group_by(Factura.estampilla, Factura.acto)
    )
    return {_clave(f, actos): Liquidado(f[4], f[5], f[6]) for f in db.session.execute(consulta)}


def _lo_retenido(agente: Agente, mes: date) -> Select[Any]:
    """The asientos, without columns, of what the agent withheld in a month, with their facturas."""
    return (
        select()
        .select_from(Retencion)
        .join(Asiento, and_(Asiento.recaudo_id == Retencion.recaudo_id, Asiento.clase == ClaseAsiento.RECAUDO))
        .join(Factura, Factura.id == Asiento.factura_id)
        .join(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
        .where(Retencion.agente_id == agente.id, Retencion.mes == mes, Retencion.deshecha_en.is_(None))
    )


def _retenido(agente: Agente, mes: date, del_mes: ColumnElement[bool]) -> Select[Any]:
    columnas = (*_CLAVE, func.count(), _suma(Asiento.valor), _suma(case((del_mes, Asiento.valor), else_=0)))
    return _lo_retenido(agente, mes).add_columns(*columnas).group_by(Factura.estampilla, Factura.acto)


def _retenido_de_otras(agente: Agente, mes: date, del_mes: ColumnElement[bool]) -> Select[Any]:
    return (
        _lo_retenido(agente, mes)
        .add_columns(Liquidacion.numero, Liquidacion.codigo, _suma(Asiento.valor))
        .where(not_(del_mes))
        .group_by(Liquidacion.numero, Liquidacion.codigo)
        .order_by(Liquidacion.numero)
    )


def _pagado(agente: Agente, mes: date, del_mes: ColumnElement[bool]) -> Select[Any]:
    columnas = (*_CLAVE, func.count(), _suma(_NETO), _suma(case((del_mes, _NETO), else_=0)))
    return (
        pagos_directos(agente)
        .add_columns(*columnas)
        .where(Asiento.en >= comienzo(mes), Asiento.en < comienzo(mes_siguiente(mes)))
        .group_by(Factura.estampilla, Factura.acto)
    )


def _sin_recaudar(del_mes: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Liquidacion.numero, Liquidacion.codigo, _suma(Factura.valor))
        .join(Factura)
        .where(del_mes, Factura.estado.not_in(ESTADOS_PAGADOS), Factura.valor > 0)
        .group_by(Liquidacion.numero, Liquidacion.codigo)
        .order_by(Liquidacion.numero)
    )


def _consignado(agente: Agente, mes: date) -> dict[EstadoConsignacion, Decimal]:
    consulta = (
        select(Consignacion.estado, _suma(Consignacion.valor))
        .where(Consignacion.agente_id == agente.id, Consignacion.mes == mes)
        .group_by(Consignacion.estado)
    )
    return dict(db.session.execute(consulta).all())


def _cobros(consulta: Select[Any], actos: Mapping[str, str]) -> dict[Clave, Cobrado]:
    return {_clave(f, actos): Cobrado(f[4], f[5], f[6]) for f in db.session.execute(consulta)}


def _clave(fila: Any, actos: Mapping[str, str]) -> Clave:
    """The act is named as the catalogue does; one that it does not know, as its liquidaciones do."""
    return Clave(fila[0], fila[1], fila[2], actos.get(fila[2], fila[3]))


def _referencias(consulta: Select[Any]) -> list[Referencia]:
    return [Referencia(f[0], f[1], f[2]) for f in db.session.execute(consulta)]


def _suma(columna: Any) -> Any:
    return func.sum(columna, type_=Pesos())
