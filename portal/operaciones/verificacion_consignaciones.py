"""The invariants of agents' deposits (I-19): each is in the ledger as its state says, and is a credit of the bank, whole."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import case, func, or_, select

from portal.db import Pesos, db
from portal.dominio.declaraciones import EstadoConsignacion
from portal.dominio.libro import CONSIGNACIONES, POR_IDENTIFICAR, ClaseAsiento
from portal.models import Asiento, Consignacion, MovimientoBanco, Recaudo, Reversion

_E = EstadoConsignacion
_PREFIJO = "agente:"
# Their asiento was written; what a reversal wrote afterwards is another's.
_ENTRARON = (_E.ACEPTADA, _E.REVERTIDA)


def consignaciones_en_el_libro() -> Iterator[str]:
    """Accepted deposits without their asiento, and asientos of deposits that nobody accepted."""
    asentado = _por_origen(Asiento.clase == ClaseAsiento.CONSIGNACION, Asiento.haber.startswith(_PREFIJO))
    deshecho = _por_origen(Asiento.clase == ClaseAsiento.REVERSION, Asiento.origen.startswith("rechazo:"))
    for consignacion in db.session.scalars(select(Consignacion).order_by(Consignacion.numero)):
        origen = f"consignacion:{consignacion.id}"
        queda = asentado.pop(origen, Decimal(0)) - deshecho.pop(f"rechazo:{origen}", Decimal(0))
        if queda != (consignacion.valor if consignacion.estado in _ENTRARON else 0):
            yield f"La consignación {consignacion.numero} y el libro no dicen lo mismo"
    for origen in sorted({*asentado, *deshecho}):
        yield f"El libro tiene una consignación que nadie aceptó: {origen}"


def consignaciones_sin_linea() -> Iterator[str]:
    """What was accepted before its bank's line is what the ledger has in that account, and nothing else."""
    saldo = db.session.scalar(
        select(
            func.sum(case((Asiento.debe == CONSIGNACIONES, Asiento.valor), else_=-Asiento.valor), type_=Pesos())
        ).where(or_(Asiento.debe == CONSIGNACIONES, Asiento.haber == CONSIGNACIONES))
    ) or Decimal(0)
    aceptado = db.session.scalar(
        select(func.sum(Consignacion.valor, type_=Pesos())).where(
            Consignacion.estado == _E.ACEPTADA, Consignacion.movimiento_id.is_(None)
        )
    ) or Decimal(0)
    if saldo != aceptado:
        yield "El libro no tiene en consignaciones lo que se aceptó y el banco no ha mostrado"


def consignaciones_con_su_linea() -> Iterator[str]:
    """Deposits that are not their credit whole, or whose credit the bank took back without them, or the other way round."""
    tomado = defaultdict(list)
    del_credito = select(Asiento.recaudo_id, Asiento.valor).where(
        Asiento.clase == ClaseAsiento.CONSIGNACION, Asiento.debe == POR_IDENTIFICAR
    )
    for recaudo, pesos in db.session.execute(del_credito):
        tomado[recaudo].append(pesos)
    consulta = (
        select(Consignacion.numero, Consignacion.valor, Consignacion.estado, Recaudo.id, Recaudo.valor, Reversion.id)
        .join(MovimientoBanco, MovimientoBanco.id == Consignacion.movimiento_id)
        .outerjoin(Recaudo, Recaudo.id == MovimientoBanco.recaudo_id)
        .outerjoin(Reversion, Reversion.recaudo_id == Recaudo.id)
        .order_by(Consignacion.numero)
    )
    for numero, valor, estado, recaudo, del_banco, reversion in db.session.execute(consulta):
        if tomado.pop(recaudo, []) != [valor] or del_banco != valor:
            yield f"La consignación {numero} no es el crédito entero de su línea del banco"
        if estado is not (_E.ACEPTADA if reversion is None else _E.REVERTIDA):
            yield f"La consignación {numero} y la reversión de su crédito no dicen lo mismo"
    for sobrante in tomado:
        yield f"El recaudo {sobrante} se tomó para una consignación que no lo tiene"
    perdidas = select(Consignacion.numero).where(
        Consignacion.estado == _E.REVERTIDA, Consignacion.movimiento_id.is_(None)
    )
    for (numero,) in db.session.execute(perdidas):
        yield f"La consignación {numero} está revertida y no tiene línea del banco"


def _por_origen(*condiciones: object) -> defaultdict[str, Decimal]:
    sumas: defaultdict[str, Decimal] = defaultdict(Decimal)
    for origen, pesos in db.session.execute(select(Asiento.origen, Asiento.valor).where(*condiciones)):  # type: ignore[arg-type]
        sumas[origen] += pesos
    return sumas
