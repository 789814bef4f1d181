"""What can be paid: the acts behind a document, a contract or a number, each with its facturas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.dominio.errores import NoExiste
from portal.dominio.estados import EstadoPublico
from portal.dominio.identificacion import enmascarar_nombre
from portal.models import Factura, Liquidacion, Pago, PagoFactura
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion

# Whoever owes more acts than this is served by the office, not by a public page.
MAXIMO_ACTOS = 30


@dataclass(frozen=True)
class Renglon:
    """One factura of an act on the page where the payer chooses."""

    factura: int
    estampilla: str
    valor: Decimal
    estado: EstadoPublico
    pagable: bool


@dataclass(frozen=True)
class ActoPorPagar:
    """One liquidación as the public sees it: the name of a person is masked, a company's is not (I-21)."""

    liquidacion_id: int
    numero: int
    nombre: str
    acto: str
    numero_contrato: str
    vigencia: int
    fecha_limite: date
    provisional: bool
    renglones: tuple[Renglon, ...]

    @property
    def pagables(self) -> tuple[Renglon, ...]:
        return tuple(r for r in self.renglones if r.pagable)

    @property
    def total(self) -> Decimal:
        """Pesos of everything payable."""
        return sum((r.valor for r in self.pagables), Decimal(0))

    @property
    def en_verificacion(self) -> bool:
        return any(r.estado is EstadoPublico.EN_VERIFICACION for r in self.renglones)

    @property
    def pagada(self) -> bool:
        """Whether nothing is owed any more because everything was paid."""
        return all(r.estado in (EstadoPublico.LEGALIZADO, EstadoPublico.UTILIZADA) for r in self.renglones)


def _seleccion() -> Select[tuple[Liquidacion]]:
    return (
        select(Liquidacion)
        .where(Liquidacion.vigente)
        .options(selectinload(Liquidacion.facturas))
        .order_by(Liquidacion.id.desc())
        .limit(MAXIMO_ACTOS)
    )


# Built once: assembling a statement costs more than running it.
_POR_DOCUMENTO = _seleccion().where(
    Liquidacion.documento == bindparam("documento"), Liquidacion.tipo == TipoLiquidacion.TRAMITE
)
_POR_NUMERO = _seleccion().where(
    or_(
        Liquidacion.numero == bindparam("numero"),
        Liquidacion.id.in_(select(Factura.liquidacion_id).where(Factura.numero == bindparam("numero"))),
    )
)
_POR_CONTRATO = _seleccion().where(
    Liquidacion.documento == bindparam("documento"),
    Liquidacion.vigencia == bindparam("vigencia"),
    Liquidacion.numero_contrato == bindparam("numero_contrato"),
    Liquidacion.tipo == TipoLiquidacion.CONTRATO,
)
_POR_CODIGO = _seleccion().where(Liquidacion.codigo == bindparam("codigo"))
_POR_ID = _seleccion().where(Liquidacion.id == bindparam("id"))
_VIVO = (
    select(Pago)
    .join(PagoFactura)
    .join(Factura)
    .where(Factura.liquidacion_id == bindparam("id"), PagoFactura.viva)
    .order_by(Pago.id.desc())
)


def actos_por_documento(documento: str, hoy: date) -> list[ActoPorPagar]:
    """Trámites of a person; failing that, the act of the factura or liquidación with that number.

    `documento` comes from `leer_documento_de_consulta`.
    """
    actos = _leer(_POR_DOCUMENTO, hoy, documento=documento)
    return actos if actos or not documento.isdigit() else acto_por_numero(documento, hoy)


def acto_por_numero(numero: str, hoy: date) -> list[ActoPorPagar]:
    """The act of a factura or liquidación number (digits)."""
    return _leer(_POR_NUMERO, hoy, numero=int(numero)) if len(numero) <= 15 else []


def actos_por_contrato(vigencia: int, nit: str, numero_contrato: str, hoy: date) -> list[ActoPorPagar]:
    """One contract of a contractor, with its additions; the three data must match exactly."""
    return _leer(_POR_CONTRATO, hoy, vigencia=vigencia, documento=nit, numero_contrato=numero_contrato)


def acto_por_codigo(codigo: str, hoy: date) -> ActoPorPagar:
    """The act behind a liquidación's unguessable code. Raises `NoExiste`."""
    return _uno(_leer(_POR_CODIGO, hoy, codigo=codigo))


def acto_por_id(liquidacion_id: int, hoy: date) -> ActoPorPagar:
    """The act of a signed form. Raises `NoExiste`."""
    return _uno(_leer(_POR_ID, hoy, id=liquidacion_id))


def pagos_vivos(liquidacion_id: int) -> list[Pago]:
    """Attempts that cover facturas of the liquidación: those under way and those that paid, newest first."""
    return list(db.session.scalars(_VIVO, {"id": liquidacion_id}).unique())


def _uno(actos: Sequence[ActoPorPagar]) -> ActoPorPagar:
    if not actos:
        raise NoExiste("No encontramos esa liquidación.")
    return actos[0]


def _leer(seleccion: Select[tuple[Liquidacion]], hoy: date, **valores: object) -> list[ActoPorPagar]:
    return [_acto(liquidacion, hoy) for liquidacion in db.session.scalars(seleccion, valores)]


def _acto(liquidacion: Liquidacion, hoy: date) -> ActoPorPagar:
    natural = liquidacion.clase is ClaseContribuyente.NATURAL
    return ActoPorPagar(
        liquidacion_id=liquidacion.id,
        numero=liquidacion.numero,
        nombre=enmascarar_nombre(liquidacion.nombre) if natural else liquidacion.nombre,
        acto=liquidacion.acto_nombre,
        numero_contrato=liquidacion.numero_contrato or "",
        vigencia=liquidacion.vigencia,
        fecha_limite=liquidacion.fecha_limite,
        provisional=liquidacion.provisional,
        renglones=tuple(
            Renglon(f.numero, f.estampilla_nombre, f.valor, f.estado_publico(hoy), f.es_pagable(hoy))
            for f in liquidacion.facturas
        ),
    )
