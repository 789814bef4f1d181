"""The page of a payment says in one sentence whether money left the account and what happens next, in every state."""

import re
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.pago import palabras as modulo
from portal.blueprints.pago.palabras import Palabras, palabras
from portal.db import transaccion
from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.operaciones import pagos, resultados
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import EstadoPasarela
from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion
from tests.web.test_pago import numeros, pagar, responder

TODAS = [*modulo._PALABRAS.values(), *(v for v in vars(modulo).values() if isinstance(v, Palabras))]


@pytest.fixture
def pasarela(app: Flask) -> PasarelaGuion:
    app.extensions["pasarela"] = guion = PasarelaGuion()
    return guion


def test_todo_estado_tiene_sus_palabras() -> None:
    assert set(modulo._PALABRAS) == set(EstadoPago)


@pytest.mark.parametrize("suyas", TODAS, ids=lambda p: p.titulo)
def test_cada_una_es_una_sola_frase_que_habla_del_dinero(suyas: Palabras) -> None:
    assert re.fullmatch(r"[A-ZÁÉÍÓÚÑ][^.!?]*\.", suyas.frase)
    assert re.search("débito|dinero|cobró", suyas.frase)


@pytest.mark.parametrize(
    ("estado", "tarde", "dice"),
    [
        (EstadoPago.CREADO, False, "Todavía no se ha hecho ningún débito"),
        (EstadoPago.ENVIADO, False, "continúe en el banco"),
        (EstadoPago.PENDIENTE, False, "no pague de nuevo"),
        (EstadoPago.APROBADO, False, "El dinero salió de su cuenta y el pago quedó registrado"),
        (EstadoPago.APROBADO, True, "después de darlo por no hecho"),
        (EstadoPago.VENCIDO, False, "la solicitud venció"),
    ],
)
@pytest.mark.usefixtures("app")
def test_cada_estado_dice_lo_suyo(estado: EstadoPago, tarde: bool, dice: str) -> None:
    assert dice in palabras(Pago(estado=estado, recaudos=[], rechazado_en_sesion=False), tarde=tarde).frase


def test_una_aprobacion_tardia_lo_dice_y_cuenta(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    una = fabricas.liquidacion()
    pagar(client, numeros(una))
    pago = responder(pasarela, EstadoPasarela.VENCIDO, transaccion=None)
    assert "la solicitud venció" in client.get(f"/pago/{pago.codigo}").text
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]
    aprobar(fabricas.respuesta(pago), pago)
    texto = client.get(f"/pago/{pago.codigo}").text
    assert "el banco confirmó el pago después de darlo por no hecho" in texto
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    assert not pagos.llego_tarde(fabricas.pago(fabricas.liquidacion()))


def aprobar(respuesta: Any, pago: Pago) -> None:
    with transaccion():
        resultados.aplicar_resultado(
            pago.id, respuesta, causa=Causa.NOTIFICACION, espera=fabricas.ESPERA, ahora=fabricas.AHORA
        )


def test_una_pagina_que_no_existe_dice_por_donde_seguir(client: ClienteEstricto) -> None:
    for direccion in ("/liquidacion/no-existe", "/pago/no-existe", "/nada"):
        respuesta = client.get(direccion)
        assert respuesta.status_code == 404
        for enlace in ('href="/consulta"', 'href="/pago"'):
            assert enlace in respuesta.text
        assert "pídalo de nuevo" in respuesta.text
