"""The list of banks: read once a day, good for one day more when the gateway fails, and never asked for by each page."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar
from portal.models import ListaBancosPse
from portal.pasarelas.base import Banco

# PSE's rule R1: once a day.
VIDA = timedelta(days=1)
# How much longer an old list is better than none.
RESERVA = timedelta(days=1)
# After a failure the gateway is left in peace for this long, whoever asks.
PAUSA = timedelta(minutes=5)


def vigentes(pasarela: str, ahora: datetime) -> tuple[Banco, ...]:
    """The banks to choose from, A to Z; empty when there is no list, or only one that is too old."""
    lista = db.session.get(ListaBancosPse, pasarela)
    if lista is None or lista.leida_en is None or lista.leida_en < ahora - VIDA - RESERVA:
        return ()
    return tuple(sorted((Banco(*par) for par in lista.bancos), key=lambda banco: banco.nombre.casefold()))


def toca(pasarela: str, ahora: datetime) -> bool:
    """Whether the list must be asked for."""
    lista = db.session.get(ListaBancosPse, pasarela)
    if lista is None:
        return True
    vieja = lista.leida_en is None or lista.leida_en <= ahora - VIDA
    return vieja and lista.intentada_en <= ahora - PAUSA


def apartar(pasarela: str, *, ahora: datetime) -> bool:
    """Claim the reading of the list for this process; False when it is not due or another one claimed it."""
    vieja = or_(ListaBancosPse.leida_en.is_(None), ListaBancosPse.leida_en <= ahora - VIDA)
    suya = (ListaBancosPse.pasarela == pasarela) & vieja & (ListaBancosPse.intentada_en <= ahora - PAUSA)
    if ejecutar(update(ListaBancosPse).where(suya).values(intentada_en=ahora)) == 1:
        return True
    if db.session.get(ListaBancosPse, pasarela) is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(ListaBancosPse(pasarela=pasarela, intentada_en=ahora))
            db.session.flush()
    except IntegrityError:
        return False
    return True


def guardar(pasarela: str, bancos: tuple[Banco, ...], *, ahora: datetime) -> None:
    """Keep the list just read, instead of the former one."""
    pares = [[banco.codigo, banco.nombre] for banco in bancos]
    ejecutar(update(ListaBancosPse).where(ListaBancosPse.pasarela == pasarela).values(bancos=pares, leida_en=ahora))
