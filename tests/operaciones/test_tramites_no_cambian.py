"""What was opened to people is closed once and never rewritten: it says what they could assess, and since when."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.sql import Delete, Update

from portal.db import db, transaccion
from portal.models import TramiteAbierto
from portal.operaciones import tramites_abiertos
from tests.autoliquidaciones import abrir, administrador
from tests.fabricas import AHORA


def negada(orden: Update | Delete) -> None:
    with pytest.raises(Exception, match="solo se agrega"), transaccion():
        db.session.execute(orden)


@pytest.mark.usefixtures("app")
def test_lo_que_se_abrio_solo_se_cierra_y_una_vez() -> None:
    numero = abrir().id
    suyo = TramiteAbierto.id == numero
    negada(update(TramiteAbierto).where(suyo).values(entidad="Otra"))
    negada(update(TramiteAbierto).where(suyo).values(abierto_en=AHORA))
    with transaccion():
        tramites_abiertos.cerrar("putumayo", numero, firma=administrador())
    negada(update(TramiteAbierto).where(suyo).values(cerrado_en=None, cerrado_por=None))
    negada(delete(TramiteAbierto).where(suyo))
