"""Ten doors bring the same approval at once: it legalises once. Each race has a control that must fail."""

import threading
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoPago
from portal.models import EventoFactura, Pago, PagoFactura, Recaudo
from portal.models.pago import ClaseRecaudo
from portal.operaciones import pagos, resultados
from portal.operaciones.resultados import Causa
from tests import fabricas
from tests.fabricas import AHORA, ESPERA

PUERTAS = [list(Causa)[i % 3] for i in range(10)]


def a_la_vez(app: Flask, tareas: list[Callable[[], None]]) -> list[Exception]:
    """Run every task in its own thread and database connection, released together; returns what they raised."""
    db.session.rollback()  # a reading left open here would keep SQLite's writers waiting
    salida = threading.Barrier(len(tareas))
    errores: list[Exception] = []

    def correr(tarea: Callable[[], None]) -> None:
        with app.app_context():
            try:
                salida.wait(timeout=30)
                tarea()
            except Exception as error:
                errores.append(error)
            finally:
                db.session.remove()

    hilos = [threading.Thread(target=correr, args=(t,)) for t in tareas]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(timeout=60)
    return errores


def recaudado() -> tuple[int, Decimal]:
    db.session.rollback()
    fila = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Recaudo.aplicado), 0)).select_from(Recaudo)
    ).one()
    return fila[0], fila[1]


def test_diez_entregas_de_la_misma_aprobacion_legalizan_una_vez(app: Flask) -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    pago_id, respuesta = pago.id, fabricas.respuesta(pago)
    db.session.rollback()

    def entregar(causa: Causa) -> Callable[[], None]:
        def tarea() -> None:
            with transaccion():
                resultados.aplicar_resultado(pago_id, respuesta, causa=causa, espera=ESPERA, ahora=AHORA)

        return tarea

    assert a_la_vez(app, [entregar(c) for c in PUERTAS]) == []
    assert recaudado() == (1, Decimal(9000))
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    legalizaciones = db.session.scalar(select(func.count(EventoFactura.id)).where(EventoFactura.hasta == "legalizada"))
    assert legalizaciones == 2


@pytest.mark.descuadra
def test_control_sin_proteccion_la_misma_aprobacion_se_duplica(app: Flask) -> None:
    """The usual mistake: look in one transaction, write in another, with an id of one's own instead of the gateway's."""
    pago = fabricas.pago(fabricas.liquidacion())
    pago_id, total = pago.id, pago.total
    with transaccion():
        db.session.execute(text("DROP INDEX uq_recaudo_aplicado"))
    todos_miraron = threading.Barrier(len(PUERTAS))

    def ingenua() -> None:
        visto = db.session.scalar(select(func.count(Recaudo.id)).where(Recaudo.pago_id == pago_id))
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if not visto:
            with transaccion():
                db.session.add(
                    Recaudo(
                        pago_id=pago_id,
                        pasarela="placetopay",
                        transaccion=uuid4().hex,
                        valor=total,
                        aplicado=total,
                        moneda="COP",
                        clase=ClaseRecaudo.APLICADO,
                        registrado_en=AHORA,
                    )
                )

    errores = a_la_vez(app, [ingenua for _ in PUERTAS])
    assert all(isinstance(e, OperationalError) for e in errores)
    cuantos, aplicado = recaudado()
    assert cuantos > 1, "the control must show the doubling, else the race test proves nothing"
    assert aplicado > total


def _abrir_muchos(app: Flask, una_id: int, numeros: tuple[int, ...], cuantos: int = 8) -> list[Exception]:
    def tarea() -> None:
        with transaccion():
            pagos.abrir_pago(
                una_id,
                numeros,
                fabricas.PAGADOR,
                clave=uuid4().hex,
                puerta=fabricas.PUERTA,
                espera=ESPERA,
                ahora=AHORA,
                hoy=fabricas.HOY,
            )

    return a_la_vez(app, [tarea for _ in range(cuantos)])


def vivos() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(PagoFactura).where(PagoFactura.viva)) or 0


def test_de_ocho_pagos_simultaneos_sobre_lo_mismo_queda_vivo_uno(app: Flask) -> None:
    una = fabricas.liquidacion()
    numeros = tuple(f.numero for f in una.facturas)
    errores = _abrir_muchos(app, una.id, numeros)
    assert len(errores) == 7
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert vivos() == 2
    assert db.session.scalars(select(Pago.estado)).all() == [EstadoPago.CREADO]


@pytest.mark.descuadra
def test_la_base_de_datos_rechaza_por_si_sola_un_segundo_intento_vivo(app: Flask) -> None:
    """Even code that forgets to look cannot make two live attempts over one factura; without the index it can (control)."""
    una = fabricas.liquidacion((4000,))
    primero = fabricas.pago(una)
    otro = fabricas.pago(fabricas.liquidacion((7000,)))
    factura_id = una.facturas[0].id

    def forzar() -> None:
        with transaccion():
            db.session.add(PagoFactura(pago_id=otro.id, factura_id=factura_id, valor=Decimal(4000)))

    with pytest.raises(Exception, match="uq_pago_factura_viva|pago_factura.factura_id"):
        forzar()
    with transaccion():
        db.session.execute(text("DROP INDEX uq_pago_factura_viva"))
    forzar()
    duplicados = db.session.scalars(select(PagoFactura.pago_id).where(PagoFactura.factura_id == factura_id)).all()
    assert sorted(duplicados) == [primero.id, otro.id]
