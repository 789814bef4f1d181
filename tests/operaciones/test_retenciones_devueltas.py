"""A stamp of a cuenta that was handed back is not collected any more: what is left to carry says so, and all still sums."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.dominio.devoluciones import CausalDevolucion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoFactura
from portal.models import Liquidacion, Pago, Usuario
from tests.contratos import acto, adicionar, contratar, cuenta, leer, pagar, reducir
from tests.devoluciones import aprobada, girar, pedir
from tests.encargos import oficial

NO_DEBIDO = CausalDevolucion.NO_DEBIDO
# Not a divisor of anything, so that every part leaves a residue.
RARO = "100000001.37"


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def devolver(una: Liquidacion, cuantas: int = 1) -> list[str]:
    """Hand back the first stamps of what was paid, as paid and not owed; which they were."""
    db.session.expire_all()
    elegidas = [f for f in db.session.get_one(Liquidacion, una.id).facturas if f.valor][:cuantas]
    codigos = [f.estampilla for f in elegidas]
    pago = db.session.scalars(select(Pago).where(Pago.liquidacion_id == una.id).order_by(Pago.id.desc())).first()
    assert pago is not None
    girar(aprobada(pedir(pago, NO_DEBIDO, tuple(f.numero for f in elegidas))), f"TR-{una.id}")
    return codigos


def cobrado_y_por_cobrar(una: Liquidacion) -> dict[str, Decimal]:
    return {r.estampilla: r.en_cuentas - r.a_favor + r.sin_cuenta for r in leer(una).renglones()}


def determinado(una: Liquidacion) -> dict[str, Decimal]:
    return {r.estampilla: r.determinado for r in leer(una).renglones()}


def test_lo_devuelto_de_una_cuenta_ya_no_esta_cobrado(rentas: Usuario) -> None:
    una = contratar(rentas, RARO, por_retencion=True)
    primera = cuenta(una, "33333333", "1", rentas)
    pagar(primera)
    (devuelta,) = devolver(primera)
    renglon = next(r for r in leer(una).renglones() if r.estampilla == devuelta)
    assert (renglon.en_cuentas, renglon.legalizado, renglon.sin_cuenta) == (0, 0, renglon.determinado)
    assert cobrado_y_por_cobrar(una) == determinado(una)


def test_la_ultima_cuenta_lleva_lo_que_se_devolvio_y_las_partes_suman(rentas: Usuario) -> None:
    una = contratar(rentas, RARO, por_retencion=True)
    primera = cuenta(una, "33333333", "1", rentas)
    pagar(primera)
    devolver(primera)
    cuenta(una, "33333333", "2", rentas)
    cuenta(una, Decimal(RARO) - 66666666, "3", rentas)
    cobradas = [f for c in leer(una).cuentas for f in c.facturas if f.estado is not EstadoFactura.SIN_EFECTO]
    assert {
        e: sum((f.valor for f in cobradas if f.estampilla == e), Decimal(0)) for e in determinado(una)
    } == determinado(una)


def test_lo_devuelto_no_impide_reducir_ni_queda_a_favor(rentas: Usuario) -> None:
    una = contratar(rentas, "100000000", por_retencion=True)
    primera = cuenta(una, "80000000", "1", rentas)
    pagar(primera)
    (devuelta,) = devolver(primera)
    plan = reducir(una, acto("15000000", "ACTA 3"), rentas)
    a_favor = {r.estampilla: r.a_favor for r in leer(una).renglones()}
    assert a_favor.pop(devuelta) == 0, "what was handed back is not owed back again"
    assert all(a_favor.values())
    assert plan.a_favor == sum(a_favor.values())
    assert cobrado_y_por_cobrar(una) == determinado(una)


def test_de_un_contrato_de_un_solo_pago_lo_devuelto_no_cuenta_al_reducir(rentas: Usuario) -> None:
    una = contratar(rentas)
    pagar(una)
    (devuelta,) = devolver(una)
    plan = reducir(una, acto("20000000", "ACTA 3"), rentas)
    (paso,) = plan.pasos
    assert devuelta not in {c.estampilla for c in paso.cambios}
    a_favor = {r.estampilla: r.a_favor for r in leer(una).renglones()}
    assert a_favor.pop(devuelta) == 0
    assert plan.a_favor == sum(a_favor.values()) > 0


def test_lo_devuelto_de_un_contrato_no_esta_liquidado(rentas: Usuario) -> None:
    una = contratar(rentas)
    pagar(una)
    (devuelta,) = devolver(una)
    renglon = next(r for r in leer(una).renglones() if r.estampilla == devuelta)
    assert (renglon.determinado, renglon.legalizado) == (0, 0)


def test_una_adicion_devuelta_entera_se_quita_sin_saldo(rentas: Usuario) -> None:
    una = contratar(rentas)
    adicion = adicionar(una, acto("5000000"), rentas)
    pagar(adicion)
    devolver(adicion, 99)
    plan = reducir(una, acto("5000000", "ACTA 3"), rentas)
    assert plan.a_favor == 0
    assert leer(una).valor == 100_000_000


def test_a_medias_pagada_sigue_sin_reducirse(rentas: Usuario) -> None:
    una = contratar(rentas)
    pagar(una, solo=1)
    with pytest.raises(TransicionNoPermitida, match="otras sin pagar"):
        reducir(una, acto("20000000", "ACTA 3"), rentas)
