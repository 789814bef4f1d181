"""Which days of which accounts wait for treasury's signature, without reckoning any of them."""

from datetime import date, timedelta

from sqlalchemy import select

from portal.db import db
from portal.dominio.dispersion import PlanDeCuentas
from portal.models import Cierre, MovimientoBanco, MovimientoPasarela, Reapertura

# Older days are in the list of closes, month by month.
DIAS = timedelta(days=90)


def sin_firmar(plan: PlanDeCuentas, hoy: date) -> set[tuple[str, date]]:
    """`(account, day)` of the last days, before today, on which the bank or the gateway moved money and no signature stands."""
    desde, banco, pasarela = hoy - DIAS, MovimientoBanco, MovimientoPasarela
    lineas = select(banco.cuenta, banco.dia).where(banco.dia >= desde, banco.dia < hoy).distinct()
    respuestas = select(pasarela.dia).where(pasarela.dia >= desde, pasarela.dia < hoy).distinct()
    firmas = select(Cierre.cuenta, Cierre.dia).outerjoin(Reapertura).where(Reapertura.id.is_(None))
    firmados = {(cuenta, dia) for cuenta, dia in db.session.execute(firmas.where(Cierre.dia >= desde)).all()}
    movidos = {(cuenta, dia) for cuenta, dia in db.session.execute(lineas).all()}
    return movidos.union((plan.receptora_pse(dia).codigo, dia) for dia in db.session.scalars(respuestas)) - firmados
