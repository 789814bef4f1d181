"""Reading what was imported."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import Pesos, db
from portal.dominio.errores import NoExiste
from portal.dominio.movimientos import DESENLACES, ResultadoMovimiento
from portal.models import ArchivoBanco, MovimientoBanco
from portal.operaciones.archivos_banco.importacion import Suma


def importados(*, desde: int = 0, limite: int = 25) -> Sequence[ArchivoBanco]:
    """The files, the last imported first."""
    return db.session.scalars(
        select(ArchivoBanco).order_by(ArchivoBanco.numero.desc()).offset(desde).limit(limite)
    ).all()


def cuantos() -> int:
    """How many files were imported."""
    return db.session.scalar(select(func.count(ArchivoBanco.id))) or 0


def por_numero(numero: int) -> ArchivoBanco:
    """Raises `NoExiste`."""
    hallado = db.session.scalar(select(ArchivoBanco).where(ArchivoBanco.numero == numero))
    if hallado is None:
        raise NoExiste("No encontramos ese archivo del banco.")
    return hallado


def movimientos(archivo: ArchivoBanco, *, desde: int = 0, limite: int | None = None) -> Sequence[MovimientoBanco]:
    """The lines of a file that were new, in its order."""
    return db.session.scalars(
        select(MovimientoBanco)
        .where(MovimientoBanco.archivo_id == archivo.id)
        .options(joinedload(MovimientoBanco.recaudo))
        .order_by(MovimientoBanco.linea)
        .offset(desde)
        .limit(limite)
    ).all()


def sumas(archivo: ArchivoBanco) -> dict[ResultadoMovimiento, Suma]:
    """What the new lines of a file turned out to be, by now; with the repeated ones they sum the file."""
    consulta = (
        select(MovimientoBanco.resultado, func.count(), func.sum(MovimientoBanco.valor, type_=Pesos()))
        .where(MovimientoBanco.archivo_id == archivo.id)
        .group_by(MovimientoBanco.resultado)
    )
    halladas = {resultado: Suma(cuantas, valor) for resultado, cuantas, valor in db.session.execute(consulta)}
    return {resultado: halladas[resultado] for resultado in DESENLACES if resultado in halladas}
