"""Which lines of the bank's files may be a deposit: credits that nobody knows whose they are, still whole."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select

from portal.db import db
from portal.dominio.consignaciones import SIRVEN, Dicho, Parecido, nombres, parecido
from portal.dominio.libro import POR_IDENTIFICAR
from portal.dominio.movimientos import ResultadoMovimiento
from portal.models import Consignacion, MovimientoBanco, Recaudo, Reversion
from portal.operaciones.cuentas import plan_de


@dataclass(frozen=True)
class LineaPosible:
    """A line that may be a deposit, and how it resembles it."""

    movimiento: MovimientoBanco
    parecido: Parecido

    @property
    def sirve(self) -> bool:
        """Whether treasury may say that it is the deposit."""
        return self.parecido in SIRVEN


def posibles(consignacion: Consignacion) -> list[LineaPosible]:
    """Every line that resembles a deposit and whose credit is whole, the closest first."""
    margen = timedelta(days=_dias_en_transito(consignacion))
    en_esos_dias = MovimientoBanco.dia.between(consignacion.fecha - margen, consignacion.fecha + margen)
    orden = list(Parecido)
    return sorted(
        _parecidas(consignacion, or_(MovimientoBanco.valor == consignacion.valor, en_esos_dias)),
        key=lambda x: (orden.index(x.parecido), abs(x.movimiento.dia - consignacion.fecha), x.movimiento.id),
    )


def exacta(consignacion: Consignacion) -> MovimientoBanco | None:
    """The line that is the deposit by its slip, value and days, when there is only one."""
    del_valor = _parecidas(consignacion, MovimientoBanco.valor == consignacion.valor)
    exactas = [x.movimiento for x in del_valor if x.parecido is Parecido.EXACTA]
    return exactas[0] if len(exactas) == 1 else None


def _parecidas(consignacion: Consignacion, donde: ColumnElement[bool]) -> list[LineaPosible]:
    consulta = (
        select(MovimientoBanco)
        .join(Recaudo)
        .outerjoin(Reversion, Reversion.recaudo_id == Recaudo.id)
        .where(MovimientoBanco.resultado == ResultadoMovimiento.REFERENCIA_DESCONOCIDA, Reversion.id.is_(None), donde)
        .order_by(MovimientoBanco.id)
    )
    return [
        LineaPosible(uno, como)
        for uno in db.session.scalars(consulta)
        if (como := como_se_parece(consignacion, uno)) and uno.recaudo is not None and esta_entero(uno.recaudo)
    ]


def como_se_parece(consignacion: Consignacion, movimiento: MovimientoBanco) -> Parecido | None:
    """How a line resembles a deposit, whatever became of its credit."""
    dicha = Dicho(consignacion.valor, consignacion.fecha, nombres(consignacion.referencia))
    linea = Dicho(
        movimiento.valor,
        movimiento.dia,
        nombres(movimiento.referencia, movimiento.operacion, movimiento.autorizacion),
    )
    return parecido(dicha, linea, _dias_en_transito(consignacion))


def esta_entero(recaudo: Recaudo) -> bool:
    """Whether all of a credit still waits for its owner: nobody took any of it, nor did the bank take it back."""
    return recaudo.reversion is None and recaudo.espera_en(POR_IDENTIFICAR) == recaudo.valor


def _dias_en_transito(consignacion: Consignacion) -> int:
    return plan_de(consignacion.agente.departamento).dias_en_transito
