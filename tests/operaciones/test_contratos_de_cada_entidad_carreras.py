"""One number of contract at the same time: two officials of one entity, and two entities. The control has the key of before."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.models import Contrato, Liquidacion, Usuario
from portal.models.usuario import Rol
from portal.operaciones import liquidaciones
from portal.operaciones.liquidaciones import ContratoYaLiquidado
from tests.agentes import agente, persona
from tests.encargos import emitir, encargo_contrato
from tests.operaciones.test_carreras import a_la_vez

PAREJAS = 3


@pytest.fixture
def de_cada_entidad(app: Flask) -> list[list[int]]:
    """The accounts of two entities."""
    return [[persona(Rol.AGENTE, una).id for _ in range(PAREJAS)] for una in (agente(), agente())]


def liquidar(quien: int) -> Callable[[], None]:
    def correr() -> None:
        emitir(encargo_contrato(), db.session.get_one(Usuario, quien))

    return correr


def de_quienes() -> list[int]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Liquidacion.entidad).where(Liquidacion.vigente)))


def sin_mirar(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that forgets to look whether the contract has a liquidación already."""
    monkeypatch.setattr(liquidaciones, "_rechazar_si_ya_esta", lambda *_: None)


def test_de_los_de_una_entidad_gana_uno_y_cada_entidad_tiene_el_suyo(
    app: Flask, de_cada_entidad: list[list[int]]
) -> None:
    errores = a_la_vez(app, [liquidar(quien) for pareja in zip(*de_cada_entidad, strict=True) for quien in pareja])
    assert len(errores) == 2 * (PAREJAS - 1)
    assert all(isinstance(e, ContratoYaLiquidado) for e in errores), errores
    assert len(set(de_quienes())) == len(de_quienes()) == 2
    assert db.session.scalars(select(Contrato.entidad).order_by(Contrato.entidad)).all() == de_quienes()


def test_la_base_de_datos_decide_aunque_nadie_mire(
    app: Flask, de_cada_entidad: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sin_mirar(monkeypatch)
    errores = a_la_vez(app, [liquidar(quien) for pareja in zip(*de_cada_entidad, strict=True) for quien in pareja])
    assert len(errores) == 2 * (PAREJAS - 1)
    assert all(isinstance(e, IntegrityError) for e in errores), errores
    assert len(set(de_quienes())) == len(de_quienes()) == 2


def test_control_con_la_llave_de_antes_la_segunda_entidad_pierde(
    app: Flask, de_cada_entidad: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sin_mirar(monkeypatch)
    with transaccion():
        db.session.execute(
            text(
                "CREATE UNIQUE INDEX de_antes ON liquidacion (departamento, vigencia, documento, numero_contrato, "
                "adicion, cuenta) WHERE tipo = 'contrato' AND vigente"
            )
        )
    errores = a_la_vez(app, [liquidar(cuentas[0]) for cuentas in de_cada_entidad])
    assert len(errores) == 1
    assert isinstance(errores[0], IntegrityError), errores


def test_control_sin_el_indice_los_de_una_entidad_lo_duplican(
    app: Flask, de_cada_entidad: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sin_mirar(monkeypatch)
    with transaccion():
        db.session.execute(text("DROP INDEX uq_liquidacion_contrato_vigente"))
    assert a_la_vez(app, [liquidar(quien) for quien in de_cada_entidad[0]]) == []
    assert len(de_quienes()) == PAREJAS
