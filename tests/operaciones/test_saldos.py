"""Balances read from the ledger: of every account, of one credit that waits, and the bank accounts that it knows."""

from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.libro import EXCEDENTES, POR_IDENTIFICAR, ClaseAsiento, Partida
from portal.operaciones.libro import asentar, cuentas_de_banco, saldo_de, saldos
from portal.operaciones.recaudos import cubierta_de
from tests.fabricas import AHORA, liquidacion
from tests.ordenes import credito

pytestmark = pytest.mark.usefixtures("app")


def mover(debe: str, haber: str, valor: int, origen: str, recaudo_id: int | None = None) -> None:
    partida = Partida(ClaseAsiento.APLICACION, debe, haber, Decimal(valor), origen, recaudo_id)
    with transaccion():
        asentar([partida], ahora=AHORA)


@pytest.mark.descuadra
def test_el_saldo_de_una_cuenta_es_lo_que_recibio_menos_lo_que_dio() -> None:
    assert saldos() == {}
    mover("banco:2", "estampilla:E0", 4000, "a")
    mover("banco:2", "excedentes", 1000, "b")
    mover("estampilla:E0", "banco:2", 1500, "c")
    assert saldos() == {"banco:2": 3500, "estampilla:E0": -2500, "excedentes": -1000}
    assert list(saldos()) == sorted(saldos())


@pytest.mark.descuadra
def test_lo_que_espera_de_un_credito_es_suyo_y_de_esa_cuenta() -> None:
    una = liquidacion((4000,))
    pagada, doble = (credito(4000, [cubierta_de(una.facturas[0])]) for _ in range(2))
    sin_dueno = credito(700)
    assert (saldo_de(pagada.id, EXCEDENTES), saldo_de(doble.id, EXCEDENTES)) == (0, 4000)
    assert (saldo_de(sin_dueno.id, POR_IDENTIFICAR), saldo_de(sin_dueno.id, EXCEDENTES)) == (700, 0)
    mover("excedentes", "estampilla:E1", 1500, "d", doble.id)
    mover("excedentes", "estampilla:E1", 9, "e")
    assert saldo_de(doble.id, EXCEDENTES) == 2500
    assert saldo_de(doble.id, POR_IDENTIFICAR) == 0


@pytest.mark.descuadra
def test_se_conocen_las_cuentas_del_banco_que_dieron_o_recibieron() -> None:
    mover("banco:22", "pasarela:banco:7", 1, "a")
    mover("banco:22", "estampilla:E0", 1, "b")
    mover("excedentes", "banco:11", 1, "c")
    assert cuentas_de_banco() == ["11", "22"]


def test_no_asentar_nada_no_toma_numeros() -> None:
    with transaccion():
        asentar([], ahora=AHORA)
    credito(700)
    assert saldos() == {"banco:0849514000": 700, "por_identificar": -700}


def test_lo_ya_asentado_se_rehusa_en_el_acto() -> None:
    recibido = credito(700)
    (primero,) = recibido.asientos
    with transaccion():
        intento = db.session.begin_nested()
        repetida = Partida(primero.clase, primero.debe, primero.haber, primero.valor, primero.origen, recibido.id)
        with pytest.raises(IntegrityError):
            asentar([repetida], ahora=AHORA)
        intento.rollback()
    assert saldos() == {"banco:0849514000": 700, "por_identificar": -700}
