"""Corners of the money that made-up histories found: reversals in the first news, beside a live attempt, of another amount."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.estados import EstadoPago
from portal.models import Caso, Pago, Recaudo, Reversion
from portal.models.pago import CanalRecaudo, CausaReversion
from portal.operaciones import casos, reversiones
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar
from portal.operaciones.resultados import SIN_RESPUESTA, Causa, aplicar_resultado, avisar_sin_resolver
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela
from tests.fabricas import AHORA, ESPERA, estado_de, estados_de, liquidacion, pago, respuesta
from tests.ordenes import aprobar, reversion, tesorero

pytestmark = pytest.mark.usefixtures("app")


def decir(uno: Pago, resultado: ResultadoPasarela) -> None:
    with transaccion():
        aplicar_resultado(uno.id, resultado, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)


def revertida(uno: Pago, valor: Decimal | None = None) -> ResultadoPasarela:
    dicha = respuesta(uno, valor=valor)
    return replace(dicha, transacciones=(replace(dicha.transacciones[0], estado=EstadoPasarela.REVERTIDO),))


def revertir_lo_de_ventanilla() -> None:
    with transaccion():
        cual = db.session.scalars(select(Recaudo.id).where(Recaudo.canal == CanalRecaudo.VENTANILLA)).one()
        reversiones.revertir(cual, causa=CausaReversion.BANCO, motivo="Cheque devuelto", ahora=AHORA)


def pagar_en_ventanilla(una: object, valor: int) -> None:
    credito = Credito(CanalRecaudo.VENTANILLA, "banco", "linea", "banco:0849", Decimal(valor))
    with transaccion():
        recaudar(credito, [cubierta_de(una.facturas[0])], ahora=AHORA)  # type: ignore[attr-defined]


def test_lo_que_se_sabe_primero_ya_devuelto_se_puede_pagar_otra_vez(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    decir(uno, revertida(uno))
    assert estados_de(una) == ["revertida", "revertida"]
    assert estado_de(uno) is EstadoPago.APROBADO
    otro = pago(una)
    decir(otro, respuesta(otro, transaccion="t2"))
    assert estados_de(una) == ["legalizada", "legalizada"]


def test_lo_que_otro_intento_tiene_en_el_banco_vuelve_a_estar_en_verificacion(app: Flask) -> None:
    una = liquidacion((4000,))
    uno = pago(una)
    pagar_en_ventanilla(una, 4000)
    revertir_lo_de_ventanilla()
    assert estados_de(una) == ["en_verificacion"]
    decir(uno, respuesta(uno, EstadoPasarela.VENCIDO, transaccion=None))
    assert estados_de(una) == ["revertida"]


@pytest.mark.parametrize("quien", ["pasarela", "banco", "tesoreria"])
def test_un_valor_distinto_que_se_devolvio_entero_no_retiene_las_estampillas(app: Flask, quien: str) -> None:
    una = liquidacion()
    uno = pago(una)
    otra_cosa = respuesta(uno, valor=Decimal(8999))
    decir(uno, otra_cosa)
    assert estado_de(uno) is EstadoPago.PENDIENTE
    if quien == "pasarela":
        decir(uno, revertida(uno, Decimal(8999)))
    else:
        recaudo = db.session.scalars(select(Recaudo)).one()
        if quien == "tesoreria":
            aprobar(reversion(recaudo, tesorero()), tesorero())
        else:
            with transaccion():
                reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Reclamo del titular", ahora=AHORA)
        assert db.session.scalars(select(Reversion.causa)).all() == [quien]
        decir(uno, otra_cosa)
    assert estado_de(uno) is EstadoPago.FALLIDO
    assert estados_de(una) == ["liquidada", "liquidada"]


def test_con_un_debito_en_el_banco_un_valor_devuelto_no_termina_el_intento(app: Flask) -> None:
    uno = pago(liquidacion())
    dicha = revertida(uno, Decimal(8999))
    otra = replace(dicha.transacciones[0], id="t2", estado=EstadoPasarela.PENDIENTE, valor=uno.total)
    decir(uno, replace(dicha, transacciones=(*dicha.transacciones, otra)))
    assert estado_de(uno) is EstadoPago.PENDIENTE


def test_un_credito_dice_de_que_factura_es_su_caso_solo_si_es_de_una(app: Flask) -> None:
    una = liquidacion((4000,))
    pagar_en_ventanilla(una, 3999)
    caso = db.session.scalars(select(Caso)).one()
    assert (caso.clase, caso.factura_id) == (ClaseCaso.VALOR_DISTINTO, una.facturas[0].id)


def test_un_dia_justo_todavia_no_es_sin_respuesta(app: Flask) -> None:
    pago(liquidacion())
    with transaccion():
        avisar_sin_resolver(AHORA + SIN_RESPUESTA)
    assert db.session.scalars(select(Caso)).all() == []


def test_un_debito_nuevo_en_el_banco_borra_el_aviso_de_rechazo(app: Flask) -> None:
    uno = pago(liquidacion())
    rechazado = respuesta(uno, EstadoPasarela.RECHAZADO).transacciones[0]
    abierta = replace(respuesta(uno, EstadoPasarela.PENDIENTE), transacciones=(rechazado,))
    decir(uno, abierta)
    assert db.session.get_one(Pago, uno.id).rechazado_en_sesion
    otro = replace(rechazado, id="t2", estado=EstadoPasarela.PENDIENTE)
    decir(uno, replace(abierta, transacciones=(rechazado, otro)))
    db.session.expire_all()
    assert not db.session.get_one(Pago, uno.id).rechazado_en_sesion


def test_solo_se_cierran_los_casos_del_credito_que_se_dice(app: Flask) -> None:
    for n in (1, 2):
        credito = Credito(CanalRecaudo.VENTANILLA, "banco", f"linea{n}", "banco:0849", Decimal(7000))
        with transaccion():
            recaudar(credito, [], ahora=AHORA)
    uno, otro = db.session.scalars(select(Recaudo.id).order_by(Recaudo.id)).all()
    with transaccion():
        reversiones.revertir(uno, causa=CausaReversion.BANCO, motivo="Cheque devuelto", ahora=AHORA)
        casos.cerrar_de((ClaseCaso.REFERENCIA_DESCONOCIDA,), SalidaCaso.DEVUELTO, ahora=AHORA, recaudo_id=uno)
    abiertos = select(Caso.recaudo_id).where(Caso.clase == ClaseCaso.REFERENCIA_DESCONOCIDA, Caso.cerrado_en.is_(None))
    assert db.session.scalars(abiertos).all() == [otro]
