"""A process that kills itself with -9 at a chosen commit, while it does what the portal does with an approved payment."""

from dataclasses import replace
from pathlib import Path

from portal.app import create_app
from portal.config import leer_ajustes
from portal.db import db
from portal.models import Pago
from portal.operaciones.resultados import Causa
from portal.web.pasarela import preguntar_a_pasarela
from tests import fabricas
from tests.caidas.muerte import morir_en
from tests.pasarela_guion import PasarelaGuion


def preguntar_y_morir(base_datos: str, instancia: Path, pago_id: int, cual: int, cuando: str) -> None:
    """Ask about the payment, and die `before` or `after` the commit number `cual`."""
    entorno = {"DATABASE_URL": base_datos, "PORTAL_CLAVE_SECRETA": "x" * 40}
    app = create_app(replace(leer_ajustes(entorno, instancia=instancia), base_datos=base_datos))
    with app.app_context():
        pasarela = PasarelaGuion()
        app.extensions["pasarela"] = pasarela
        pago = db.session.get_one(Pago, pago_id)
        pasarela.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago)
        db.session.rollback()
        morir_en(cual, cuando)
        preguntar_a_pasarela(pago_id, Causa.RETORNO)
    print("sobrevivió")
