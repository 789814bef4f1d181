"""Transfers that come back and balances in favour under contention, on both engines: once, whoever acts at the same time."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.libro import ClaseAsiento
from portal.models import Asiento, Devolucion, Pago, SaldoAFavor, Usuario
from portal.models.pago import CausaReversion
from portal.operaciones import devoluciones, libro, reversiones, saldos_a_favor
from tests.contratos import acto, contratar, pagar, reducir
from tests.devoluciones import aprobada, doble, estudiada, firma, girar, pedir, rebotar, tesorero
from tests.encargos import oficial
from tests.fabricas import AHORA
from tests.operaciones.test_carreras import a_la_vez

A_FAVOR = CausalDevolucion.SALDO_A_FAVOR
Tarea = Callable[[], None]


def pagada() -> Devolucion:
    una = aprobada(pedir(doble()))
    girar(una)
    return una


def rebotar_de(una_id: int, quien_id: int) -> Tarea:
    def tarea() -> None:
        rebotar(db.session.get_one(Devolucion, una_id), db.session.get_one(Usuario, quien_id))

    return tarea


def test_seis_rebotes_a_la_vez_son_uno(app: Flask) -> None:
    una_id, quien = pagada().id, tesorero().id
    db.session.rollback()
    errores = a_la_vez(app, [rebotar_de(una_id, quien) for _ in range(6)])
    assert len(errores) == 5
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Asiento.clase == ClaseAsiento.REBOTE)) == 1


def test_la_reversion_y_el_rebote_se_esperan(app: Flask) -> None:
    una = pagada()
    una_id, recaudo_id, quien = una.id, una.partes[0].recaudo_id, tesorero().id
    db.session.rollback()

    def revertida() -> None:
        with transaccion():
            reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=AHORA)

    assert a_la_vez(app, [rebotar_de(una_id, quien), revertida]) == []
    db.session.rollback()
    assert db.session.get_one(Devolucion, una_id).estado is EstadoDevolucion.NEGADA
    assert libro.saldos()["excedentes"] == 0


def aprobar_de(una_id: int, quien_id: int) -> Callable[[], None]:
    def tarea() -> None:
        with transaccion():
            devoluciones.aprobar(db.session.get_one(Devolucion, una_id), firma(db.session.get_one(Usuario, quien_id)))

    return tarea


def pago() -> Pago:
    db.session.expire_all()
    return db.session.scalars(select(Pago)).one()


def gemelas() -> list[int]:
    """Two studied requests that take the same balance: what two payments of one contract can bring about."""
    rentas = oficial()
    una = contratar(rentas)
    pagar(una)
    reducir(una, acto("20000000", "ACTA 3"), rentas)
    primera = estudiada(pedir(pago(), A_FAVOR))
    with transaccion():
        db.session.execute(text("DROP INDEX uq_devolucion_viva"))
    # Asked for as another payment would: the list of what can be asked leaves out only what is granted.
    return [primera.id, estudiada(pedir(pago(), A_FAVOR)).id]


def test_dos_devoluciones_del_mismo_saldo_aprobadas_a_la_vez_son_una(app: Flask) -> None:
    ids, quienes = gemelas(), [tesorero().id for _ in range(2)]
    db.session.rollback()
    errores = a_la_vez(app, [aprobar_de(una, quien) for una, quien in zip(ids, quienes, strict=True)])
    assert [type(e) for e in errores] == [TransicionNoPermitida], errores
    db.session.rollback()
    estados = sorted(db.session.scalars(select(Devolucion.estado)))
    assert estados == [EstadoDevolucion.APROBADA, EstadoDevolucion.EN_ESTUDIO]


@pytest.mark.descuadra
def test_control_sin_mirar_despues_de_asentar_se_conceden_las_dos(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saldos_a_favor, "_exigir_que_quepan", lambda _partes: None)
    ids, quienes = gemelas(), [tesorero().id for _ in range(2)]
    db.session.rollback()
    assert a_la_vez(app, [aprobar_de(una, quien) for una, quien in zip(ids, quienes, strict=True)]) == []
    db.session.rollback()
    concedido = sum(
        (saldos_a_favor.concedido(saldo_id=s.id) for s in db.session.scalars(select(SaldoAFavor))), Decimal(0)
    )
    assert concedido == 2 * sum(s.valor for s in db.session.scalars(select(SaldoAFavor)))
