"""Two officers and one contract; an officer who voids while a citizen pays. Each race has a control that must go wrong."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoFactura
from portal.models import Consecutivo, Factura, Liquidacion, PagoFactura, Usuario
from portal.operaciones import liquidaciones, pagos, sin_efecto
from portal.operaciones.liquidaciones import ContratoYaLiquidado
from tests import fabricas
from tests.encargos import AHORA, dejar_sin_efecto, emitir, encargo_contrato, encargo_tramite, oficial
from tests.operaciones.test_carreras import a_la_vez

OFICIALES = 6


@pytest.fixture
def rentas(app: Flask) -> int:
    return oficial().id


def liquidar_contrato(de: int, clave: str = "") -> None:
    emitir(encargo_contrato(), db.session.get_one(Usuario, de), clave=clave)


def vigentes() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Liquidacion.id).where(Liquidacion.vigente)).all())


def siguiente(serie: str) -> int | None:
    return db.session.scalar(select(Consecutivo.siguiente).where(Consecutivo.serie == serie))


def sin_mirar(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that forgets to look whether the contract has a liquidación already."""
    monkeypatch.setattr(liquidaciones, "_rechazar_si_ya_esta", lambda *_: None)


def test_de_seis_oficiales_que_liquidan_el_mismo_contrato_gana_uno(app: Flask, rentas: int) -> None:
    errores = a_la_vez(app, [lambda: liquidar_contrato(rentas) for _ in range(OFICIALES)])
    assert len(errores) == OFICIALES - 1
    assert all(isinstance(e, ContratoYaLiquidado) for e in errores), errores
    assert vigentes() == 1
    assert (siguiente("liquidacion"), siguiente("factura")) == (2, 3), "who loses spends no number"


def test_la_base_de_datos_decide_aunque_nadie_mire(app: Flask, rentas: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sin_mirar(monkeypatch)
    errores = a_la_vez(app, [lambda: liquidar_contrato(rentas) for _ in range(OFICIALES)])
    assert len(errores) == OFICIALES - 1
    assert all(isinstance(e, IntegrityError) for e in errores), errores
    assert vigentes() == 1


def test_control_sin_el_indice_y_mirando_antes_el_contrato_se_duplica(
    app: Flask, rentas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual mistake: look in one transaction, write in another."""
    sin_mirar(monkeypatch)
    with transaccion():
        db.session.execute(text("DROP INDEX uq_liquidacion_contrato_vigente"))
    todos_miraron = threading.Barrier(OFICIALES)

    def ingenua() -> None:
        existente = liquidaciones.contrato_vigente("putumayo", encargo_contrato(), db.session.get_one(Usuario, rentas))
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if existente is None:
            liquidar_contrato(rentas)

    assert a_la_vez(app, [ingenua for _ in range(OFICIALES)]) == []
    assert vigentes() == OFICIALES


def test_el_mismo_formulario_enviado_a_la_vez_emite_una_vez(app: Flask, rentas: int) -> None:
    clave = uuid4().hex

    def enviar() -> None:
        emitir(encargo_tramite(), db.session.get_one(Usuario, rentas), clave=clave)

    assert a_la_vez(app, [enviar for _ in range(OFICIALES)]) == []
    assert vigentes() == 1
    assert siguiente("factura") == 3


def abrir_pago(una_id: int, numeros: tuple[int, ...]) -> None:
    with transaccion():
        pagos.abrir_pago(
            una_id,
            numeros,
            fabricas.PAGADOR,
            clave=uuid4().hex,
            puerta=fabricas.PUERTA,
            espera=fabricas.ESPERA,
            ahora=fabricas.AHORA,
            hoy=fabricas.HOY,
        )


def situacion(una_id: int) -> tuple[bool, set[str], bool]:
    """Whether it is in force, the states of its facturas, and whether a live attempt covers any of them."""
    db.session.rollback()
    db.session.expire_all()
    una = db.session.get_one(Liquidacion, una_id)
    ids = [f.id for f in una.facturas]
    vivo = db.session.scalar(select(PagoFactura.pago_id).where(PagoFactura.factura_id.in_(ids), PagoFactura.viva))
    return una.vigente, {f.estado.value for f in una.facturas}, vivo is not None


def tarea_anular(una_id: int, de: int) -> Callable[[], None]:
    return lambda: dejar_sin_efecto(una_id, db.session.get_one(Usuario, de))


@pytest.mark.parametrize("vuelta", range(4))
def test_entre_dejar_sin_efecto_y_pagar_gana_uno_solo(app: Flask, rentas: int, vuelta: int) -> None:
    una = fabricas.liquidacion()
    una_id, numeros = una.id, tuple(f.numero for f in una.facturas)
    tareas = [tarea_anular(una_id, rentas), lambda: abrir_pago(una_id, numeros)]
    errores = a_la_vez(app, tareas if vuelta % 2 else tareas[::-1])
    assert len(errores) == 1
    assert isinstance(errores[0], TransicionNoPermitida), errores
    assert situacion(una_id) in ((False, {"sin_efecto"}, False), (True, {"en_verificacion"}, True))


@pytest.mark.descuadra
def test_control_quien_mira_y_despues_escribe_deja_sin_efecto_lo_que_se_esta_pagando(app: Flask, rentas: int) -> None:
    una = fabricas.liquidacion()
    una_id, numeros = una.id, tuple(f.numero for f in una.facturas)
    miro, pagado = threading.Event(), threading.Event()

    def anular_ingenua() -> None:
        assert sin_efecto.puede_dejarse_sin_efecto(db.session.get_one(Liquidacion, una_id))
        db.session.rollback()
        miro.set()
        assert pagado.wait(timeout=30)
        with transaccion():
            cambio: Any = (
                update(Factura).where(Factura.liquidacion_id == una_id).values(estado=EstadoFactura.SIN_EFECTO)
            )
            db.session.execute(cambio)
            db.session.execute(update(Liquidacion).where(Liquidacion.id == una_id).values(vigente=False))

    def pagar() -> None:
        assert miro.wait(timeout=30)
        abrir_pago(una_id, numeros)
        pagado.set()

    assert a_la_vez(app, [anular_ingenua, pagar]) == []
    assert situacion(una_id) == (False, {"sin_efecto"}, True), "the control must void what is being paid"


def test_dos_que_dejan_sin_efecto_a_la_vez_lo_hacen_una(app: Flask, rentas: int) -> None:
    una_id = fabricas.liquidacion().id
    errores = a_la_vez(app, [tarea_anular(una_id, rentas) for _ in range(4)])
    assert len(errores) == 3
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    una = db.session.get_one(Liquidacion, una_id)
    assert una.sin_efecto is not None
    assert una.sin_efecto.en == AHORA
