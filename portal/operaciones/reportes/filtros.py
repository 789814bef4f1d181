"""What a report is asked, and how its groups are named: stamp, collecting account, channel, entity, act and month."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.models import Factura, Liquidacion

# Of an entity: the trámites, which nobody contracts.
SIN_ENTIDAD = "ninguna"


class Dimension(StrEnum):
    """What a report may be grouped by; the words are those of the address."""

    ESTAMPILLA = "estampilla"
    CUENTA = "cuenta"
    CANAL = "canal"
    ENTIDAD = "entidad"
    ACTO = "acto"
    MES = "mes"


class Dinero(StrEnum):
    """Whether money is a stamp's, or waits for somebody."""

    ESTAMPILLAS = "estampillas"
    ESPERA = "espera"


@dataclass(frozen=True)
class Filtro:
    """The Colombian days, both included, and what else narrows a report; an empty text narrows nothing.

    `entidad` is the id of any liquidación of that entity, as text, or `SIN_ENTIDAD`: no NIT travels in an address.
    `estampilla` may also be where money waits (`excedentes`, `por_identificar`).
    """

    desde: date
    hasta: date
    estampilla: str = ""
    canal: str = ""
    cuenta: str = ""
    entidad: str = ""
    acto: str = ""
    dinero: str = ""


@dataclass(frozen=True)
class Entidad:
    """Who contracts: its name as some liquidación of it prints it, and the id of that liquidación."""

    nombre: str
    codigo: str


def llave_de_entidad(liquidacion: Any = Liquidacion) -> ColumnElement[str]:
    """What makes two liquidaciones of one entity: its NIT, else its name; empty for a trámite.

    `liquidacion`: the table, an alias of it, or the columns of a subquery.
    """
    return func.coalesce(func.nullif(liquidacion.contratante_nit, ""), liquidacion.contratante)


def es_de_entidad(codigo: str) -> ColumnElement[bool]:
    """The condition that a `Liquidacion` is of the entity of an address."""
    llave = llave_de_entidad()
    if codigo == SIN_ENTIDAD:
        return llave == ""
    otra = aliased(Liquidacion)
    return llave == select(llave_de_entidad(otra)).where(otra.id == int(codigo)).scalar_subquery()


def de_la_factura(filtro: Filtro) -> list[ColumnElement[bool]]:
    """The conditions over `Factura` and `Liquidacion` that do not speak of money or days."""
    condiciones: list[ColumnElement[bool]] = []
    if filtro.acto:
        condiciones.append(Factura.acto == filtro.acto)
    if filtro.entidad:
        condiciones.append(es_de_entidad(filtro.entidad))
    return condiciones


def entidades() -> list[Entidad]:
    """Every entity that some liquidación names, by name."""
    llave, nombre = llave_de_entidad(), func.max(Liquidacion.contratante)
    orden = select(nombre, func.min(Liquidacion.id)).where(llave != "").group_by(llave).order_by(nombre, llave)
    return [Entidad(nombre or "Entidad sin nombre", str(id_)) for nombre, id_ in db.session.execute(orden)]


def entidad_de(codigo: str) -> Entidad | None:
    """The entity of an address; None when no liquidación has that id or it is of a trámite."""
    if not (codigo.isascii() and codigo.isdigit() and len(codigo) <= 15):
        return None
    orden = select(Liquidacion.contratante).where(Liquidacion.id == int(codigo), llave_de_entidad() != "")
    nombre = db.session.scalar(orden)
    return None if nombre is None else Entidad(nombre or "Entidad sin nombre", codigo)


def de_la_celda(
    filtro: Filtro,
    por: Sequence[Dimension],
    clave: Sequence[str],
    entidades_: Mapping[str, Entidad],
    dinero: Dinero | None = None,
) -> Filtro:
    """The filter that leaves only what one group of a report added up; `clave` is its value in each dimension of `por`.

    A month narrows the days. Money that waits has no account, entity or act to narrow by.
    """
    cambios: dict[str, Any] = {"dinero": dinero.value} if dinero else {}
    for dimension, valor in zip(por, clave, strict=True):
        if dimension is Dimension.MES:
            inicio, fin = dias_del_mes(valor)
            cambios |= {"desde": max(filtro.desde, inicio), "hasta": min(filtro.hasta, fin)}
        elif dimension is Dimension.ENTIDAD:
            if dinero is not Dinero.ESPERA:
                cambios["entidad"] = entidades_[valor].codigo if valor else SIN_ENTIDAD
        elif valor:
            cambios[dimension.value] = valor
    return replace(filtro, **cambios)


def dias_del_mes(mes: str) -> tuple[date, date]:
    """The first and the last day of a month written `2026-11`."""
    inicio = date.fromisoformat(f"{mes}-01")
    return inicio, inicio.replace(day=monthrange(inicio.year, inicio.month)[1])
