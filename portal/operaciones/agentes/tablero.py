"""The department's board: the months of every agent, and of one, from a few grouped statements."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import case, func, or_, select

from portal.db import Pesos, db
from portal.dominio.calendario import BOGOTA
from portal.dominio.declaraciones import EstadoConsignacion, comienzo, mes_siguiente, meses_entre
from portal.dominio.libro import de_agente
from portal.dominio.tablero import Cifras, MesDeAgente, Version, resumir
from portal.models import Agente, Asiento, Consignacion, Declaracion, Factura, Liquidacion, Recaudo, Retencion
from portal.operaciones.agentes.cuadros import EN_FIRME
from portal.operaciones.agentes.plazos import plazos_de

_Clave = tuple[int, date]


@dataclass(frozen=True)
class RenglonTablero:
    """An agent and how its months stand; null where it was no agent."""

    agente: Agente
    meses: Sequence[MesDeAgente | None]

    @property
    def mes(self) -> MesDeAgente:
        """The month of a board of one."""
        unico = self.meses[-1]
        assert unico is not None, "del_mes asks only for agents of the month"
        return unico


def del_mes(departamento: str, mes: date, *, hoy: date) -> list[RenglonTablero]:
    """Every agent that must file the return of `mes`, by name."""
    return [r for r in matriz(departamento, mes, mes, hoy=hoy) if r.meses[-1] is not None]


def matriz(departamento: str, desde: date, hasta: date, *, hoy: date) -> list[RenglonTablero]:
    """Every agent that filed or must file a return of the months `desde`…`hasta`, by name."""
    agentes = db.session.scalars(
        select(Agente)
        .where(Agente.departamento == departamento, Agente.desde <= hasta)
        .where(or_(Agente.hasta.is_(None), Agente.hasta >= desde))
        .order_by(Agente.nombre, Agente.id)
    ).all()
    return _renglones(departamento, agentes, (desde, hasta), hoy)


def historia_de(agente: Agente, hasta: date, *, hoy: date) -> list[MesDeAgente]:
    """The months of an agent up to `hasta`, newest first."""
    (renglon,) = _renglones(agente.departamento, [agente], (min(agente.desde, hasta), hasta), hoy)
    return [mes for mes in reversed(renglon.meses) if mes is not None]


def saldo_de(agente: Agente) -> Decimal:
    """What an agent owes by the ledger: withheld, and in no accepted deposit."""
    cuenta = de_agente(agente.id)
    suma = func.sum(case((Asiento.debe == cuenta, Asiento.valor), else_=-Asiento.valor), type_=Pesos())
    return db.session.scalar(select(suma).where(or_(Asiento.debe == cuenta, Asiento.haber == cuenta))) or Decimal(0)


def _renglones(
    departamento: str, agentes: Sequence[Agente], entre: tuple[date, date], hoy: date
) -> list[RenglonTablero]:
    ids = [agente.id for agente in agentes]
    versiones, cifras = _versiones(ids, *entre), _cifras(ids, *entre)
    plazos = plazos_de(departamento, hoy)

    def del_agente(agente: Agente, mes: date) -> MesDeAgente | None:
        if mes < agente.desde or (agente.hasta is not None and mes > agente.hasta):
            return None
        clave, vence = (agente.id, mes), plazos(mes)
        return resumir(mes, versiones.get(clave, ()), cifras.get(clave, Cifras()), vence.dia if vence else None, hoy)

    meses = meses_entre(*entre)
    return [RenglonTablero(agente, [del_agente(agente, mes) for mes in meses]) for agente in agentes]


def _versiones(ids: Sequence[int], desde: date, hasta: date) -> dict[_Clave, list[Version]]:
    halladas: defaultdict[_Clave, list[Version]] = defaultdict(list)
    consulta = (
        select(
            Declaracion.agente_id,
            Declaracion.mes,
            Declaracion.estado,
            Declaracion.version,
            Declaracion.presentada_en,
            Declaracion.declarado,
            Declaracion.vence,
        )
        .where(Declaracion.agente_id.in_(ids), Declaracion.mes.between(desde, hasta))
        .order_by(Declaracion.agente_id, Declaracion.mes, Declaracion.version)
    )
    for agente, mes, estado, numero, presentada_en, declarado, vence in db.session.execute(consulta):
        halladas[agente, mes].append(Version(estado, numero, _dia(presentada_en), declarado, vence))
    return halladas


def _dia(en: datetime | None) -> date | None:
    return en.astimezone(BOGOTA).date() if en else None


def _cifras(ids: Sequence[int], desde: date, hasta: date) -> dict[_Clave, Cifras]:
    sumas: defaultdict[_Clave, dict[str, Decimal]] = defaultdict(dict)
    for campo, filas in (
        ("liquidado", _liquidado(ids, desde, hasta)),
        ("retenido", _retenido(ids, desde, hasta)),
        ("aceptado", _consignado(EstadoConsignacion.ACEPTADA, ids, desde, hasta)),
        ("por_revisar", _consignado(EstadoConsignacion.RECIBIDA, ids, desde, hasta)),
    ):
        for agente, mes, pesos in filas:
            sumas[agente, mes][campo] = pesos
    return {clave: Cifras(**campos) for clave, campos in sumas.items()}


def _liquidado(ids: Sequence[int], desde: date, hasta: date) -> Iterator[tuple[int, date, Decimal]]:
    """What was issued in each Colombian month and is in force; what is collected by parts is assessed in its cuentas."""
    empiezan = [(comienzo(mes), f"{mes:%Y-%m-%d}") for mes in meses_entre(desde, hasta)]
    fin = comienzo(mes_siguiente(hasta))
    # The last month that had begun.
    en_su_mes = case(*((Liquidacion.emitida_en >= inicio, mes) for inicio, mes in reversed(empiezan)))
    emitidas = (
        select(Liquidacion.agente_id, en_su_mes.label("mes"), Factura.valor)
        .join(Factura)
        .where(Liquidacion.agente_id.in_(ids), EN_FIRME)
        .where(Liquidacion.emitida_en >= empiezan[0][0], Liquidacion.emitida_en < fin)
        .subquery()
    )
    suma = func.sum(emitidas.c.valor, type_=Pesos())
    consulta = select(emitidas.c.agente_id, emitidas.c.mes, suma).group_by(emitidas.c.agente_id, emitidas.c.mes)
    for agente, mes, pesos in db.session.execute(consulta):
        yield agente, date.fromisoformat(mes), pesos


def _retenido(ids: Sequence[int], desde: date, hasta: date) -> Iterator[tuple[int, date, Decimal]]:
    consulta = (
        select(Retencion.agente_id, Retencion.mes, func.sum(Recaudo.valor, type_=Pesos()))
        .join(Recaudo)
        .where(Retencion.agente_id.in_(ids), Retencion.deshecha_en.is_(None), Retencion.mes.between(desde, hasta))
        .group_by(Retencion.agente_id, Retencion.mes)
    )
    yield from db.session.execute(consulta)


def _consignado(
    estado: EstadoConsignacion, ids: Sequence[int], desde: date, hasta: date
) -> Iterator[tuple[int, date, Decimal]]:
    consulta = (
        select(Consignacion.agente_id, Consignacion.mes, func.sum(Consignacion.valor, type_=Pesos()))
        .where(Consignacion.agente_id.in_(ids), Consignacion.estado == estado, Consignacion.mes.between(desde, hasta))
        .group_by(Consignacion.agente_id, Consignacion.mes)
    )
    yield from db.session.execute(consulta)
