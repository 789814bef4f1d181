"""What was collected between two days, grouped by stamp, account, channel, entity, act or month, straight from the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, func, select

from portal.db import Pesos, db
from portal.dominio.dispersion import PlanDeCuentas
from portal.models import Recaudo
from portal.operaciones.conciliacion import creditos_entre
from portal.operaciones.reportes.filtros import Dimension, Entidad, Filtro
from portal.operaciones.reportes.movimientos import Columna, movimientos

# The dimensions that only the factura knows.
DE_LA_FACTURA = frozenset({Dimension.ENTIDAD, Dimension.ACTO})


@dataclass
class Sumas:
    """Pesos of one line of the report, by `Columna`. `neto` is what stays of it."""

    recaudado: Decimal = Decimal(0)
    aplicado: Decimal = Decimal(0)
    revertido: Decimal = Decimal(0)
    no_debido: Decimal = Decimal(0)
    devuelto: Decimal = Decimal(0)

    @property
    def neto(self) -> Decimal:
        return self.recaudado + self.aplicado - self.revertido - self.no_debido - self.devuelto

    def sumar(self, otra: "Sumas") -> None:
        for campo in fields(self):
            self.agregar(campo.name, getattr(otra, campo.name))

    def agregar(self, columna: str, pesos: Decimal) -> None:
        setattr(self, columna, getattr(self, columna) + pesos)


@dataclass(frozen=True)
class Renglon:
    """A group: its value in each dimension asked for, whether it is money that waits, and its sums."""

    clave: tuple[str, ...]
    espera: bool
    sumas: Sumas


@dataclass(frozen=True)
class Reporte:
    """A period. `creditos` is what came in as the credits say, reckoned apart from the ledger; None when a filter leaves out
    part of a credit. `entidades` names those of the groups, by their value."""

    filtro: Filtro
    por: tuple[Dimension, ...]
    renglones: tuple[Renglon, ...]
    creditos: Decimal | None = None
    cuantos: int = 0
    entidades: dict[str, Entidad] = field(default_factory=dict)

    @property
    def estampillas(self) -> tuple[Renglon, ...]:
        return tuple(r for r in self.renglones if not r.espera)

    @property
    def en_espera(self) -> tuple[Renglon, ...]:
        return tuple(r for r in self.renglones if r.espera)

    @property
    def total_estampillas(self) -> Sumas:
        return sumar(r.sumas for r in self.estampillas)

    @property
    def total_en_espera(self) -> Sumas:
        return sumar(r.sumas for r in self.en_espera)

    @property
    def total(self) -> Sumas:
        return sumar(r.sumas for r in self.renglones)

    @property
    def cuadra(self) -> bool:
        """Whether the ledger put somewhere exactly what the credits brought."""
        return self.creditos is None or self.total.recaudado == self.creditos


def recaudado(plan: PlanDeCuentas, filtro: Filtro, por: Sequence[Dimension] = (Dimension.ESTAMPILLA,)) -> Reporte:
    """The report of some days, in one grouped reading of the ledger and one of the credits. Stamps come before what waits."""
    tramos = plan.cortes(filtro.desde, filtro.hasta)
    filas = movimientos(filtro, plan, tramos=tramos, detalle=bool(DE_LA_FACTURA & set(por)))
    sumas: defaultdict[tuple[bool, tuple[str, ...]], Sumas] = defaultdict(Sumas)
    grupos = _columnas_de(filas, por)
    pesos = func.sum(filas.c.valor, type_=Pesos())
    orden = select(*grupos, filas.c.espera, filas.c.columna, pesos).group_by(*grupos, filas.c.espera, filas.c.columna)
    for *valores, espera, columna, suma in db.session.execute(orden):
        clave = _clave(dict(zip((c.name for c in grupos), valores, strict=True)), bool(espera), por, plan, tramos)
        sumas[bool(espera), clave].agregar(columna, suma)
    creditos, cuantos = _creditos(filtro)
    return Reporte(
        filtro,
        tuple(por),
        tuple(Renglon(clave, espera, suma) for (espera, clave), suma in sorted(sumas.items(), key=lambda x: x[0])),
        creditos,
        cuantos,
        entidades_de(filas) if Dimension.ENTIDAD in por else {},
    )


def _columnas_de(filas: Subquery, por: Iterable[Dimension]) -> list[Any]:
    """What the database groups by: an account follows from the stamp and the stretch of days."""
    nombres: dict[str, None] = {}
    for dimension in por:
        propias = ("que", "tramo") if dimension is Dimension.CUENTA else (_EN_SQL.get(dimension, dimension.value),)
        nombres.update(dict.fromkeys(propias))
    return [filas.c[nombre] for nombre in nombres]


_EN_SQL = {Dimension.ESTAMPILLA: "que"}


def _clave(
    valores: dict[str, Any], espera: bool, por: Iterable[Dimension], plan: PlanDeCuentas, tramos: Any
) -> tuple[str, ...]:
    clave = []
    for dimension in por:
        if dimension is Dimension.CUENTA:
            dia = tramos[valores["tramo"]][0]
            clave.append("" if espera else plan.de_estampilla(valores["que"], dia).codigo)
        else:
            clave.append(str(valores[_EN_SQL.get(dimension, dimension.value)]))
    return tuple(clave)


def entidades_de(filas: Subquery) -> dict[str, Entidad]:
    """How the entities of some movements are called and addressed, by what groups them."""
    orden = (
        select(filas.c.entidad, func.max(filas.c.contratante), func.min(filas.c.liquidacion_id))
        .where(filas.c.entidad != "")
        .group_by(filas.c.entidad)
    )
    return {
        llave: Entidad(nombre or "Entidad sin nombre", str(id_)) for llave, nombre, id_ in db.session.execute(orden)
    }


def _creditos(filtro: Filtro) -> tuple[Decimal | None, int]:
    if filtro.estampilla or filtro.cuenta or filtro.entidad or filtro.acto or filtro.dinero:
        return None, 0
    orden = select(func.coalesce(func.sum(Recaudo.valor, type_=Pesos()), 0), func.count(Recaudo.id)).where(
        creditos_entre(filtro.desde, filtro.hasta), Recaudo.moneda == "COP"
    )
    if filtro.canal:
        orden = orden.where(Recaudo.canal == filtro.canal)
    creditos, cuantos = db.session.execute(orden).one()
    return Decimal(creditos), cuantos


def sumar(sumas: Iterable[Sumas]) -> Sumas:
    """All of them together."""
    total = Sumas()
    for una in sumas:
        total.sumar(una)
    return total


assert {c.value for c in Columna} == {f.name for f in fields(Sumas)}
