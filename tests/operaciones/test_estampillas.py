"""Issuing stamps: once for what is paid or worth $0, never for what is not, again when it is paid with another credit."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.db import db, transaccion
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.estados import EstadoPublico
from portal.dominio.sello import leer_mensaje, separar
from portal.models import EstampillaElectronica
from portal.operaciones import claves, estampillas
from portal.web.estampillas import emisor_actual, expedir_pendientes, expedir_recientes
from tests import estampillas as de_prueba
from tests import fabricas
from tests.fabricas import AHORA, HOY
from tests.operaciones.test_carreras import a_la_vez


def cuantas() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(EstampillaElectronica.id)).all())


def test_se_expide_una_por_factura_pagada_y_una_sola_vez(app: Flask) -> None:
    una = fabricas.liquidacion((4000, 5000))
    pago = de_prueba.pagar(una)
    primeras = de_prueba.expedir(una)
    assert [e.factura_id for e in primeras] == [f.id for f in una.facturas]
    assert {e.recaudo_id for e in primeras} == {pago.recaudos[0].id}
    assert [e.id for e in de_prueba.expedir(una)] == [e.id for e in primeras]
    assert cuantas() == 2


def test_el_sello_dice_lo_que_dice_la_factura(app: Flask) -> None:
    una = fabricas.contrato(nombre="UNION TEMPORAL PUTUMAYO SEGURO 20/24")
    de_prueba.pagar(una)
    estampilla = de_prueba.expedir(una)[0]
    mensaje, firma = separar(estampilla.sello)
    sello, factura = leer_mensaje(mensaje), estampilla.factura
    assert claves.vale(estampilla.clave_id, mensaje, firma)
    assert (sello.codigo, sello.factura, sello.valor) == (estampilla.codigo, factura.numero, factura.valor)
    assert (sello.estampilla, sello.nombre) == (factura.estampilla, factura.estampilla_nombre)
    assert (sello.departamento, sello.acto) == ("putumayo", "Contrato 647 de 2025")
    assert sello.contribuyente == "UNION TEMPORAL PUTUMAYO SEGURO 20/24, NIT ******364"


def test_de_una_persona_el_sello_solo_lleva_iniciales(app: Flask) -> None:
    sello = leer_mensaje(separar(de_prueba.pagada(nombre="ANDREA JIMENA ORTIZ")[0].sello)[0])
    assert sello.contribuyente == "A*** J*** O***, CC *******323"


def test_lo_que_no_esta_pagado_no_tiene_estampilla(app: Flask) -> None:
    una = fabricas.liquidacion((4000, 5000))
    fabricas.pago(una, facturas=(una.facturas[0].numero,))
    assert estampillas.pendientes() == []
    assert de_prueba.expedir(una) == []
    assert cuantas() == 0


def test_la_de_cero_pesos_tiene_la_suya_sin_pago(app: Flask) -> None:
    una = fabricas.liquidacion((0, 5000))
    de_prueba.legalizar_de_cero(una)
    (estampilla,) = de_prueba.expedir(una)
    assert estampilla.factura.valor == 0
    assert estampilla.recaudo_id is None
    assert estampilla.impresa["pago"] is None
    assert not estampillas.situacion(estampilla, HOY).reemplazada
    assert de_prueba.expedir(una) == [estampilla]


def test_lo_que_el_banco_devuelve_cambia_en_el_acto_y_no_se_expide_de_nuevo(app: Flask) -> None:
    una = fabricas.liquidacion((4000,))
    pago = de_prueba.pagar(una)
    (estampilla,) = de_prueba.expedir(una)
    antes = estampillas.situacion(estampilla, HOY)
    assert (antes.estado, antes.sirve) == (EstadoPublico.LEGALIZADO, True)
    de_prueba.devolver_el_banco(pago)
    despues = estampillas.situacion(estampilla, HOY)
    assert (despues.estado, despues.sirve, despues.reemplazada) == (EstadoPublico.REVERTIDO, False, False)
    assert de_prueba.expedir(una) == []
    assert cuantas() == 1


def test_lo_que_se_paga_de_nuevo_es_otra_estampilla_y_la_primera_lo_dice(app: Flask) -> None:
    una = fabricas.liquidacion((4000,))
    pago = de_prueba.pagar(una)
    (primera,) = de_prueba.expedir(una)
    de_prueba.devolver_el_banco(pago)
    de_prueba.pagar(una)
    sin_expedir = estampillas.situacion(primera, HOY)
    assert (sin_expedir.estado, sin_expedir.reemplazada, sin_expedir.sirve) == (EstadoPublico.LEGALIZADO, True, False)
    (segunda,) = de_prueba.expedir(una)
    assert (segunda.orden, segunda.codigo != primera.codigo) == (2, True)
    assert estampillas.situacion(primera, HOY).reemplazada
    assert estampillas.situacion(segunda, HOY).sirve
    assert estampillas.por_codigo(primera.codigo) == primera


def test_la_sonda_expide_lo_que_falta_en_cualquier_parte(app: Flask) -> None:
    for _ in range(3):
        de_prueba.pagar(fabricas.liquidacion())
    fabricas.liquidacion()
    assert expedir_recientes() == 6
    assert expedir_pendientes() == expedir_recientes() == 0


def test_lo_que_la_sonda_no_alcanzo_a_ver_lo_expide_la_orden(app: Flask) -> None:
    for _ in range(3):
        de_prueba.pagar(fabricas.liquidacion((4000,)))
    assert [len(estampillas.pendientes(ultimos=n)) for n in (0, 1, 2, 10)] == [0, 1, 2, 3]
    assert expedir_pendientes(1) == 1
    assert expedir_pendientes() == 2


def test_el_codigo_se_encuentra_como_se_escriba(app: Flask) -> None:
    estampilla = de_prueba.pagada()[0]
    escrito = escribir_codigo(estampilla.codigo).lower().replace("-", " ")
    assert estampillas.por_codigo(escrito) == estampilla
    assert estampillas.por_codigo("no es un código") is None


def test_el_sello_de_otro_departamento_no_vale(app: Flask) -> None:
    estampilla = de_prueba.pagada()[0]
    assert estampillas.por_sello(estampilla.sello, departamento="putumayo") == estampilla
    assert estampillas.por_sello(estampilla.sello, departamento="narino") is None


@pytest.mark.parametrize("tabla", ["estampilla_electronica", "clave_estampillas"])
@pytest.mark.parametrize("orden", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_lo_expedido_no_se_cambia_ni_se_borra(app: Flask, tabla: str, orden: str) -> None:
    de_prueba.pagada()
    with pytest.raises(DBAPIError), transaccion():
        db.session.execute(text(orden.format(tabla)))
    assert cuantas() == 2


def _expedir_a_la_vez(app: Flask) -> tuple[list[Exception], int]:
    una = fabricas.liquidacion((4000, 5000))
    de_prueba.pagar(una)
    ids = [f.id for f in una.facturas]
    firmante, emisor = de_prueba.firmante(), emisor_actual()
    db.session.rollback()

    def tarea() -> None:
        with transaccion():
            estampillas.expedir(ids, emisor=emisor, firmante=firmante, ahora=AHORA)

    return a_la_vez(app, [tarea] * 8), cuantas()


def test_ocho_que_expiden_a_la_vez_expiden_una(app: Flask) -> None:
    assert _expedir_a_la_vez(app) == ([], 2)


def test_control_sin_bloqueo_alguno_choca_con_la_base_de_datos(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite the transaction itself is the lock; on PostgreSQL the unique place decides, and the losers are told."""
    todos_miraron, publicar = threading.Barrier(8), claves.publicar

    def publicar_juntos(*datos: Any, **otros: Any) -> None:
        if db.engine.dialect.name == "postgresql":
            todos_miraron.wait(timeout=30)
        publicar(*datos, **otros)

    monkeypatch.setattr(estampillas, "bloquear_facturas", lambda _ids: None)
    monkeypatch.setattr(claves, "publicar", publicar_juntos)
    errores, expedidas = _expedir_a_la_vez(app)
    assert expedidas == 2
    assert bool(errores) == (db.engine.dialect.name == "postgresql")


def test_el_valor_impreso_es_el_del_libro(app: Flask) -> None:
    estampilla = de_prueba.pagada((12345,))[0]
    assert Decimal(estampilla.impresa["valor"]) == estampilla.recaudo.aplicado == 12345
    assert estampilla.impresa["pago"]["cus"] == "1234567"
