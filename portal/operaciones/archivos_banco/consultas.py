"""Reading what was imported."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import Pesos, db
from portal.dominio.errores import NoExiste
from portal.dominio.movimientos import DESENLACES, ResultadoMovimiento
from portal.models import ArchivoBanco, Caso, MovimientoBanco, Reversion
from portal.operaciones.archivos_banco.aplicacion import clave_del_caso
from portal.operaciones.archivos_banco.importacion import Suma

# Queues that a line of a file opens by itself, without a credit.
_COLAS = sorted({desenlace.cola for desenlace in DESENLACES.values() if desenlace.cola is not None})


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


def lugar_de(archivo: ArchivoBanco, linea: int) -> int:
    """How many of the new lines of a file come before `linea`."""
    antes = select(func.count(MovimientoBanco.id)).where(
        MovimientoBanco.archivo_id == archivo.id, MovimientoBanco.linea < linea
    )
    return db.session.scalar(antes) or 0


def movimientos_de(caso: Caso) -> Sequence[MovimientoBanco]:
    """The lines of the bank behind a case: that which opened it, and those that brought or took back its credit."""
    dicha = and_(ArchivoBanco.numero == caso.detalle.get("archivo"), MovimientoBanco.linea == caso.detalle.get("linea"))
    condiciones = [dicha]
    if caso.recaudo_id is not None:
        condiciones += [MovimientoBanco.recaudo_id == caso.recaudo_id, Reversion.recaudo_id == caso.recaudo_id]
    consulta = (
        select(MovimientoBanco)
        .join(ArchivoBanco)
        .outerjoin(Reversion, Reversion.id == MovimientoBanco.reversion_id)
        .where(or_(*condiciones))
        .options(joinedload(MovimientoBanco.archivo))
        .order_by(MovimientoBanco.id)
    )
    return db.session.scalars(consulta).all()


def casos_por_movimiento(lineas: Sequence[MovimientoBanco]) -> Mapping[int, Sequence[Caso]]:
    """The cases of each line, by its id: those that it opened and those about its credit, oldest first."""
    claves = {f"{cola.value}:{clave_del_caso(m.llave)}": m.id for m in lineas for cola in _COLAS}
    creditos = {m.id: m.recaudo_id or (m.reversion.recaudo_id if m.reversion else None) for m in lineas}
    suyos = {recaudo_id for recaudo_id in creditos.values() if recaudo_id is not None}
    consulta = select(Caso).where(or_(Caso.clave.in_(claves), Caso.recaudo_id.in_(suyos))).order_by(Caso.numero)
    hallados: defaultdict[int, list[Caso]] = defaultdict(list)
    for caso in db.session.scalars(consulta):
        for m in lineas:
            if claves.get(caso.clave) == m.id or (caso.recaudo_id is not None and caso.recaudo_id == creditos[m.id]):
                hallados[m.id].append(caso)
    return hallados
