"""A year whose values nobody published: the demonstration's own year lost its UVT."""

from sqlalchemy import delete

from portal.db import db, transaccion
from portal.models.normativa import ValorIndicador
from portal.operaciones.normativa import nueva_edicion
from tests.escenas.mundos import Lugares
from tests.fabricas import HOY


def poblar() -> Lugares:
    with transaccion():
        db.session.execute(delete(ValorIndicador).where(ValorIndicador.desde >= HOY.replace(month=1, day=1)))
        nueva_edicion()
    return {}
