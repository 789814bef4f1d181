"""Answers of PlacetoPay as its operator publishes them, read by the adapter."""

import json
from decimal import Decimal
from typing import Any

import pytest

from portal.pasarelas.base import EstadoPasarela, TransaccionDesconocida
from portal.pasarelas.json_estricto import leer_objeto
from portal.pasarelas.placetopay_avisos import leer_aviso
from tests.pasarelas.grabadas import grabada
from tests.pasarelas.pedidos import TransporteDictado, adaptador


def _dictado(nombre: str) -> TransporteDictado:
    dicha = grabada(nombre)
    return TransporteDictado(leer_objeto(json.dumps(dicha["cuerpo"]).encode(), maximo=100_000), dicha["http"])


def test_una_sesion_aprobada_en_el_segundo_intento() -> None:
    resultado = adaptador(_dictado("placetopay_sesion_pse")).consultar("10008")
    rechazada, aprobada = resultado.transacciones
    assert (resultado.estado, rechazada.estado) == (EstadoPasarela.APROBADO, EstadoPasarela.RECHAZADO)
    assert (aprobada.valor, aprobada.cus, aprobada.banco) == (Decimal(1000000), "2408909", "BANCO UNION COLOMBIANO")
    for personal in ("Pepito", "1999888777", "192.0.2.7", "****1111"):
        assert personal not in resultado.crudo


def test_cancelar_una_sesion() -> None:
    transporte = _dictado("placetopay_cancelada")
    adaptador(transporte).cancelar("28")
    assert transporte.preguntas[0][0].endswith("/api/session/28/cancel")
    assert set(transporte.pedido) == {"auth"}


@pytest.mark.parametrize("accion", ["consultar", "cancelar"])
def test_una_sesion_que_no_existe(accion: str) -> None:
    with pytest.raises(TransaccionDesconocida):
        getattr(adaptador(_dictado("placetopay_desconocida")), accion)("28")


def test_la_notificacion_publicada() -> None:
    grabado: dict[str, Any] = grabada("placetopay_aviso")
    aviso = leer_aviso(json.dumps(grabado["cuerpo"]).encode(), (grabado["secreto"],))
    assert (aviso.id_pasarela, aviso.referencia, aviso.estado) == ("1234", "TEST_123424", "APPROVED")
