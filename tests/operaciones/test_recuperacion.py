"""Payments that the database lost and the gateway knows: only what its answer proves is written again."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.models import Bitacora, Caso, Liquidacion, Pago
from portal.operaciones import notificaciones
from portal.pasarelas.base import AvisoPasarela, EstadoPasarela, PasarelaNoDisponible
from tests import banco, fabricas
from tests.pasarela_guion import PasarelaGuion
from tests.respaldos import orden

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)


@pytest.fixture
def guion(app: Flask) -> PasarelaGuion:
    uno = PasarelaGuion()
    app.extensions["pasarela"] = uno
    return uno


def _perdido(guion: PasarelaGuion, una: Liquidacion, total: int) -> str:
    """The session of a payment that the gateway has and of which nothing is here, as after restoring a backup."""
    sesion = f"{700 + len(guion.sesiones)}"
    suyo = Pago(referencia=f"L{una.numero}-ABCDEFGHIJKLMNO{'ABCDEFG'[len(guion.sesiones)]}")
    suyo.id_pasarela, suyo.total = sesion, Decimal(total)
    guion.sesiones[sesion] = fabricas.respuesta(suyo, transaccion=f"t{sesion}")
    return sesion


def _una(*valores: int) -> Liquidacion:
    return fabricas.liquidacion(valores)


def test_el_importe_exacto_dice_que_facturas_eran(app: Flask, runner: FlaskCliRunner, guion: PasarelaGuion) -> None:
    una = _una(4000, 5000, 7000)
    sesion = _perdido(guion, una, 5000)
    assert "$5.000, aprobado" in orden(runner, "pagos", "recuperar", sesion)
    assert fabricas.estados_de(una) == ["liquidada", "legalizada", "liquidada"]
    assert db.session.scalar(select(func.count()).where(Bitacora.accion == "pago.recuperar")) == 1
    assert "ya lo tiene" in orden(runner, "pagos", "recuperar", sesion, sale=1)
    assert db.session.scalar(select(func.count(Pago.id))) == 1


def test_si_la_suma_no_decide_lo_dice_una_persona_y_solo_si_suma(
    app: Flask, runner: FlaskCliRunner, guion: PasarelaGuion
) -> None:
    una, quien = _una(4000, 4000), banco.tesorera().correo
    primera, segunda = (f.numero for f in una.facturas)
    sesion = _perdido(guion, una, 4000)
    assert "2 maneras" in orden(runner, "pagos", "recuperar", sesion, sale=1)
    assert "quién lo dice" in orden(runner, "pagos", "recuperar", sesion, "--factura", str(segunda), sale=1)
    dicho = ("--usuario", quien, "--factura", str(segunda))
    assert "no suman" in orden(runner, "pagos", "recuperar", sesion, *dicho, "--factura", str(primera), sale=1)
    assert "aprobado" in orden(runner, "pagos", "recuperar", sesion, *dicho)
    assert fabricas.estados_de(una) == ["liquidada", "legalizada"]


def test_lo_que_entretanto_se_pago_de_otro_modo_queda_como_dinero_por_devolver(
    app: Flask, runner: FlaskCliRunner, guion: PasarelaGuion
) -> None:
    una = _una(4000)
    sesion = _perdido(guion, una, 4000)
    otro = fabricas.pago(una)
    assert "aprobado" in orden(runner, "pagos", "recuperar", sesion), (
        "one that is alive does not stop the other's money"
    )
    assert fabricas.estados_de(una) == ["legalizada"]
    guion.sesiones[str(otro.id_pasarela)] = replace(
        fabricas.respuesta(otro, transaccion="otra"), id_pasarela=str(otro.id_pasarela)
    )
    with transaccion():
        db.session.execute(db.update(Pago).values(consultar_desde=fabricas.AHORA))
    orden(runner, "pagos", "sondear")
    clases = list(db.session.scalars(select(Caso.clase).order_by(Caso.numero)))
    assert sorted(clases) == ["pago_doble", "pago_tardio"]


def test_los_avisos_y_el_banco_nombran_lo_perdido(app: Flask, runner: FlaskCliRunner, guion: PasarelaGuion) -> None:
    una, otra, tercera = _una(4000), _una(5000), _una(6000)
    avisado, en_el_banco = _perdido(guion, una, 4000), _perdido(guion, otra, 5000)
    muda = _perdido(guion, tercera, 6000)
    with transaccion():
        notificaciones.guardar("placetopay", b"x", AvisoPasarela(avisado, "", "APPROVED", ""), fabricas.AHORA)
        notificaciones.guardar("placetopay", b"y", AvisoPasarela(muda, "", "APPROVED", ""), fabricas.AHORA)
    guion.sesiones[muda] = PasarelaNoDisponible()
    banco.importar(banco.archivo([banco.por_pse(en_el_banco, 5000, 1)]))
    dicho = orden(runner, "pagos", "recuperar", sale=1)
    assert dicho.count("aprobado") == 2
    assert "no respondió" in dicho
    orden(runner, "pagos", "sondear")
    assert banco.resultados() == ["pse_trasladado"]


def test_lo_que_no_es_nuestro_o_no_se_pago_no_se_escribe(
    app: Flask, runner: FlaskCliRunner, guion: PasarelaGuion
) -> None:
    una = _una(4000)
    sesion = _perdido(guion, una, 4000)
    buena = guion.sesiones[sesion]
    assert not isinstance(buena, Exception)
    for cambio, motivo in (
        ({"referencia": "PEDIDO-77"}, "no es de este portal"),
        ({"referencia": "L99999-AAAAAAAAAAAAAAAA"}, "se emitió después del respaldo"),
        ({"moneda": "USD"}, "No es en pesos"),
        ({"total": Decimal(4001)}, "0 maneras"),
        ({"estado": EstadoPasarela.VENCIDO, "transacciones": ()}, "no se pagó"),
    ):
        guion.sesiones[sesion] = replace(buena, **cambio)  # type: ignore[arg-type]
        assert motivo in orden(runner, "pagos", "recuperar", sesion, sale=1)
    assert "no lo conoce" in orden(runner, "pagos", "recuperar", "s999")
    assert db.session.scalar(select(func.count(Pago.id))) == 0
