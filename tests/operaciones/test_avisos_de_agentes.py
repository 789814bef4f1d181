"""Reminders of the monthly return: whom, when, and once."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Agente, Correo
from portal.models.usuario import Rol
from portal.operaciones.agentes import avisos, declaraciones
from portal.operaciones.agentes.plazos import plazos_de
from tests.agentes import agente, persona
from tests.declaraciones import borrador, devuelta, presentada

pytestmark = pytest.mark.usefixtures("app")
# April 2025 is due on Monday 12 May: day 10 was a Saturday.
ABRIL = date(2025, 4, 1)


def entidad(**otros: object) -> Agente:
    """An agent of Cundinamarca since April 2025, with its months opened."""
    una = agente("cundinamarca", desde=ABRIL, **otros)
    with transaccion():
        declaraciones.abrir_meses(una, date(2025, 5, 13), ahora=datetime(2025, 5, 13, tzinfo=UTC))
    return una


def recordar(dia: date) -> list[str]:
    """What each new notice of a day says of the due date, by entity."""
    antes = set(db.session.scalars(select(Correo.id)))
    with transaccion():
        avisos.recordar("cundinamarca", hoy=dia, ahora=datetime(dia.year, dia.month, dia.day, 15, tzinfo=UTC))
    nuevos = db.session.scalars(select(Correo).where(Correo.id.not_in(antes)).order_by(Correo.id)).all()
    return [f"{c.datos['aviso']}: {c.datos['mes']}" for c in nuevos]


def test_se_recuerda_antes_el_dia_y_despues_una_vez_cada_uno(app: Flask) -> None:
    entidad()
    vistos = {dia: recordar(date(2025, 5, dia)) + recordar(date(2025, 5, dia)) for dia in range(1, 25)}
    dichos = {dia: que for dia, que in vistos.items() if que}
    assert dichos == {
        7: ["Faltan 5 días: abril de 2025"],
        11: ["Falta 1 día: abril de 2025"],
        12: ["Vence hoy: abril de 2025"],
        13: ["Vencida hace 1 día: abril de 2025"],
        17: ["Vencida hace 5 días: abril de 2025"],
        22: ["Vencida hace 10 días: abril de 2025"],
    }


def test_lo_presentado_no_se_recuerda_y_lo_devuelto_si(app: Flask) -> None:
    una = entidad()
    hecha = presentada(borrador(una, ABRIL), persona(Rol.AGENTE, una))
    assert recordar(date(2025, 5, 12)) == []
    devuelta(hecha)
    assert recordar(date(2025, 5, 12)) == ["Vence hoy: abril de 2025"]


def test_sin_correo_o_sin_plazo_no_hay_recordatorios(app: Flask) -> None:
    entidad(correo="")
    assert recordar(date(2025, 5, 12)) == []
    assert plazos_de("putumayo", date(2025, 5, 12))(ABRIL) is None
    with transaccion():
        assert avisos.recordar("putumayo", hoy=date(2025, 5, 12), ahora=datetime(2025, 5, 12, tzinfo=UTC)) == 0


def test_el_plazo_de_cada_mes_es_el_del_manual(app: Flask) -> None:
    plazos = plazos_de("cundinamarca", date(2026, 1, 1))
    dicho = plazos(ABRIL)
    assert dicho is not None
    assert (dicho.dia, len(dicho.frases)) == (date(2025, 5, 12), 2)


def test_la_orden_abre_los_meses_y_recuerda(app: Flask, runner: FlaskCliRunner) -> None:
    una = agente()
    primera = runner.invoke(args=["agentes", "recordar"])
    assert primera.exit_code == 0, primera.output
    db.session.expire_all()
    assert db.session.get_one(Agente, una.id).abierto_hasta is not None
