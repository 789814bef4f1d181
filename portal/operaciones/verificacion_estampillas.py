"""The invariant of electronic stamps: each says what its factura says, is signed, and was issued for money that paid it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.dominio.sello import Sello, SelloIlegible, leer_mensaje, separar
from portal.models import Asiento, EstampillaElectronica
from portal.operaciones import claves
from portal.operaciones.estampillas import legaliza


def estampillas_expedidas() -> Iterator[str]:
    """The stamps that say something else than their factura, were issued for money that never paid it, or are badly signed."""
    pares = select(Asiento.factura_id, Asiento.recaudo_id).where(legaliza())
    pagaron = {(factura_id, recaudo_id) for factura_id, recaudo_id in db.session.execute(pares)}
    orden = select(EstampillaElectronica).options(joinedload(EstampillaElectronica.factura))
    for una in db.session.scalars(orden.execution_options(yield_per=1000)):
        if not _dice_lo_de_su_factura(una):
            yield f"La estampilla {una.codigo} no dice lo que su factura, o su firma no vale"
        debida = una.factura.valor > 0
        if debida != (una.recaudo_id is not None) or (debida and (una.factura_id, una.recaudo_id) not in pagaron):
            yield f"La estampilla {una.codigo} se expidió por dinero que no pagó su factura"


def _dice_lo_de_su_factura(una: EstampillaElectronica) -> bool:
    try:
        mensaje, firma = separar(una.sello)
        sello = leer_mensaje(mensaje)
    except SelloIlegible:
        return False
    return _datos(una, sello) and claves.vale(una.clave_id, mensaje, firma)


def _datos(una: EstampillaElectronica, sello: Sello) -> bool:
    factura = una.factura
    return (sello.clave, sello.codigo, sello.factura, sello.estampilla, sello.valor) == (
        una.clave_id,
        una.codigo,
        factura.numero,
        factura.estampilla,
        factura.valor,
    )
