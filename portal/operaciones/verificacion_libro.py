"""The invariant of the ledger's chain: no gap, and no asiento other than the one that was written."""

from collections.abc import Iterator

from sqlalchemy import select

from portal.db import db
from portal.dominio.cadena import GENESIS
from portal.dominio.libro import Partida, eslabon
from portal.models import Asiento, Consecutivo


def cadena() -> Iterator[str]:
    """The asientos that were changed, do not follow the one before, or are missing."""
    anterior, esperado = GENESIS, 1
    campos = tuple(Partida.__dataclass_fields__)
    for asiento in db.session.scalars(select(Asiento).order_by(Asiento.numero).execution_options(yield_per=1000)):
        if asiento.numero != esperado:
            yield f"Entre los asientos {esperado - 1} y {asiento.numero} faltan asientos"
        partida = Partida(**{campo: getattr(asiento, campo) for campo in campos})
        if asiento.huella != eslabon(anterior, asiento.numero, asiento.en, partida):
            yield f"El asiento {asiento.numero} no es el que se escribió, o no sigue al anterior"
        anterior, esperado = asiento.huella, asiento.numero + 1
    siguiente = db.session.scalar(select(Consecutivo.siguiente).where(Consecutivo.serie == "asiento")) or 1
    if siguiente != esperado:
        yield f"El último asiento es el {esperado - 1} y se escribieron {siguiente - 1}"
