"""What a payer is told by e-mail: each outcome once, whatever is repeated, and never at the cost of the money."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.correo import PLANTILLAS, leer_datos
from portal.dominio.estados import EstadoPago
from portal.models import Correo, EstadoCorreo, Pago, Recaudo
from portal.operaciones import pagos, resultados
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import EstadoPasarela
from tests import fabricas
from tests.fabricas import AHORA, ESPERA
from tests.operaciones.test_carreras import a_la_vez

_P = EstadoPasarela


def decir(pago: Pago, *estados: EstadoPasarela, veces: int = 1, **otros: Any) -> None:
    for estado in estados:
        for causa in [*Causa] * veces:
            with transaccion():
                respuesta = fabricas.respuesta(pago, estado, **otros)
                resultados.aplicar_resultado(pago.id, respuesta, causa=causa, espera=ESPERA, ahora=AHORA)


def avisos() -> list[tuple[str, str]]:
    """Template and the end of its key, in the order in which they were written."""
    db.session.expire_all()
    filas = db.session.execute(select(Correo.plantilla, Correo.clave).order_by(Correo.id)).all()
    return [(plantilla, clave.rpartition(":")[2]) for plantilla, clave in filas]


@pytest.mark.parametrize(
    ("camino", "esperados"),
    [
        ((_P.PENDIENTE,), []),
        ((_P.APROBADO,), [("pago_aprobado", "aprobado")]),
        ((_P.PENDIENTE, _P.APROBADO), [("pago_aprobado", "aprobado")]),
        ((_P.PENDIENTE, _P.RECHAZADO), [("pago_sin_debito", "rechazado")]),
        ((_P.PENDIENTE, _P.FALLIDO), [("pago_sin_debito", "fallido")]),
        ((_P.PENDIENTE, _P.VENCIDO), [("pago_sin_debito", "vencido")]),
        # Nobody was told that it was pending: the page already said how it ended.
        ((_P.RECHAZADO,), []),
        ((_P.VENCIDO,), []),
        # A late yes counts, and is told.
        ((_P.PENDIENTE, _P.VENCIDO, _P.APROBADO), [("pago_sin_debito", "vencido"), ("pago_aprobado", "aprobado")]),
        ((_P.APROBADO, _P.PENDIENTE, _P.RECHAZADO), [("pago_aprobado", "aprobado")]),
    ],
)
def test_cada_desenlace_se_avisa_una_vez_aunque_se_repita(
    app: Flask, camino: tuple[EstadoPasarela, ...], esperados: list[tuple[str, str]]
) -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    decir(pago, *camino, veces=2)
    assert avisos() == esperados


def test_un_debito_negado_en_la_sesion_abierta_se_avisa_cuando_la_sesion_termina(app: Flask) -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    decir(pago, _P.PENDIENTE)
    decir(pago, _P.PENDIENTE, transaccion=None)
    assert fabricas.estado_de(pago) is EstadoPago.ENVIADO
    assert avisos() == []
    decir(pago, _P.VENCIDO, transaccion=None)
    assert avisos() == [("pago_sin_debito", "vencido")]


def test_un_pago_que_la_pasarela_no_recibio_se_avisa(app: Flask) -> None:
    pago = fabricas.pago(fabricas.liquidacion(), enviado=False)
    for _ in range(2):
        with transaccion():
            pagos.registrar_no_iniciado(pago.id, mensaje="No se pudo.", causa="envio", ahora=AHORA)
    assert avisos() == [("pago_no_iniciado", "fallido")]


def test_un_pendiente_que_la_pasarela_olvida_se_avisa(app: Flask) -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    decir(pago, _P.PENDIENTE)
    for _ in range(2):
        with transaccion():
            resultados.aplicar_desconocido(pago.id, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA + timedelta(hours=3))
    assert avisos() == [("pago_sin_debito", "fallido")]


def test_el_aviso_va_a_quien_paga_y_no_guarda_documentos_ni_nombres(app: Flask) -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    with transaccion():
        db.session.get_one(Pago, pago.id).nombre = "Ana María Pagadora"
    decir(pago, _P.APROBADO)
    (correo,) = db.session.scalars(select(Correo)).all()
    assert (correo.destinatario, correo.estado) == (pago.correo, EstadoCorreo.PENDIENTE)
    guardado = f"{correo.clave} {correo.asunto} {correo.datos}"
    for secreto in (pago.documento, pago.nombre, pago.codigo, pago.telefono, pago.ip):
        assert secreto not in guardado
    datos = leer_datos(PLANTILLAS[correo.plantilla], correo.datos)
    assert (datos["total"], datos["excedente"], datos["cus"]) == (Decimal(9000), 0, "1234567")


def test_un_doble_pago_dice_cuanto_no_legalizo_nada(app: Flask) -> None:
    una = fabricas.liquidacion()
    primero = fabricas.pago(una)
    decir(primero, _P.VENCIDO)
    segundo = fabricas.pago(una)
    decir(segundo, _P.APROBADO, transaccion="t2")
    decir(primero, _P.APROBADO, transaccion="t1")
    correo = db.session.scalars(select(Correo).where(Correo.clave.contains(primero.referencia))).one()
    assert Decimal(correo.datos["excedente"]) == Decimal(9000)


@pytest.mark.parametrize("direccion", ["sin arroba", "a@b.co\r\nBcc: otra@correo.test", "ñ" * 254])
def test_una_direccion_imposible_no_detiene_el_dinero(app: Flask, direccion: str) -> None:
    una = fabricas.liquidacion()
    pago = fabricas.pago(una)
    with transaccion():
        db.session.get_one(Pago, pago.id).correo = direccion
    decir(pago, _P.APROBADO, veces=2)
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    (correo,) = db.session.scalars(select(Correo)).all()
    assert (correo.estado, correo.ultimo_error) == (
        EstadoCorreo.ABANDONADO,
        "La dirección de correo no es válida.",
    )


def test_diez_puertas_a_la_vez_avisan_una_vez(app: Flask) -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    pago_id, respuesta = pago.id, fabricas.respuesta(pago)

    def tarea() -> None:
        with transaccion():
            resultados.aplicar_resultado(pago_id, respuesta, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)

    assert a_la_vez(app, [tarea] * 10) == []
    assert avisos() == [("pago_aprobado", "aprobado")]
    assert len(db.session.scalars(select(Recaudo)).all()) == 1


def test_si_el_resultado_no_se_escribe_tampoco_se_avisa(app: Flask) -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    respuesta = fabricas.respuesta(pago)

    def a_medias() -> None:
        with transaccion():
            resultados.aplicar_resultado(pago.id, respuesta, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        a_medias()
    assert avisos() == []
