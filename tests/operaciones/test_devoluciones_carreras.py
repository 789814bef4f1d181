"""Refunds under contention, on both engines: decided once, paid once, and never together with what excludes them."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura
from portal.dominio.libro import ClaseAsiento
from portal.models import Asiento, Devolucion, EventoDevolucion, Factura, Usuario
from portal.models.pago import CausaReversion
from portal.operaciones import adhesiones, devoluciones, libro, reversiones
from portal.operaciones.devoluciones import Transferencia
from portal.operaciones.solicitudes_devolucion import YaSolicitada
from tests.adhesiones import funcionario, usar
from tests.devoluciones import aprobada, doble, estudiada, firma, pagado, pedir, pedir_de, tesorero
from tests.fabricas import AHORA, HOY
from tests.operaciones.test_carreras import a_la_vez

CUANTOS = 6
Tarea = Callable[[], None]


def estado_de(una_id: int) -> EstadoDevolucion:
    db.session.rollback()
    return db.session.get_one(Devolucion, una_id).estado


def devuelto() -> Decimal:
    db.session.rollback()
    suma = select(func.sum(Asiento.valor)).where(Asiento.clase == ClaseAsiento.DEVOLUCION)
    return db.session.scalar(suma) or Decimal(0)


def aprobar(una_id: int, quien_id: int) -> Tarea:
    def tarea() -> None:
        with transaccion():
            quien = db.session.get_one(Usuario, quien_id)
            devoluciones.aprobar(db.session.get_one(Devolucion, una_id), firma(quien))

    return tarea


def pagar(una_id: int, quien_id: int, referencia: str) -> Tarea:
    def tarea() -> None:
        with transaccion():
            giro = Transferencia("0849514000", referencia, HOY)
            una = db.session.get_one(Devolucion, una_id)
            devoluciones.pagar(una, giro, firma(db.session.get_one(Usuario, quien_id)), desde=HOY, hoy=HOY)

    return tarea


def revertir(recaudo_id: int) -> Tarea:
    def tarea() -> None:
        with transaccion():
            reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=AHORA)

    return tarea


def test_seis_aprobaciones_a_la_vez_son_una(app: Flask) -> None:
    una, uno = pagado((4000,))
    pedida = estudiada(pedir(uno, CausalDevolucion.NO_DEBIDO, (una.facturas[0].numero,)))
    quienes = [tesorero().id for _ in range(CUANTOS)]
    errores = a_la_vez(app, [aprobar(pedida.id, quien) for quien in quienes])
    assert len(errores) == CUANTOS - 1
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Asiento.clase == ClaseAsiento.NO_DEBIDO)) == 1


def test_seis_giros_a_la_vez_sacan_el_dinero_una_vez(app: Flask) -> None:
    pedida = aprobada(pedir(doble()))
    quien = tesorero().id
    errores = a_la_vez(app, [pagar(pedida.id, quien, f"TR-{n}") for n in range(CUANTOS)])
    assert len(errores) == CUANTOS - 1
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert devuelto() == 9000


@pytest.mark.descuadra
def test_control_mirar_y_despues_escribir_saca_el_dinero_varias_veces(app: Flask) -> None:
    """The usual mistake: look at the state in one transaction, write in another, under an origin made up for the occasion."""
    pedida = aprobada(pedir(doble()))
    una_id, recaudo_id = pedida.id, pedida.partes[0].recaudo_id
    miraron = threading.Barrier(CUANTOS)

    def ingenuo(n: int) -> Tarea:
        def tarea() -> None:
            assert estado_de(una_id) is EstadoDevolucion.APROBADA
            db.session.rollback()
            miraron.wait(timeout=30)
            with transaccion():
                giro = libro.Partida(
                    ClaseAsiento.DEVOLUCION, "excedentes", "banco:1", Decimal(9000), f"n{n}", recaudo_id
                )
                libro.asentar([giro], ahora=AHORA)

        return tarea

    errores = a_la_vez(app, [ingenuo(n) for n in range(CUANTOS)])
    assert all(isinstance(e, OperationalError) for e in errores)
    assert devuelto() > 9000, "the control must show the doubling, else the race test proves nothing"


def test_una_referencia_del_banco_paga_una_sola_devolucion(app: Flask) -> None:
    pedidas = [aprobada(pedir(doble())).id for _ in range(3)]
    quien = tesorero().id
    errores = a_la_vez(app, [pagar(una, quien, "TR-1") for una in pedidas])
    assert len(errores) == 2
    assert all(isinstance(e, DatoInvalido) for e in errores), errores
    assert devuelto() == 9000


@pytest.mark.descuadra
def test_control_sin_la_clave_unica_la_misma_referencia_paga_dos(app: Flask) -> None:
    primera, segunda = aprobada(pedir(doble())), aprobada(pedir(doble()))
    ids, quien = (primera.id, segunda.id), tesorero().id
    with transaccion():
        db.session.execute(text("DROP INDEX uq_devolucion_transferencia"))
    assert a_la_vez(app, [pagar(una, quien, "TR-1") for una in ids]) == []
    assert devuelto() == 18000


@pytest.mark.parametrize("vez", range(4))
def test_usar_la_estampilla_y_aprobar_su_devolucion_se_excluyen(
    app: Flask, vez: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    una, uno = pagado((4000,))
    factura_id = una.facturas[0].id
    pedida = estudiada(pedir(uno, CausalDevolucion.NO_DEBIDO, (una.facturas[0].numero,)))
    quien = tesorero().id

    ana = funcionario().id
    # Who looked before the request was made goes on: only the state of the stamp is left to decide.
    monkeypatch.setattr(adhesiones, "_devoluciones_de", lambda ids: {})

    def adherir() -> None:
        usar(factura_id, db.session.get_one(Usuario, ana))

    tareas = [aprobar(pedida.id, quien), adherir]
    errores = a_la_vez(app, tareas if vez % 2 else tareas[::-1])
    assert len(errores) == 1
    assert isinstance(errores[0], TransicionNoPermitida), errores
    db.session.rollback()
    finales = (estado_de(pedida.id), db.session.get_one(Factura, factura_id).estado)
    assert finales in (
        (EstadoDevolucion.APROBADA, EstadoFactura.SIN_EFECTO),
        (EstadoDevolucion.EN_ESTUDIO, EstadoFactura.UTILIZADA),
    )


@pytest.mark.descuadra
def test_control_aprobar_sin_condicion_deja_usada_y_devuelta(app: Flask) -> None:
    """The usual mistake: read that it is legalised, and void it later whatever it has become."""
    una, _ = pagado((4000,))
    factura_id = una.facturas[0].id
    leido = threading.Barrier(2)

    def aprobar_ingenuo() -> None:
        assert db.session.get_one(Factura, factura_id).estado is EstadoFactura.LEGALIZADA
        db.session.rollback()
        leido.wait(timeout=30)
        leido.wait(timeout=30)
        with transaccion():
            db.session.get_one(Factura, factura_id).estado = EstadoFactura.SIN_EFECTO

    def usar() -> None:
        leido.wait(timeout=30)
        with transaccion():
            db.session.get_one(Factura, factura_id).estado = EstadoFactura.UTILIZADA
        leido.wait(timeout=30)

    assert a_la_vez(app, [aprobar_ingenuo, usar]) == [], "nobody was told: the control fails as it must"
    db.session.rollback()
    assert db.session.get_one(Factura, factura_id).estado is EstadoFactura.SIN_EFECTO


def solicitada(codigo: str) -> None:
    pedir_de(codigo)


def test_de_seis_solicitudes_a_la_vez_queda_una(app: Flask) -> None:
    uno = doble()
    codigo = uno.codigo
    db.session.rollback()

    errores = a_la_vez(app, [lambda: solicitada(codigo) for _ in range(CUANTOS)])
    assert len(errores) == CUANTOS - 1
    assert all(isinstance(e, YaSolicitada) for e in errores), errores
    db.session.rollback()
    assert db.session.scalar(select(func.count(Devolucion.id))) == 1


def test_control_sin_el_indice_quedan_varias_solicitudes_vivas(app: Flask) -> None:
    uno = doble()
    codigo = uno.codigo
    with transaccion():
        db.session.execute(text("DROP INDEX uq_devolucion_viva"))

    assert a_la_vez(app, [lambda: solicitada(codigo) for _ in range(3)]) == []
    db.session.rollback()
    assert db.session.scalar(select(func.count(Devolucion.id))) == 3


@pytest.mark.parametrize("vez", range(4))
@pytest.mark.parametrize("acto", ["aprobar", "pagar"])
def test_la_reversion_del_banco_y_la_devolucion_se_esperan(app: Flask, acto: str, vez: int) -> None:
    una, uno = pagado((4000,))
    pedida = estudiada(pedir(uno, CausalDevolucion.NO_DEBIDO, (una.facturas[0].numero,)))
    una_id, recaudo_id, quien = pedida.id, pedida.partes[0].recaudo_id, tesorero().id
    if acto == "pagar":
        with transaccion():
            devoluciones.aprobar(pedida, firma(db.session.get_one(Usuario, quien)))
    mia = aprobar(una_id, quien) if acto == "aprobar" else pagar(una_id, quien, "TR-1")
    tareas = [mia, revertir(recaudo_id)]
    errores = a_la_vez(app, tareas if vez % 2 else tareas[::-1])
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    final = estado_de(una_id)
    if final is EstadoDevolucion.PAGADA:
        assert libro.saldos()["excedentes"] == 4000, "handed back, and then taken back: somebody owes it"
    else:
        assert final is EstadoDevolucion.NEGADA
        assert not any(libro.saldos().values())
    historia = db.session.scalars(select(EventoDevolucion.evento).order_by(EventoDevolucion.id)).all()
    assert len(historia) == len(set(historia))
