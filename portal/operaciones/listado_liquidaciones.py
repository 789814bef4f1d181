"""Finding liquidaciones: what somebody types of one, and those that are owed and fall due."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.dominio.estados import EstadoFactura
from portal.models import Agente, Factura, Integrante, Liquidacion
from portal.operaciones.paginas import POR_PAGINA, contar_desde

POR_VENCER = timedelta(days=7)
# Older ones are no news: whoever still owes them assesses again.
RECIENTES = timedelta(days=30)


@dataclass(frozen=True)
class Lista:
    """Some liquidaciones, newest first, and the number to go on from when there are older ones."""

    filas: Sequence[Liquidacion]
    siguiente: int | None


class Cuales(StrEnum):
    """Which of them: all, or those that nobody has paid and that fall due soon or fell due lately."""

    TODAS = "todas"
    POR_VENCER = "por-vencer"
    VENCIDAS = "vencidas"


def buscar(
    departamento: str,
    texto: str = "",
    *,
    de: Agente | None = None,
    debidas: tuple[Cuales, date] | None = None,
    antes_de: int | None = None,
    limite: int = POR_PAGINA,
) -> Lista:
    """The liquidaciones that `texto` names exactly: their number, one of their facturas, a document or a contract.

    All of them when `texto` is empty; only those of an agent with `de`; only what is owed with `debidas`, on a Colombian day.
    `antes_de` is the `siguiente` of the page before.
    """
    consulta = _de(departamento, debidas).options(selectinload(Liquidacion.facturas))
    consulta = consulta.order_by(Liquidacion.numero.desc()).limit(limite + 1)
    if de is not None:
        consulta = consulta.where(Liquidacion.agente_id == de.id)
    if texto:
        consulta = consulta.where(_que_se_llama(texto))
    if antes_de is not None:
        consulta = consulta.where(Liquidacion.numero < antes_de)
    halladas = db.session.scalars(consulta).all()
    return Lista(halladas[:limite], halladas[limite - 1].numero if len(halladas) > limite else None)


def cuantas(departamento: str, cuales: Cuales, hoy: date) -> tuple[int, date | None]:
    """How many are owed, and the first day that one of them falls or fell due."""
    return contar_desde(_de(departamento, (cuales, hoy)), "fecha_limite")


def _de(departamento: str, debidas: tuple[Cuales, date] | None) -> Select[Liquidacion]:
    consulta = select(Liquidacion).where(Liquidacion.departamento == departamento)
    cuales, hoy = debidas or (Cuales.TODAS, date.min)
    if cuales is Cuales.TODAS:
        return consulta
    desde, hasta = (
        (hoy, hoy + POR_VENCER) if cuales is Cuales.POR_VENCER else (hoy - RECIENTES, hoy - timedelta(days=1))
    )
    sin_pagar = Liquidacion.facturas.any(and_(Factura.estado == EstadoFactura.LIQUIDADA, Factura.valor > 0))
    return consulta.where(
        Liquidacion.fecha_limite.between(desde, hasta), Liquidacion.vigente, ~Liquidacion.por_retencion, sin_pagar
    )


def documento_buscado(texto: str) -> str:
    """What somebody typed in a search box, as documents are stored."""
    # Only one digit after a hyphen is a NIT's check digit; `647-2025` is a contract.
    return re.sub(r"^([0-9.]+)-[0-9]$", r"\1", _apretar(texto)).replace(".", "")


def _apretar(texto: str) -> str:
    return "".join(texto.upper().split())


def _que_se_llama(texto: str) -> ColumnElement[bool]:
    limpio, documento = _apretar(texto), documento_buscado(texto)
    de_miembro = select(Integrante.liquidacion_id).where(Integrante.documento == documento)
    formas = [
        Liquidacion.documento == documento,
        Liquidacion.id.in_(de_miembro),
        Liquidacion.numero_contrato == (limpio.lstrip("0") or "0"),
    ]
    if documento.isascii() and documento.isdigit() and len(documento) <= 15:
        numero = int(documento)
        con_factura = select(Factura.liquidacion_id).where(Factura.numero == numero)
        formas += [Liquidacion.numero == numero, Liquidacion.id.in_(con_factura)]
    return or_(*formas)
