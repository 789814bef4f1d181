"""The invariants of the bank's files: what each line brought is in the ledger once, and a file is all in its lines."""

from collections.abc import Iterator

from sqlalchemy import and_, case, func, or_, select

from portal.db import Pesos, db
from portal.dominio.libro import ClaseAsiento
from portal.dominio.movimientos import DE_VENTANILLA, CanalMovimiento, ResultadoMovimiento
from portal.models import ArchivoBanco, Asiento, MovimientoBanco, Recaudo
from portal.models.pago import CanalRecaudo

_TRASLADADO = ResultadoMovimiento.PSE_TRASLADADO


def archivos_enteros() -> Iterator[str]:
    """Files whose lines do not come to what they say, with what another file had brought."""
    suma = func.coalesce(func.sum(MovimientoBanco.valor, type_=Pesos()), 0)
    consulta = (
        select(ArchivoBanco.numero)
        .outerjoin(MovimientoBanco)
        .group_by(ArchivoBanco.id, *(getattr(ArchivoBanco, c) for c in ("numero", "lineas", "total")))
        .group_by(ArchivoBanco.repetidas, ArchivoBanco.valor_repetido)
        .having(
            or_(
                suma + ArchivoBanco.valor_repetido != ArchivoBanco.total,
                func.count(MovimientoBanco.id) + ArchivoBanco.repetidas != ArchivoBanco.lineas,
            )
        )
    )
    for (numero,) in db.session.execute(consulta):
        yield f"Los movimientos del archivo del banco {numero} no suman lo que el archivo"


def movimientos_con_credito() -> Iterator[str]:
    """Lines whose credit is not theirs, or that lack it."""
    de_caja = MovimientoBanco.resultado.in_(DE_VENTANILLA)
    con_credito = or_(de_caja, MovimientoBanco.resultado == _TRASLADADO)
    ajeno = or_(
        Recaudo.valor != MovimientoBanco.valor,
        and_(de_caja, or_(Recaudo.canal != CanalRecaudo.VENTANILLA, Recaudo.transaccion != MovimientoBanco.llave)),
        and_(~de_caja, Recaudo.canal != CanalRecaudo.PSE),
        and_(con_credito, (MovimientoBanco.canal == CanalMovimiento.PSE) == de_caja),
    )
    mal = or_(con_credito != MovimientoBanco.recaudo_id.is_not(None), ajeno)
    for (cual,) in db.session.execute(select(MovimientoBanco.id).outerjoin(Recaudo).where(mal)):
        yield f"El movimiento del banco {cual} y su recaudo no dicen lo mismo"


def traslados() -> Iterator[str]:
    """Credits whose way from the gateway to the account is not one, or that no line tells of."""
    entra = Asiento.debe.startswith("banco:")
    entradas = func.count(case((entra, Asiento.numero)))
    salidas = func.count(Asiento.numero) - entradas
    consulta = (
        select(Recaudo.id)
        .outerjoin(MovimientoBanco, MovimientoBanco.recaudo_id == Recaudo.id)
        .outerjoin(Asiento, and_(Asiento.recaudo_id == Recaudo.id, Asiento.clase == ClaseAsiento.TRASLADO))
        .where(Recaudo.canal == CanalRecaudo.PSE)
        .group_by(Recaudo.id, Recaudo.valor, MovimientoBanco.id)
        .having(
            or_(
                entradas != case((MovimientoBanco.id.is_not(None), 1), else_=0),
                salidas > entradas,
                func.coalesce(func.min(Asiento.valor), Recaudo.valor) != Recaudo.valor,
                func.coalesce(func.max(Asiento.valor), Recaudo.valor) != Recaudo.valor,
            )
        )
    )
    for (recaudo,) in db.session.execute(consulta):
        yield f"El recaudo {recaudo} no pasó una sola vez y entero de la pasarela al banco"
