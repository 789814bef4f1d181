"""What was collected between two days, by stamp, collecting account and channel, straight from the ledger.

Every asiento falls on one day: a credit's on its accounting day, any other on the day that it was written. So consecutive
periods add up, and all of them together are the balances of the ledger.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, select

from portal.db import Pesos, db
from portal.dominio.cierre import limites
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.libro import (
    CLASES_DE_ENTRADA,
    EXCEDENTES,
    POR_IDENTIFICAR,
    ClaseAsiento,
    de_estampilla,
)
from portal.models import Asiento, Recaudo
from portal.models.pago import CanalRecaudo
from portal.operaciones.conciliacion import creditos_entre

_PREFIJO = de_estampilla("")
_ESPERAS = (EXCEDENTES, POR_IDENTIFICAR)


@dataclass
class Sumas:
    """Pesos of one line of the report. `neto` is what stays of it."""

    recaudado: Decimal = Decimal(0)
    # Money that waited and was put here, or that left for where it belonged.
    aplicado: Decimal = Decimal(0)
    revertido: Decimal = Decimal(0)
    no_debido: Decimal = Decimal(0)
    devuelto: Decimal = Decimal(0)

    @property
    def neto(self) -> Decimal:
        return self.recaudado + self.aplicado - self.revertido - self.no_debido - self.devuelto

    def sumar(self, otra: "Sumas") -> None:
        for campo in fields(self):
            setattr(self, campo.name, getattr(self, campo.name) + getattr(otra, campo.name))


@dataclass(frozen=True)
class Renglon:
    """What was collected of a stamp, for an account, through a channel. Without a stamp, it is money that waits (`que`)."""

    que: str
    cuenta: str
    canal: CanalRecaudo
    sumas: Sumas


@dataclass(frozen=True)
class Reporte:
    """A period. `creditos` is what came in as the credits say, reckoned apart from the ledger."""

    desde: date
    hasta: date
    estampillas: tuple[Renglon, ...]
    en_espera: tuple[Renglon, ...]
    creditos: Decimal
    cuantos: int

    @property
    def total_estampillas(self) -> Sumas:
        return _total(self.estampillas)

    @property
    def total_en_espera(self) -> Sumas:
        return _total(self.en_espera)

    @property
    def total(self) -> Sumas:
        return _total((*self.estampillas, *self.en_espera))

    @property
    def cuadra(self) -> bool:
        """Whether the ledger put somewhere exactly what the credits brought."""
        return self.total.recaudado == self.creditos


def recaudado(plan: PlanDeCuentas, desde: date, hasta: date) -> Reporte:
    """The report of the Colombian days `desde`…`hasta`, both included."""
    sumas: defaultdict[tuple[str, str, CanalRecaudo], Sumas] = defaultdict(Sumas)
    # The account of a stamp depends on the day only where the plan changes.
    for inicio, fin in plan.cortes(desde, hasta):
        for que, canal, columna, pesos in _movimientos(inicio, fin):
            cuenta = "" if que in _ESPERAS else plan.de_estampilla(que, inicio).codigo
            suma = sumas[que, cuenta, canal]
            setattr(suma, columna, getattr(suma, columna) + pesos)
    renglones = [Renglon(*clave, suma) for clave, suma in sorted(sumas.items(), key=lambda par: par[0])]
    creditos, cuantos = db.session.execute(
        select(func.coalesce(func.sum(Recaudo.valor, type_=Pesos()), 0), func.count(Recaudo.id)).where(
            creditos_entre(desde, hasta), Recaudo.moneda == "COP"
        )
    ).one()
    return Reporte(
        desde,
        hasta,
        tuple(r for r in renglones if r.que not in _ESPERAS),
        tuple(r for r in renglones if r.que in _ESPERAS),
        Decimal(creditos),
        cuantos,
    )


def _movimientos(desde: date, hasta: date) -> Iterator[tuple[str, CanalRecaudo, str, Decimal]]:
    """`(stamp or where it waits, channel, column, pesos)` of the asientos of some days, summed by the database."""
    inicio, fin = limites(desde, hasta)
    es_entrada = Asiento.clase.in_(CLASES_DE_ENTRADA)
    del_periodo = case((es_entrada, creditos_entre(desde, hasta)), else_=and_(Asiento.en >= inicio, Asiento.en < fin))
    orden = (
        select(Asiento.clase, Asiento.debe, Asiento.haber, Recaudo.canal, func.sum(Asiento.valor, type_=Pesos()))
        .join(Recaudo, Recaudo.id == Asiento.recaudo_id)
        .where(del_periodo)
        .group_by(Asiento.clase, Asiento.debe, Asiento.haber, Recaudo.canal)
    )
    for clase, debe, haber, canal, pesos in db.session.execute(orden):
        for cuenta, signo in ((haber, 1), (debe, -1)):
            que = cuenta.removeprefix(_PREFIJO)
            if que != cuenta or cuenta in _ESPERAS:
                yield que, canal, *_columna(clase, signo * pesos)


def _columna(clase: ClaseAsiento, pesos: Decimal) -> tuple[str, Decimal]:
    """Where an asiento is added: its column and its pesos, positive as people read the column."""
    if clase in CLASES_DE_ENTRADA:
        return "recaudado", pesos
    if clase is ClaseAsiento.REVERSION:
        return "revertido", -pesos
    if clase in (ClaseAsiento.DEVOLUCION, ClaseAsiento.REBOTE):
        return "devuelto", -pesos
    # What a stamp was paid without being owed leaves it; in the waiting money it arrives as any other application.
    if clase is ClaseAsiento.NO_DEBIDO and pesos < 0:
        return "no_debido", -pesos
    return "aplicado", pesos


def _total(renglones: Any) -> Sumas:
    total = Sumas()
    for renglon in renglones:
        total.sumar(renglon.sumas)
    return total
