"""A reduced contract's balance in favour is handed back exactly, once, from whoever paid it; the stamp stays paid."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.libro import ClaseAsiento
from portal.models import Asiento, Liquidacion, Pago, Usuario
from portal.models.pago import CausaReversion
from portal.operaciones import devoluciones, libro, reversiones, saldos_a_favor, verificacion
from portal.operaciones.solicitudes_devolucion import devolvibles
from tests.adhesiones import acto as acto_adherido
from tests.adhesiones import adherir, funcionario
from tests.contratos import acto, adicionar, contratar, cuenta, leer, pagar, reducir
from tests.devoluciones import aprobada, estudiada, firma, girar, leida, pedir, tesorero
from tests.encargos import oficial
from tests.fabricas import AHORA, estados_de

A_FAVOR = CausalDevolucion.SALDO_A_FAVOR
NO_DEBIDO = CausalDevolucion.NO_DEBIDO


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def pago_de(una: Liquidacion) -> Pago:
    db.session.expire_all()
    return (
        db.session.scalars(select(Pago).where(Pago.liquidacion_id == una.id).order_by(Pago.id.desc())).first() or _no()
    )


def _no() -> Any:
    raise AssertionError("nobody paid it")


def reducido(rentas: Usuario, quita: str = "20000000") -> tuple[Liquidacion, Decimal]:
    """A paid contract that was reduced, and what it is owed back."""
    una = contratar(rentas)
    pagar(una)
    return una, reducir(una, acto(quita, "ACTA 3"), rentas).a_favor


def ofrecido(pago: Pago) -> dict[CausalDevolucion, Decimal]:
    return {d.causal: d.valor for d in devolvibles(pago)}


def revertir(pago: Pago) -> None:
    (recaudo,) = pago.recaudos
    cual = recaudo.id
    with transaccion():
        reversiones.revertir(cual, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=AHORA)


def test_el_saldo_se_devuelve_al_peso_y_la_estampilla_sigue_pagada(rentas: Usuario) -> None:
    una, a_favor = reducido(rentas)
    pago = pago_de(una)
    assert ofrecido(pago)[A_FAVOR] == a_favor > 0
    antes = libro.saldos()
    pedida = pedir(pago, A_FAVOR)
    assert pedida.valor == a_favor
    assert {p.factura.estampilla: p.valor for p in pedida.partes if p.factura} == {
        r.estampilla: r.a_favor for r in leer(una).renglones() if r.a_favor
    }
    girar(aprobada(pedida))
    assert set(estados_de(una)) == {"legalizada"}
    despues = libro.saldos()
    for parte in leida(pedida).partes:
        assert parte.factura is not None
        codigo = f"estampilla:{parte.factura.estampilla}"
        assert despues[codigo] == antes[codigo] + parte.valor
    assert (despues["excedentes"], despues["banco:0849514000"]) == (0, -a_favor)
    assert A_FAVOR not in ofrecido(pago_de(una))
    with pytest.raises(DatoInvalido, match="no hay dinero"):
        pedir(pago_de(una), A_FAVOR)


def test_lo_que_otra_reduccion_deja_de_mas_se_pide_aparte(rentas: Usuario) -> None:
    una, primera = reducido(rentas)
    girar(aprobada(pedir(pago_de(una), A_FAVOR)))
    segunda = reducir(una, acto("10000000", "ACTA 4"), rentas).a_favor
    assert ofrecido(pago_de(una))[A_FAVOR] == segunda > 0
    girar(aprobada(pedir(pago_de(una), A_FAVOR)), "TR-2")
    assert libro.saldos()["banco:0849514000"] == -(primera + segunda)


def test_tambien_de_una_estampilla_que_ya_se_uso(rentas: Usuario) -> None:
    una, a_favor = reducido(rentas)
    adherir(una, funcionario(), que=acto_adherido(), departamento=una.departamento)
    assert ofrecido(pago_de(una)) == {A_FAVOR: a_favor}
    girar(aprobada(pedir(pago_de(una), A_FAVOR)))
    assert libro.saldos()["excedentes"] == 0
    db.session.expire_all()
    assert set(estados_de(una)) == {"utilizada"}


def test_por_retencion_sale_de_los_pagos_que_lo_llevaron_hasta_completarlo(rentas: Usuario) -> None:
    una = contratar(rentas, por_retencion=True)
    cuentas = [cuenta(una, "1000000", "1", rentas), cuenta(una, "84000000", "2", rentas)]
    for cada in cuentas:
        pagar(cada)
    a_favor = reducir(una, acto("15000000", "ACTA 3"), rentas).a_favor
    assert a_favor > cuentas[0].total, "one payment alone did not bring it"
    assert ofrecido(pago_de(cuentas[0]))[A_FAVOR] == cuentas[0].total
    assert ofrecido(pago_de(cuentas[1]))[A_FAVOR] == a_favor
    girar(aprobada(pedir(pago_de(cuentas[0]), A_FAVOR)))
    assert ofrecido(pago_de(cuentas[0])) == {}
    assert ofrecido(pago_de(cuentas[1]))[A_FAVOR] == a_favor - cuentas[0].total
    girar(aprobada(pedir(pago_de(cuentas[1]), A_FAVOR)), "TR-2")
    assert libro.saldos()["banco:0849514000"] == -a_favor
    assert A_FAVOR not in ofrecido(pago_de(cuentas[1]))
    # What was handed back does not count as carried: a later addition charges it again.
    adicionar(una, acto("15000000", "OTROSÍ 9"), rentas)
    cuenta(una, "15000000", "3", rentas)
    assert all(r.en_cuentas - r.a_favor == r.determinado for r in leer(una).renglones())


def test_lo_ya_devuelto_de_una_estampilla_impide_devolverla_entera(rentas: Usuario) -> None:
    una, _ = reducido(rentas)
    numeros = tuple(f.numero for f in una.facturas if f.valor)
    entera = estudiada(pedir(pago_de(una), NO_DEBIDO, numeros))
    girar(aprobada(pedir(pago_de(una), A_FAVOR)))
    assert NO_DEBIDO not in ofrecido(pago_de(una))
    quien = tesorero()
    with pytest.raises(TransicionNoPermitida, match="saldo a favor"), transaccion():
        devoluciones.aprobar(entera, firma(quien))
    with transaccion():
        devoluciones.negar(entera, "El saldo ya se devolvió.", firma(quien))


def test_una_estampilla_devuelta_entera_no_da_ademas_su_saldo(rentas: Usuario) -> None:
    una = contratar(rentas)
    adicion = adicionar(una, acto("5000000"), rentas)
    pagar(adicion)
    reducir(una, acto("5000000", "ACTA 3"), rentas)
    pago = pago_de(adicion)
    assert ofrecido(pago) == {A_FAVOR: adicion.total, NO_DEBIDO: adicion.total}
    saldo = estudiada(pedir(pago, A_FAVOR))
    girar(aprobada(pedir(pago_de(adicion), NO_DEBIDO, tuple(f.numero for f in adicion.facturas if f.valor))))
    assert ofrecido(pago_de(adicion)) == {}
    quien = tesorero()
    with pytest.raises(TransicionNoPermitida, match="ya no está pagada"), transaccion():
        devoluciones.aprobar(saldo, firma(quien))
    assert leida(saldo).estado is EstadoDevolucion.EN_ESTUDIO


@pytest.mark.parametrize("hasta", ["pedida", "aprobada"])
def test_la_reversion_del_pago_termina_la_devolucion_de_su_saldo(rentas: Usuario, hasta: str) -> None:
    una, a_favor = reducido(rentas)
    pedida = pedir(pago_de(una), A_FAVOR)
    if hasta == "aprobada":
        aprobada(pedida)
    revertir(pago_de(una))
    assert leida(pedida).estado is EstadoDevolucion.NEGADA
    assert not any(libro.saldos().values())
    assert ofrecido(pago_de(una)) == {}
    # Paid again whole, as it was assessed: the same balance is owed back again, and once.
    pagar(una)
    assert ofrecido(pago_de(una))[A_FAVOR] == a_favor


def test_lo_que_se_devolvio_antes_de_la_reversion_no_se_ofrece_otra_vez(rentas: Usuario) -> None:
    una, a_favor = reducido(rentas)
    girar(aprobada(pedir(pago_de(una), A_FAVOR)))
    revertir(pago_de(una))
    assert libro.saldos()["excedentes"] == a_favor, "whoever received it owes it"
    pagar(una)
    assert A_FAVOR not in ofrecido(pago_de(una))


def test_negada_o_retirada_se_puede_pedir_de_nuevo(rentas: Usuario) -> None:
    una, a_favor = reducido(rentas)
    primera = estudiada(pedir(pago_de(una), A_FAVOR))
    assert A_FAVOR not in ofrecido(pago_de(una))
    quien = tesorero()
    with transaccion():
        devoluciones.negar(primera, "Falta el acta.", firma(quien))
    assert ofrecido(pago_de(una))[A_FAVOR] == a_favor


@pytest.mark.descuadra
def test_verificar_ve_un_saldo_devuelto_de_mas_y_sin_asiento(rentas: Usuario) -> None:
    una, _ = reducido(rentas)
    pedida = aprobada(pedir(pago_de(una), A_FAVOR))
    origen = saldos_a_favor.origen_del_descuento(pedida.id, pedida.partes[0].id)
    assert db.session.scalars(select(Asiento.clase).where(Asiento.origen == origen)).one() is ClaseAsiento.NO_DEBIDO
    with transaccion():
        db.session.execute(text("UPDATE saldo_a_favor SET valor = 100"))
    quiebres = [q for i, qs in verificacion.verificar() if i.codigo == "I-12" for q in qs]
    assert any("se devolvió más de lo que vale" in q for q in quiebres), quiebres
