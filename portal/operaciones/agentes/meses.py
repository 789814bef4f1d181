"""A year of an agent's months, each with its state and its figures, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, select

from portal.db import Pesos, db
from portal.dominio.declaraciones import EN_PIE, EstadoConsignacion, EstadoDeclaracion, comienzo, huella, mes_siguiente
from portal.models import Agente, Asiento, Consignacion, Declaracion, Factura, Liquidacion, Recaudo, Retencion
from portal.operaciones.agentes.cuadros import de_la_entidad, liquidadas_en, pagos_directos
from portal.operaciones.agentes.plazos import Plazos
from portal.operaciones.agentes.versiones import contenido_de

_CERO = Decimal(0)
# Deposits that tell that a month is not idle.
_CUENTAN = (EstadoConsignacion.ACEPTADA, EstadoConsignacion.RECIBIDA)


@dataclass(frozen=True)
class MesDeAgente:
    """One month: its last version, the one that stands before the department if any, and its pesos.

    `declarado` is what the return that stands declares; before there is one, what was withheld so far. `huella_en_cero` is the
    digest of a nil return, when the month ended, was not filed and nothing happened in it.
    """

    mes: date
    ultima: Declaracion
    en_pie: Declaracion | None
    vence: date | None
    declarado: Decimal
    consignado: Decimal
    en_revision: Decimal
    terminado: bool
    huella_en_cero: str | None

    @property
    def diferencia(self) -> Decimal:
        """Declared less deposits accepted."""
        return self.declarado - self.consignado

    @property
    def por_presentar(self) -> bool:
        """Whether it can be filed now and has not been, or its correction has not."""
        return self.terminado and self.ultima.estado is EstadoDeclaracion.BORRADOR


def meses_de(agente: Agente, ano: int, *, hoy: date, plazos: Plazos) -> list[MesDeAgente]:
    """The months of a year that were opened, newest first. `plazos` tell when a month is due."""
    por_mes: defaultdict[date, list[Declaracion]] = defaultdict(list)
    consulta = (
        select(Declaracion)
        .where(Declaracion.agente_id == agente.id, Declaracion.mes.between(date(ano, 1, 1), date(ano, 12, 31)))
        .order_by(Declaracion.mes.desc(), Declaracion.version)
    )
    for una in db.session.scalars(consulta):
        por_mes[una.mes].append(una)
    retenido, consignado = _retenido(agente, ano), _consignado(agente, ano)
    quietos = [
        mes
        for mes, versiones in por_mes.items()
        if versiones[-1].estado is EstadoDeclaracion.BORRADOR
        and mes_siguiente(mes) <= hoy
        and mes not in retenido
        and not any(consignado.get((mes, estado)) for estado in _CUENTAN)
    ]
    vacios = _sin_movimiento(agente, quietos)
    return [_fila(versiones, retenido, consignado, mes in vacios, hoy, plazos) for mes, versiones in por_mes.items()]


def anos_de(agente: Agente) -> Sequence[int]:
    """The years in which it has months, newest first."""
    ultimo = (agente.abierto_hasta or agente.desde).year
    return range(ultimo, agente.desde.year - 1, -1)


def _fila(
    versiones: Sequence[Declaracion],
    retenido: Mapping[date, Decimal],
    consignado: Mapping[tuple[date, EstadoConsignacion], Decimal],
    vacio: bool,
    hoy: date,
    plazos: Plazos,
) -> MesDeAgente:
    ultima = versiones[-1]
    mes = ultima.mes
    en_pie = next((v for v in versiones if v.estado in EN_PIE), None)
    declarado = en_pie.declarado if en_pie is not None else retenido.get(mes, _CERO)
    assert declarado is not None
    return MesDeAgente(
        mes=mes,
        ultima=ultima,
        en_pie=en_pie,
        vence=en_pie.vence if en_pie is not None else (caduca.dia if (caduca := plazos(mes)) else None),
        declarado=declarado,
        consignado=consignado.get((mes, EstadoConsignacion.ACEPTADA), _CERO),
        en_revision=consignado.get((mes, EstadoConsignacion.RECIBIDA), _CERO),
        terminado=mes_siguiente(mes) <= hoy,
        huella_en_cero=huella(contenido_de(ultima, ())) if vacio else None,
    )


def _retenido(agente: Agente, ano: int) -> dict[date, Decimal]:
    consulta = (
        select(Retencion.mes, func.sum(Recaudo.valor, type_=Pesos()))
        .join(Recaudo)
        .where(Retencion.agente_id == agente.id, Retencion.deshecha_en.is_(None), _en_el_ano(Retencion.mes, ano))
        .group_by(Retencion.mes)
    )
    return dict(db.session.execute(consulta).all())


def _consignado(agente: Agente, ano: int) -> dict[tuple[date, EstadoConsignacion], Decimal]:
    consulta = (
        select(Consignacion.mes, Consignacion.estado, func.sum(Consignacion.valor, type_=Pesos()))
        .where(Consignacion.agente_id == agente.id, _en_el_ano(Consignacion.mes, ano))
        .group_by(Consignacion.mes, Consignacion.estado)
    )
    return {(mes, estado): valor for mes, estado, valor in db.session.execute(consulta)}


def _en_el_ano(columna: Any, ano: int) -> Any:
    return columna.between(date(ano, 1, 1), date(ano, 12, 31))


def _sin_movimiento(agente: Agente, meses: Sequence[date]) -> set[date]:
    """Those months in which nothing was assessed and nothing was paid directly."""
    if not meses:
        return set()
    desde, hasta = comienzo(min(meses)), comienzo(mes_siguiente(max(meses)))
    liquidado = (
        select(*(_cuantas(liquidadas_en(agente, mes)) for mes in meses))
        .select_from(Factura)
        .join(Liquidacion)
        .where(de_la_entidad(agente), Liquidacion.emitida_en >= desde, Liquidacion.emitida_en < hasta)
    )
    pagado = (
        pagos_directos(agente)
        .add_columns(
            *(_cuantas(and_(Asiento.en >= comienzo(m), Asiento.en < comienzo(mes_siguiente(m)))) for m in meses)
        )
        .where(Asiento.en >= desde, Asiento.en < hasta)
    )
    sumas = [db.session.execute(consulta).one() for consulta in (liquidado, pagado)]
    return {mes for n, mes in enumerate(meses) if not any(suma[n] for suma in sumas)}


def _cuantas(donde: Any) -> Any:
    return func.sum(case((donde, 1), else_=0))
