"""Files that drafts point at survive when citizens, who have no account, begin to hand files in; and the other way round."""

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.models import Archivo, Devolucion, Propuesta
from portal.operaciones import evidencias
from portal.operaciones.ciclo_propuestas import por_id
from tests.archivos import pdf
from tests.devoluciones import doble, pedir
from tests.propuestas import AHORA, cuenta, proponer, quien


def test_los_archivos_siguen_en_su_propuesta_al_subir_y_al_bajar(app: Flask) -> None:
    administradora = cuenta()
    numero = proponer(administradora)
    with transaccion():
        una = por_id("narino", numero)
        evidencias.adjuntar(una, "acto.pdf", pdf(), version=una.version, usuario=quien(administradora), ahora=AHORA)
    pedir(doble(), certificacion=pdf(b"del banco"))
    assert db.session.scalar(select(func.count(Archivo.id))) == 2
    db.session.remove()
    downgrade(revision="024")
    upgrade()
    archivo = db.session.get_one(Propuesta, numero).archivo
    assert archivo is not None
    assert archivo.contenido == pdf()
    assert db.session.scalar(select(func.count(Archivo.id))) == 1, "those of the requests went with them"
    assert db.session.scalar(select(func.count(Devolucion.id))) == 0
    assert pedir(doble()).numero == 1
