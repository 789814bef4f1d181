"""A confirmed credit, whatever it turns out to pay: its row, its money in the ledger, its case, what it legalises."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso
from portal.models import Caso, Liquidacion, Recaudo
from portal.models.pago import CanalRecaudo, ClaseRecaudo
from portal.operaciones import libro
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar, recaudo_de
from tests.fabricas import AHORA, estados_de, liquidacion

pytestmark = pytest.mark.usefixtures("app")

CUENTA = "banco:0849"


def llega(
    valor: int, *de: Liquidacion, moneda: str = "COP", transaccion_: str = "linea", aplicable: bool = True
) -> Recaudo:
    """A credit at the window over every factura of some liquidaciones."""
    credito = Credito(CanalRecaudo.VENTANILLA, "banco", transaccion_, CUENTA, Decimal(valor), moneda)
    cubiertas = [cubierta_de(f) for una in de for f in una.facturas]
    with transaccion():
        nuevo = recaudar(credito, cubiertas, ahora=AHORA, aplicable=aplicable)
    return db.session.get_one(Recaudo, nuevo.id, populate_existing=True)


def casos() -> list[tuple[ClaseCaso, str, int | None, int | None, int | None]]:
    filas = db.session.scalars(select(Caso).order_by(Caso.numero)).all()
    return [(c.clase, c.clave, c.pago_id, c.recaudo_id, c.factura_id) for c in filas]


def test_el_credito_guarda_lo_que_dijo_quien_lo_confirmo() -> None:
    banco = AHORA - timedelta(hours=3)
    credito = Credito(
        CanalRecaudo.VENTANILLA, "banco", "linea", CUENTA, Decimal(700), "COP", "cus1", "Banco Uno", "a1", banco
    )
    with transaccion():
        nuevo = recaudar(credito, [], ahora=AHORA)
    uno = db.session.get_one(Recaudo, nuevo.id)
    assert (uno.canal, uno.pasarela, uno.transaccion) == (CanalRecaudo.VENTANILLA, "banco", "linea")
    assert (uno.cus, uno.banco, uno.autorizacion, uno.fecha_banco) == ("cus1", "Banco Uno", "a1", banco)
    assert (uno.registrado_en, uno.moneda, uno.pago_id) == (AHORA, "COP", None)


def test_el_valor_exacto_legaliza_y_no_deja_nada_pendiente() -> None:
    una = liquidacion((4000, 5000))
    uno = llega(9000, una)
    assert (uno.clase, uno.valor, uno.aplicado, uno.en_espera) == (ClaseRecaudo.APLICADO, 9000, 9000, 0)
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert libro.saldos() == {CUENTA: 9000, "estampilla:E0": -4000, "estampilla:E1": -5000}
    assert casos() == []


@pytest.mark.parametrize("valor", [8999, 9001])
def test_un_peso_mas_o_menos_no_legaliza_nada_y_todo_espera(valor: int) -> None:
    una = liquidacion((4000, 5000))
    uno = llega(valor, una)
    assert (uno.clase, uno.aplicado, uno.excedente) == (ClaseRecaudo.VALOR_DISTINTO, 0, valor)
    assert estados_de(una) == ["liquidada", "liquidada"]
    assert casos() == [(ClaseCaso.VALOR_DISTINTO, f"valor_distinto:recaudo:{uno.id}", None, uno.id, None)]


def test_otra_moneda_no_entra_en_el_libro_y_la_ve_tesoreria() -> None:
    una = liquidacion((4000,))
    uno = llega(4000, una, moneda="USD")
    assert (uno.clase, uno.aplicado, uno.moneda) == (ClaseRecaudo.VALOR_DISTINTO, 0, "USD")
    assert estados_de(una) == ["liquidada"]
    assert libro.saldos() == {}
    clave = f"valor_distinto:recaudo:{uno.id}"
    assert casos() == [(ClaseCaso.VALOR_DISTINTO, clave, None, uno.id, una.facturas[0].id)]


def test_lo_que_no_es_de_nadie_espera_a_su_dueno() -> None:
    uno = llega(7000)
    assert (uno.clase, uno.aplicado, uno.por_identificar) == (ClaseRecaudo.SIN_IDENTIFICAR, 0, 7000)
    clave = f"referencia_desconocida:recaudo:{uno.id}"
    assert casos() == [(ClaseCaso.REFERENCIA_DESCONOCIDA, clave, None, uno.id, None)]


def test_lo_ya_pagado_se_debe_a_quien_pago_otra_vez() -> None:
    una = liquidacion((4000,))
    llega(4000, una)
    doble = llega(4000, una, transaccion_="otra")
    assert (doble.clase, doble.aplicado, doble.excedente) == (ClaseRecaudo.DOBLE, 0, 4000)
    clave = f"pago_doble:recaudo:{doble.id}"
    assert casos() == [(ClaseCaso.PAGO_DOBLE, clave, None, doble.id, una.facturas[0].id)]


def test_de_varias_legaliza_las_que_se_deben_y_el_resto_espera() -> None:
    pagada, debida = liquidacion((4000,)), liquidacion((5000,))
    llega(4000, pagada)
    parcial = llega(9000, pagada, debida, transaccion_="otra")
    assert (parcial.clase, parcial.aplicado, parcial.excedente) == (ClaseRecaudo.PARCIAL, 5000, 4000)
    assert estados_de(debida) == ["legalizada"]
    assert casos() == [(ClaseCaso.PAGO_DOBLE, f"pago_doble:recaudo:{parcial.id}", None, parcial.id, None)]


def test_lo_que_no_debe_legalizar_no_legaliza_aunque_sea_exacto() -> None:
    una = liquidacion((4000,))
    uno = llega(4000, una, aplicable=False)
    assert (uno.clase, uno.excedente) == (ClaseRecaudo.DOBLE, 4000)
    assert estados_de(una) == ["liquidada"]


def test_una_transaccion_es_de_quien_la_confirmo_y_entra_una_vez() -> None:
    uno = llega(7000)
    assert recaudo_de("banco", "linea") is uno
    assert recaudo_de("banco", "otra") is None
    assert recaudo_de("placetopay", "linea") is None
    with pytest.raises(IntegrityError):
        llega(7000)
    assert libro.saldos() == {CUENTA: 7000, "por_identificar": -7000}
