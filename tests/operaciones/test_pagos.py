"""One attempt from its opening to the gateway's word: what it holds, what it frees, what it legalises."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.estados import EstadoPago
from portal.models import EventoPago, Pago, Recaudo
from portal.models.pago import ClaseRecaudo, TipoPersona
from portal.operaciones import pagos, resultados
from portal.operaciones.pagos import Pagador, PagoEnCurso
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela
from tests import fabricas
from tests.fabricas import AHORA, ESPERA

pytestmark = pytest.mark.usefixtures("app")


def aplicar(pago: Pago, resultado: ResultadoPasarela, causa: Causa = Causa.RETORNO) -> EstadoPago:
    with transaccion():
        return resultados.aplicar_resultado(pago.id, resultado, causa=causa, espera=ESPERA, ahora=AHORA)


def recaudos() -> list[Recaudo]:
    return list(db.session.scalars(select(Recaudo).order_by(Recaudo.id)))


def test_abrir_un_pago_deja_sus_facturas_en_verificacion() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una, enviado=False)
    assert pago.total == Decimal(9000)
    assert pago.estado is EstadoPago.CREADO
    assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]


def test_solo_se_reservan_las_facturas_elegidas() -> None:
    una = fabricas.liquidacion()
    fabricas.pago(una, facturas=(una.facturas[1].numero,))
    assert fabricas.estados_de(una) == ["liquidada", "en_verificacion"]


def test_la_aprobacion_legaliza_y_deja_un_recaudo() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    assert aplicar(pago, fabricas.respuesta(pago)) is EstadoPago.APROBADO
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    (recaudo,) = recaudos()
    assert (recaudo.valor, recaudo.aplicado, recaudo.clase) == (Decimal(9000), Decimal(9000), ClaseRecaudo.APLICADO)
    assert db.session.get_one(Pago, pago.id).consultar_desde is None


def test_la_misma_aprobacion_repetida_no_cambia_nada() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    for causa in (*Causa, *Causa):
        assert aplicar(pago, fabricas.respuesta(pago), causa) is EstadoPago.APROBADO
    assert len(recaudos()) == 1
    eventos = db.session.scalars(select(EventoPago.hasta).where(EventoPago.pago_id == pago.id)).all()
    assert eventos.count("aprobado") == 1


def test_no_retrocede_cuando_la_pasarela_miente_despues() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    aplicar(pago, fabricas.respuesta(pago))
    for estado in (EstadoPasarela.PENDIENTE, EstadoPasarela.RECHAZADO, EstadoPasarela.VENCIDO):
        assert aplicar(pago, fabricas.respuesta(pago, estado)) is EstadoPago.APROBADO
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]


@pytest.mark.parametrize("final", [EstadoPasarela.RECHAZADO, EstadoPasarela.FALLIDO, EstadoPasarela.VENCIDO])
def test_lo_que_no_se_pago_queda_libre_para_otro_intento(final: EstadoPasarela) -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    aplicar(pago, fabricas.respuesta(pago, final))
    assert fabricas.estado_de(pago).value == final.value
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]
    assert fabricas.pago(una).estado is EstadoPago.ENVIADO


def test_una_sesion_abierta_sin_transacciones_no_cambia_el_intento() -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    sin_nada = fabricas.respuesta(pago, EstadoPasarela.PENDIENTE, transaccion=None)
    assert aplicar(pago, sin_nada) is EstadoPago.ENVIADO


def test_pendiente_sigue_reservado_y_se_volvera_a_preguntar() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    assert aplicar(pago, fabricas.respuesta(pago, EstadoPasarela.PENDIENTE)) is EstadoPago.PENDIENTE
    assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]
    assert db.session.get_one(Pago, pago.id).consultar_desde == AHORA + ESPERA


def test_el_dinero_tardio_gana_al_vencimiento() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    aplicar(pago, fabricas.respuesta(pago, EstadoPasarela.VENCIDO))
    assert aplicar(pago, fabricas.respuesta(pago), Causa.NOTIFICACION) is EstadoPago.APROBADO
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]


def test_el_segundo_pago_del_mismo_acto_es_un_doble_a_la_vista() -> None:
    una = fabricas.liquidacion()
    primero = fabricas.pago(una)
    aplicar(primero, fabricas.respuesta(primero, EstadoPasarela.VENCIDO))
    segundo = fabricas.pago(una)
    aplicar(segundo, fabricas.respuesta(segundo, transaccion="t2"))
    aplicar(primero, fabricas.respuesta(primero, transaccion="t1"))
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    assert [(r.clase, r.aplicado) for r in recaudos()] == [(ClaseRecaudo.APLICADO, 9000), (ClaseRecaudo.DOBLE, 0)]
    assert db.session.get_one(Pago, primero.id).excedente == Decimal(9000)


def test_el_pago_tardio_cubre_lo_que_aun_se_debe_y_el_resto_queda_a_la_vista() -> None:
    una = fabricas.liquidacion()
    primero = fabricas.pago(una)
    aplicar(primero, fabricas.respuesta(primero, EstadoPasarela.VENCIDO))
    segundo = fabricas.pago(una, facturas=(una.facturas[0].numero,))
    aplicar(segundo, fabricas.respuesta(segundo, transaccion="t2"))
    aplicar(primero, fabricas.respuesta(primero, transaccion="t1"))
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    assert [(r.clase, r.aplicado) for r in recaudos()] == [(ClaseRecaudo.APLICADO, 4000), (ClaseRecaudo.PARCIAL, 5000)]


def test_gana_el_dinero_aunque_otro_intento_este_vivo() -> None:
    una = fabricas.liquidacion()
    primero = fabricas.pago(una)
    aplicar(primero, fabricas.respuesta(primero, EstadoPasarela.VENCIDO))
    segundo = fabricas.pago(una)
    aplicar(primero, fabricas.respuesta(primero, transaccion="t1"))
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    aplicar(segundo, fabricas.respuesta(segundo, EstadoPasarela.RECHAZADO, transaccion="t2"))
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]


@pytest.mark.parametrize(("valor", "moneda"), [(Decimal(8999), "COP"), (Decimal(9001), "COP"), (Decimal(9000), "USD")])
def test_un_valor_o_moneda_distintos_no_legalizan_y_quedan_a_la_vista(valor: Decimal, moneda: str) -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    estado = aplicar(pago, fabricas.respuesta(pago, valor=valor, moneda=moneda))
    assert estado is EstadoPago.PENDIENTE
    assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]
    assert [r.clase for r in recaudos()] == [ClaseRecaudo.VALOR_DISTINTO]


def test_una_respuesta_de_otra_referencia_no_se_cree() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    aplicar(pago, fabricas.respuesta(pago, referencia="L9-OTRA"))
    assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]
    assert recaudos() == []
    assert "referencia_distinta" in db.session.scalars(select(EventoPago.hasta)).all()


def test_un_segundo_intento_sobre_lo_mismo_lleva_al_primero() -> None:
    una = fabricas.liquidacion()
    primero = fabricas.pago(una)
    with pytest.raises(PagoEnCurso) as error:
        fabricas.pago(una, facturas=(una.facturas[0].numero,))
    assert error.value.codigo == primero.codigo


def test_lo_pagado_no_se_paga_otra_vez() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    aplicar(pago, fabricas.respuesta(pago))
    with pytest.raises(TransicionNoPermitida, match="Legalizado"):
        fabricas.pago(una)


def test_el_mismo_formulario_dos_veces_es_un_solo_intento() -> None:
    una = fabricas.liquidacion()
    primero = fabricas.pago(una, clave="la misma clave", enviado=False)
    assert fabricas.pago(una, clave="la misma clave", enviado=False).id == primero.id


def test_no_se_paga_una_factura_de_otra_liquidacion() -> None:
    una, otra = fabricas.liquidacion(), fabricas.liquidacion()
    with pytest.raises(DatoInvalido):
        fabricas.pago(una, facturas=(otra.facturas[0].numero,))


def test_una_persona_juridica_paga_con_nit_y_una_natural_no() -> None:
    with pytest.raises(DatoInvalido):
        Pagador(TipoPersona.NATURAL, "NIT", "901805364", "x", "x@y.co", "3001234567")
    with pytest.raises(DatoInvalido):
        Pagador(TipoPersona.JURIDICA, "CC", "1212312323", "x", "x@y.co", "3001234567")


def test_lo_que_no_llego_a_la_pasarela_se_cierra_y_libera() -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una, enviado=False)
    with transaccion():
        assert pagos.registrar_no_iniciado(pago.id, mensaje="no", causa="sonda", ahora=AHORA)
    assert fabricas.estado_de(pago) is EstadoPago.FALLIDO
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]
    with transaccion():
        assert not pagos.registrar_envio(pago.id, id_pasarela="tarde", url="http://banco.test", ahora=AHORA)


def test_la_sonda_pregunta_solo_cuando_le_toca_y_aparta_su_turno(app: Flask) -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    assert resultados.por_consultar(AHORA + ESPERA * 0.9) == []
    tarde = AHORA + ESPERA
    assert resultados.por_consultar(tarde) == [pago.id]
    with transaccion():
        assert resultados.apartar(pago.id, espera=ESPERA, ahora=tarde)
    with transaccion():
        assert not resultados.apartar(pago.id, espera=ESPERA, ahora=tarde)
