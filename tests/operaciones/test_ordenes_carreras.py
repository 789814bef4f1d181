"""Several people resolve the same order, or move the same money, at once: it happens once. Each race has its control."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.estados import EventoFactura
from portal.dominio.libro import EXCEDENTES, POR_IDENTIFICAR, ClaseAsiento, Partida, de_estampilla
from portal.dominio.ordenes import EstadoOrden
from portal.models import Asiento, OrdenTesoreria, Recaudo, Reversion
from portal.models.pago import CausaReversion
from portal.operaciones import libro, ordenes, reversiones, verificacion
from portal.operaciones.facturas import mover_facturas
from portal.operaciones.firmas import Firma
from tests import ordenes as fabrica
from tests.fabricas import AHORA, HOY, estados_de, liquidacion
from tests.operaciones.test_carreras import a_la_vez
from tests.ordenes import aplicacion, credito, legalizacion, pagada, tesorero

CUANTOS = 6


def resolver(orden_id: int, quien_id: int, *, aprueba: bool = True) -> Callable[[], None]:
    def tarea() -> None:
        with transaccion():
            firma = Firma(db.session.get_one(fabrica.Usuario, quien_id), AHORA)
            if aprueba:
                ordenes.aprobar(orden_id, firma=firma)
            else:
                ordenes.rechazar(orden_id, motivo="No es legible", firma=firma)

    return tarea


def cuantos(columna: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(columna))) or 0  # type: ignore[arg-type]


def test_de_seis_que_aprueban_a_la_vez_aprueba_uno(app: Flask) -> None:
    una = liquidacion()
    orden_id = legalizacion(una, tesorero()).id
    otros = [tesorero().id for _ in range(CUANTOS)]
    errores = a_la_vez(app, [resolver(orden_id, quien) for quien in otros])
    assert len(errores) == CUANTOS - 1
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert cuantos(Recaudo.id) == 1
    assert estados_de(una) == ["legalizada", "legalizada"]


@pytest.mark.descuadra
def test_control_mirar_y_despues_aprobar_la_aprueba_varias_veces(app: Flask) -> None:
    """Without the conditional update, whoever looked while it was proposed goes on: the same reversal is tried by all."""
    recaudo = pagada(liquidacion())
    orden_id = fabrica.reversion(recaudo, tesorero()).id
    recaudo_id, todos_miraron = recaudo.id, threading.Barrier(CUANTOS)
    aprobaciones: list[int] = []

    def ingenua() -> None:
        por_resolver = db.session.get_one(OrdenTesoreria, orden_id).por_resolver
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if por_resolver:
            with transaccion():
                reversiones.revertir(recaudo_id, causa=CausaReversion.TESORERIA, motivo="x", ahora=AHORA)
                aprobaciones.append(1)

    assert a_la_vez(app, [ingenua for _ in range(CUANTOS)]) == []
    assert len(aprobaciones) > 1, "the control must show the repetition, else the race test proves nothing"
    assert cuantos(Reversion.id) == 1, "the credit's own unique row still protects the money"


def test_aprobar_y_rechazar_a_la_vez_dejan_una_sola_decision(app: Flask) -> None:
    una = liquidacion()
    orden_id = legalizacion(una, tesorero()).id
    otros = [(tesorero().id, n % 2 == 0) for n in range(CUANTOS)]
    errores = a_la_vez(app, [resolver(orden_id, quien, aprueba=aprueba) for quien, aprueba in otros])
    assert len(errores) == CUANTOS - 1
    db.session.rollback()
    orden = db.session.get_one(OrdenTesoreria, orden_id)
    assert (cuantos(Recaudo.id) == 1) is (orden.estado is EstadoOrden.APROBADA)


def _proponer_a_la_vez(app: Flask) -> list[Exception]:
    unas = [liquidacion((4000,)) for _ in range(CUANTOS)]
    numeros, quienes = [u.facturas[0].numero for u in unas], [tesorero().id for _ in unas]

    def proponer(numero: int, quien: int) -> Callable[[], None]:
        def tarea() -> None:
            with transaccion():
                firma = Firma(db.session.get_one(fabrica.Usuario, quien), AHORA)
                ordenes.proponer_legalizacion(
                    [numero], fabrica.comprobante(4000, "UNICO"), fabrica.sustento(), firma=firma, hoy=HOY
                )

        return tarea

    return a_la_vez(app, [proponer(n, q) for n, q in zip(numeros, quienes, strict=True)])


def test_del_mismo_comprobante_a_la_vez_queda_una_orden(app: Flask) -> None:
    errores = _proponer_a_la_vez(app)
    assert len(errores) == CUANTOS - 1
    assert all(isinstance(e, DatoInvalido) for e in errores), errores
    assert cuantos(OrdenTesoreria.id) == 1


def test_control_sin_el_indice_el_mismo_comprobante_sirve_seis_veces(app: Flask) -> None:
    with transaccion():
        db.session.execute(text("DROP INDEX uq_orden_tesoreria_comprobante"))
    assert _proponer_a_la_vez(app) == []
    assert cuantos(OrdenTesoreria.id) == CUANTOS


def _sobrante_y_facturas() -> tuple[int, list[tuple[int, str]]]:
    """A credit of which $4.000 wait, and six facturas of $4.000 that it could pay."""
    una = liquidacion((4000,))
    pagada(una)
    doble = pagada(una)
    otras = [liquidacion((4000,)).facturas[0] for _ in range(CUANTOS)]
    return doble.id, [(f.id, f.estampilla) for f in otras]


def aplicadas() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Asiento.numero)).where(Asiento.clase == ClaseAsiento.APLICACION)) or 0


def test_el_mismo_dinero_aplicado_por_seis_paga_una_factura(app: Flask) -> None:
    recaudo_id, facturas = _sobrante_y_facturas()
    recaudo = db.session.get_one(Recaudo, recaudo_id)
    pendientes = [
        aplicacion(recaudo, db.session.get_one(fabrica.Factura, factura_id), tesorero()).id
        for factura_id, _ in facturas
    ]
    errores = a_la_vez(app, [resolver(orden_id, tesorero().id) for orden_id in pendientes])
    assert len(errores) == CUANTOS - 1
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert aplicadas() == 1


@pytest.mark.descuadra
def test_control_sin_volver_a_mirar_el_mismo_dinero_paga_seis(app: Flask) -> None:
    recaudo_id, facturas = _sobrante_y_facturas()
    todos_miraron = threading.Barrier(CUANTOS)

    def ingenua(factura_id: int, estampilla: str) -> Callable[[], None]:
        def tarea() -> None:
            recaudo = db.session.get_one(Recaudo, recaudo_id)
            alcanza, valor = recaudo.excedente >= 4000, recaudo.valor
            db.session.rollback()
            todos_miraron.wait(timeout=30)
            if alcanza:
                with transaccion():
                    mover_facturas([factura_id], EventoFactura.PAGO_APROBADO, ahora=AHORA)
                    partida = Partida(
                        ClaseAsiento.APLICACION,
                        EXCEDENTES,
                        de_estampilla(estampilla),
                        valor,
                        f"ingenua:{factura_id}",
                        recaudo_id,
                        factura_id,
                    )
                    libro.asentar([partida], ahora=AHORA)

        return tarea

    assert a_la_vez(app, [ingenua(*factura) for factura in facturas]) == []
    assert aplicadas() > 1, "the control must show the money paid twice, else the race test proves nothing"


def test_aplicar_y_revertir_a_la_vez_nunca_dejan_legalizado_lo_que_el_banco_se_llevo(app: Flask) -> None:
    una, recaudo = liquidacion((4000,)), credito(4000)
    recaudo_id = recaudo.id
    orden_id = aplicacion(recaudo, una.facturas[0], tesorero()).id

    def revertir() -> None:
        with transaccion():
            reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Devuelto", ahora=AHORA)

    errores = a_la_vez(app, [resolver(orden_id, tesorero().id), revertir])
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert estados_de(una)[0] in ("liquidada", "revertida")
    assert not any(libro.saldos().values())


@pytest.mark.descuadra
def test_control_aplicar_lo_que_se_miro_antes_legaliza_lo_que_el_banco_se_llevo(app: Flask) -> None:
    """Looking in one transaction and applying in another: the reversal falls in between, and the invariants say it."""
    una, recaudo = liquidacion((4000,)), credito(4000)
    factura_id, estampilla, alcanza = una.facturas[0].id, una.facturas[0].estampilla, recaudo.por_identificar >= 4000
    with transaccion():
        reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Devuelto", ahora=AHORA)
    assert alcanza
    with transaccion():
        mover_facturas([factura_id], EventoFactura.PAGO_APROBADO, ahora=AHORA)
        partida = Partida(
            ClaseAsiento.APLICACION,
            POR_IDENTIFICAR,
            de_estampilla(estampilla),
            recaudo.valor,
            "ingenua",
            recaudo.id,
            factura_id,
        )
        libro.asentar([partida], ahora=AHORA)
    assert estados_de(una) == ["legalizada"]
    rotas = [frase for i in verificacion.INVARIANTES if i.codigo == "I-10" for frase in i.quiebres()]
    assert rotas == [f"El recaudo {recaudo.id} y su reversión no dicen lo mismo en el libro"]
