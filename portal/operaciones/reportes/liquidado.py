"""What was assessed on some days against what the ledger has collected of it so far.

Facturas count on the day of their issue. Of a contract by retention each cuenta counts, not its determination: counting both
would assess the same stamp twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from portal.db import Pesos, db, mes_en_bogota
from portal.dominio.cierre import limites
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.estados import EstadoFactura
from portal.models import Factura, Liquidacion
from portal.operaciones.reportes.filtros import Dimension, Entidad, Filtro, de_la_factura, llave_de_entidad
from portal.operaciones.reportes.movimientos import movimientos
from portal.operaciones.reportes.recaudo import entidades_de

DIMENSIONES = (Dimension.ESTAMPILLA, Dimension.MES, Dimension.ENTIDAD, Dimension.ACTO)


@dataclass
class Cuenta:
    """Pesos of a group. `saldo_devuelto`: what a reduction of its contract took the reason from and was handed back."""

    liquidado: Decimal = Decimal(0)
    sin_efecto: Decimal = Decimal(0)
    cobrado: Decimal = Decimal(0)
    saldo_devuelto: Decimal = Decimal(0)
    facturas: int = 0

    @property
    def exigible(self) -> Decimal:
        return self.liquidado - self.sin_efecto

    @property
    def pendiente(self) -> Decimal:
        return self.exigible - self.cobrado

    @property
    def neto(self) -> Decimal:
        """What the ledger keeps of it."""
        return self.cobrado - self.saldo_devuelto

    def sumar(self, otra: "Cuenta") -> None:
        for nombre in ("liquidado", "sin_efecto", "cobrado", "saldo_devuelto", "facturas"):
            setattr(self, nombre, getattr(self, nombre) + getattr(otra, nombre))


@dataclass(frozen=True)
class Liquidado:
    """The groups in their order, by their value in each dimension."""

    filtro: Filtro
    por: tuple[Dimension, ...]
    renglones: tuple[tuple[tuple[str, ...], Cuenta], ...]
    entidades: dict[str, Entidad] = field(default_factory=dict)

    @property
    def total(self) -> Cuenta:
        total = Cuenta()
        for _, cuenta in self.renglones:
            total.sumar(cuenta)
        return total


def liquidado(plan: PlanDeCuentas, filtro: Filtro, por: Sequence[Dimension]) -> Liquidado:
    """Assessed against collected, in one grouped reading of the facturas and one of the ledger."""
    cuentas: defaultdict[tuple[str, ...], Cuenta] = defaultdict(Cuenta)
    anulada = (Factura.estado == EstadoFactura.SIN_EFECTO).label("anulada")
    # Grouped from outside: PostgreSQL takes two equal expressions with parameters for different ones.
    todas = emitidas(filtro, *(_EXPRESIONES[d]().label(d.value) for d in por), anulada, Factura.valor).subquery()
    grupos = [*(todas.c[d.value] for d in por), todas.c.anulada]
    orden = select(*grupos, func.sum(todas.c.valor, type_=Pesos()), func.count()).group_by(*grupos)
    for *clave, es_anulada, pesos, cuantas in db.session.execute(orden):
        suma = cuentas[tuple(map(str, clave))]
        suma.liquidado += pesos
        suma.sin_efecto += pesos if es_anulada else 0
        suma.facturas += cuantas
    filas = movimientos(filtro, plan, por_emision=True)
    columnas = [filas.c["que" if d is Dimension.ESTAMPILLA else d.value] for d in por]
    cobros = select(*columnas, filas.c.sin_factura, func.sum(filas.c.neto, type_=Pesos())).where(~filas.c.espera)
    for *clave, es_saldo, pesos in db.session.execute(cobros.group_by(*columnas, filas.c.sin_factura)):
        suma = cuentas[tuple(map(str, clave))]
        if es_saldo:
            suma.saldo_devuelto -= pesos
        else:
            suma.cobrado += pesos
    entidades = entidades_de(_para_nombrar(filtro).subquery()) if Dimension.ENTIDAD in por else {}
    return Liquidado(filtro, tuple(por), tuple(sorted(cuentas.items(), key=lambda x: x[0])), entidades)


def emitidas(filtro: Filtro, *columnas: Any, por_retencion: bool = False) -> Select[Any]:
    """A reading of the facturas that were issued on some days, with their `Liquidacion`.

    `por_retencion`: also the determinations that are not collected as a whole.
    """
    inicio, fin = limites(filtro.desde, filtro.hasta)
    orden = (
        select(*columnas)
        .select_from(Factura)
        .join(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
        .where(Liquidacion.emitida_en >= inicio, Liquidacion.emitida_en < fin)
        .where(*de_la_factura(filtro))
    )
    if not por_retencion:
        orden = orden.where(~Liquidacion.por_retencion)
    return orden.where(Factura.estampilla == filtro.estampilla) if filtro.estampilla else orden


def _para_nombrar(filtro: Filtro) -> Select[Any]:
    return emitidas(
        filtro,
        llave_de_entidad().label("entidad"),
        Liquidacion.contratante.label("contratante"),
        Liquidacion.id.label("liquidacion_id"),
    )


_EXPRESIONES: dict[Dimension, Any] = {
    Dimension.ESTAMPILLA: lambda: Factura.estampilla,
    Dimension.ACTO: lambda: Factura.acto,
    Dimension.ENTIDAD: llave_de_entidad,
    Dimension.MES: lambda: mes_en_bogota(Liquidacion.emitida_en),
}
