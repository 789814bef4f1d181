"""Writing in the ledger, and reading balances from it. Only appended to, in the transaction of the fact behind it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, case, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.db import Pesos, db, tabla
from portal.dominio.cadena import GENESIS
from portal.dominio.libro import Partida, de_banco, eslabon
from portal.models import Asiento
from portal.operaciones.consecutivos import tomar

_ASIENTO = tabla(Asiento)
_ASENTAR = insert(_ASIENTO)
_HUELLA = select(_ASIENTO.c.huella).where(_ASIENTO.c.numero == bindparam("cual"))


def asentar(partidas: Sequence[Partida], *, ahora: datetime) -> None:
    """Number, chain and write transfers. The series' row is locked until the transaction ends, so the chain has no forks.

    Raises `IntegrityError` when a fact was entered already.
    """
    if not partidas:
        return
    # The facts that they name go before them.
    db.session.flush()
    numeros = tomar("asiento", len(partidas))
    huella = _huella_de(numeros[0] - 1)
    filas = []
    for numero, partida in zip(numeros, partidas, strict=True):
        huella = eslabon(huella, numero, ahora, partida)
        filas.append({"numero": numero, "en": ahora, "huella": huella, **vars(partida)})
    db.session.execute(_ASENTAR, filas)


def saldos() -> dict[str, Decimal]:
    """Pesos of every account: what it received less what it gave. They sum to zero."""
    recibido = _sumas(Asiento.debe)
    dado = _sumas(Asiento.haber)
    cuentas = sorted({*recibido, *dado})
    return {cuenta: recibido.get(cuenta, Decimal(0)) - dado.get(cuenta, Decimal(0)) for cuenta in cuentas}


def saldo_de(recaudo_id: int, espera: str) -> Decimal:
    """Pesos of one credit that wait in a liability such as `excedentes`: what was left there less what was taken."""
    dejado = func.sum(case((Asiento.haber == espera, Asiento.valor), else_=-Asiento.valor), type_=Pesos())
    suyos = select(dejado).where(Asiento.recaudo_id == recaudo_id, or_(Asiento.haber == espera, Asiento.debe == espera))
    return db.session.scalar(suyos) or Decimal(0)


def cuentas_de_banco() -> list[str]:
    """Numbers of the department's accounts that the ledger knows."""
    prefijo = de_banco("")
    halladas = select(Asiento.debe).union(select(Asiento.haber)).subquery()
    consulta = select(halladas.c[0]).where(halladas.c[0].startswith(prefijo)).order_by(halladas.c[0])
    return [cuenta.removeprefix(prefijo) for cuenta in db.session.scalars(consulta)]


def _huella_de(numero: int) -> str:
    if numero == 0:
        return GENESIS
    return str(db.session.execute(_HUELLA, {"cual": numero}).scalar_one())


def _sumas(columna: InstrumentedAttribute[str]) -> dict[str, Decimal]:
    consulta = select(columna, func.sum(Asiento.valor, type_=Pesos())).group_by(columna)
    return dict(db.session.execute(consulta).all())
