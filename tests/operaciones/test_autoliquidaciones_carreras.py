"""Two taps at once: one new assessment. Each race has a control, without what protects it, that must go wrong."""

import threading
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Liquidacion
from portal.operaciones import autoliquidaciones
from portal.operaciones.autoliquidaciones import YaTieneLiquidacion
from tests.autoliquidaciones import AUTOSERVICIO, DE_DESPUES, encargo, liquidar, reliquidar
from tests.encargos import emitir, encargo_contrato, encargo_tramite, oficial
from tests.operaciones.test_carreras import a_la_vez

TOQUES = 6


def vigentes() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Liquidacion.id).where(Liquidacion.vigente)))


@pytest.mark.parametrize("que", ["tramite", "contrato"])
def test_seis_toques_sobre_una_vencida_dan_una_nueva(app: Flask, que: str) -> None:
    vieja = emitir(encargo_tramite() if que == "tramite" else encargo_contrato(), oficial()).id
    dadas: list[int] = []

    def tocar() -> None:
        dadas.append(reliquidar(vieja).id)

    assert a_la_vez(app, [tocar] * TOQUES) == []
    assert set(dadas) == set(vigentes())
    assert len(vigentes()) == 1


def test_control_mirando_antes_una_vencida_se_liquida_varias_veces(app: Flask) -> None:
    """The usual mistake: look in one transaction, write in another, under a key of one's own."""
    vieja = emitir(encargo_tramite(), oficial()).id
    todos_miraron = threading.Barrier(TOQUES)

    def ingenua() -> None:
        hecha = autoliquidaciones.sustituta(db.session.get_one(Liquidacion, vieja))
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if hecha is None:
            with transaccion():
                autoliquidaciones._emitir(encargo(), DE_DESPUES, uuid4().hex)

    assert a_la_vez(app, [ingenua] * TOQUES) == []
    assert len(vigentes()) > 2, "the control must show the doubling, else the race test proves nothing"


def test_seis_que_liquidan_lo_mismo_para_la_misma_persona_emiten_una(app: Flask) -> None:
    errores = a_la_vez(app, [lambda: liquidar() and None] * TOQUES)
    assert len(errores) == TOQUES - 1
    assert all(isinstance(e, YaTieneLiquidacion) for e in errores), errores
    assert len(vigentes()) == 1


def test_control_sin_la_clave_unica_la_misma_persona_tiene_varias(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoliquidaciones, "_clave_de_tramite", lambda *_: uuid4().hex)
    todos_miraron = threading.Barrier(TOQUES)
    mirar = autoliquidaciones.sin_pagar

    def ingenua() -> None:
        assert mirar(encargo(), AUTOSERVICIO) is None
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        liquidar()

    monkeypatch.setattr(autoliquidaciones, "sin_pagar", lambda *_: None)
    assert a_la_vez(app, [ingenua] * TOQUES) == []
    assert len(vigentes()) == TOQUES
