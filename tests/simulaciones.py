"""Past assessments to run a draft over, and the runs themselves, for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.db import db, transaccion
from portal.models import Liquidacion, Simulacion
from portal.operaciones import simulaciones, tramos
from tests import fabricas
from tests.propuestas import AHORA

UVT_2027_SC01 = (Decimal(52000), Decimal(55000))


def pasada(*actos: str, departamento: str = "cundinamarca", **otros: Any) -> Liquidacion:
    """An assessment of 2026; `hechos` and `variantes` go to what the engine was asked."""
    solicitud = {"actos": list(actos), "variantes": otros.pop("variantes", {}), "hechos": otros.pop("hechos", {})}
    datos = {"departamento": departamento, "fecha_causacion": date(2026, 5, 4), "vigencia": 2026} | otros
    return fabricas.liquidacion((1000,), solicitud=solicitud, **datos)


def iniciar(propuesta_id: int, departamento: str = "cundinamarca") -> int:
    """Begin a run, committed; returns its id."""
    with transaccion():
        una = simulaciones.propuesta_de(departamento, propuesta_id)
        return simulaciones.iniciar(departamento, una, usuario=None, ahora=AHORA).id


def leer(simulacion_id: int) -> Simulacion:
    """Read again from the database."""
    db.session.rollback()
    return db.session.get_one(Simulacion, simulacion_id, populate_existing=True)


def paso(simulacion_id: int, pagina: int = 500) -> bool:
    """One step of at most `pagina` assessments; whether it was added."""
    tramo = tramos.calcular(leer(simulacion_id), segundos=0, pagina=pagina)
    with transaccion():
        return tramos.guardar(tramo, ahora=AHORA)


def terminar(simulacion_id: int, pagina: int = 500) -> Simulacion:
    """Step by step to the end."""
    while leer(simulacion_id).en_curso:
        assert paso(simulacion_id, pagina)
    return leer(simulacion_id)
