"""How the net proceeds of each stamp are shared out among their destinations, to the centavo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from portal.db import Pesos, db
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.normativa import Normativa
from portal.dominio.reparto import Reparto, repartir
from portal.operaciones.reportes.filtros import Dinero, Filtro
from portal.operaciones.reportes.movimientos import Tramos, movimientos

# Where the law at hand names no share, everything is for what the stamp was created for.
DESTINO_PROPIO = "destino-de-la-estampilla"
NOMBRE_PROPIO = "Destino de la estampilla"


@dataclass(frozen=True)
class Parte:
    """The share of a destination in what a stamp kept on some days; `codigo` names it in addresses."""

    codigo: str
    destino: str
    estampilla: str
    desde: date
    hasta: date
    porcentaje: Decimal
    cita: str
    neto: Decimal
    valor: Decimal


def distribucion(plan: PlanDeCuentas, normativa: Normativa, filtro: Filtro) -> list[Parte]:
    """The parts of every stamp, by destination and stamp; those of a stamp on some days sum exactly to what it kept.

    The days are cut where a share begins or ends, because each peso is shared as its own day says. One grouped reading.
    """
    tramos = _tramos(normativa, filtro)
    filas = movimientos(_solo_estampillas(filtro), plan, tramos=tramos)
    pesos = func.sum(filas.c.neto, type_=Pesos())
    orden = select(filas.c.que, filas.c.tramo, pesos).group_by(filas.c.que, filas.c.tramo)
    partes: list[Parte] = []
    for estampilla, tramo, neto in db.session.execute(orden):
        partes += _partes(normativa.reparto_de(estampilla, tramos[tramo][0]), estampilla, tramos[tramo], neto)
    return sorted(partes, key=lambda p: (p.codigo == DESTINO_PROPIO, p.destino, p.estampilla, p.desde))


def _solo_estampillas(filtro: Filtro) -> Filtro:
    return Filtro(**{**vars(filtro), "dinero": Dinero.ESTAMPILLAS.value})


def _tramos(normativa: Normativa, filtro: Filtro) -> Tramos:
    cambios = {filtro.desde} | {r.desde for r in normativa.repartos}
    cambios |= {r.hasta + timedelta(days=1) for r in normativa.repartos if r.hasta and r.hasta < date.max}
    inicios = sorted(d for d in cambios if filtro.desde <= d <= filtro.hasta)
    finales = [d - timedelta(days=1) for d in inicios[1:]] + [filtro.hasta]
    return list(zip(inicios, finales, strict=True))


def _partes(repartos: Sequence[Reparto], estampilla: str, dias: tuple[date, date], neto: Decimal) -> list[Parte]:
    if not repartos:
        return [Parte(DESTINO_PROPIO, NOMBRE_PROPIO, estampilla, *dias, Decimal(100), "", neto, neto)]
    # More was taken back than came in: each destination gives back its share.
    signo = -1 if neto < 0 else 1
    valores = repartir(abs(neto), [r.porcentaje for r in repartos])
    return [
        Parte(r.codigo, r.destino, estampilla, *dias, r.porcentaje, f"{r.norma}, {r.articulo}", neto, signo * valor)
        for r, valor in zip(repartos, valores, strict=True)
    ]
