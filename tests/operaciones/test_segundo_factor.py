"""F-35, B-41: each code serves once, within one step of the clock; secrets are sealed, and their key can change."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import db, transaccion
from portal.models import ClaseEnlace, CodigoRecuperacion, Usuario
from portal.operaciones import enlaces, ingresos, segundo_factor, usuarios
from portal.operaciones.cofre import SelloRoto, cofre_de
from portal.operaciones.usuarios import IngresoDemorado
from tests.conftest import AHORA, crear_cuenta
from tests.personas import SECRETO, codigo, cofre, enrolar


def gastar(usuario: Usuario, texto: str, segundos: int = 0) -> bool:
    with transaccion():
        yo = db.session.get_one(Usuario, usuario.id)
        return segundo_factor.gastar(yo, texto, cofre=cofre(), ahora=AHORA + timedelta(seconds=segundos))


def test_un_codigo_sirve_una_vez_y_el_reloj_puede_diferir_un_paso(app: Flask) -> None:
    usuario = crear_cuenta("tesoreria")
    enrolar(usuario, AHORA)
    assert gastar(usuario, codigo(AHORA, -1))
    assert not gastar(usuario, codigo(AHORA, -1)), "used"
    espaciado = f"{codigo(AHORA)[:3]} {codigo(AHORA)[3:]}"
    assert gastar(usuario, espaciado, 29), "applications show it in two halves"
    assert not gastar(usuario, codigo(AHORA), 30), "used, although its step is still admitted"
    assert gastar(usuario, codigo(AHORA, 1), 0), "a telephone half a minute ahead"
    assert not gastar(usuario, codigo(AHORA, 5), 60), "a clock that differs by 90 seconds"
    assert not gastar(usuario, codigo(AHORA, 2), 120), "one that is old"
    for malo in ("", "000000", "abc", "1" * 64, "１２３４５６"):
        assert not gastar(usuario, malo, 60)


def test_un_codigo_de_recuperacion_sirve_una_vez_y_los_nuevos_reemplazan_a_los_anteriores(app: Flask) -> None:
    usuario, otra = crear_cuenta("tesoreria"), crear_cuenta("rentas")
    primero, segundo, *resto = enrolar(usuario, AHORA)
    assert len({primero, segundo, *resto}) == 10
    assert not gastar(otra, primero), "of another account"
    assert gastar(usuario, primero.lower().replace("-", " "))
    assert not gastar(usuario, primero)
    assert segundo_factor.codigos_sin_usar(usuario.id) == 9
    enrolar(usuario, AHORA)
    assert not gastar(usuario, segundo)
    guardadas = db.session.scalars(select(CodigoRecuperacion.huella)).all()
    assert not any(segundo[:6] in huella for huella in guardadas)


def test_seis_intentos_seguidos_esperan_y_la_cuenta_no_queda_cerrada(app: Flask) -> None:
    usuario = crear_cuenta("tesoreria")
    for _ in range(5):
        with transaccion():
            segundo_factor.admitir_codigo(usuario.id, AHORA)
    with pytest.raises(IngresoDemorado), transaccion():
        segundo_factor.admitir_codigo(usuario.id, AHORA)
    with transaccion():
        segundo_factor.admitir_codigo(usuario.id, AHORA + timedelta(minutes=16))


def test_el_secreto_esta_sellado_y_su_clave_puede_cambiar(app: Flask) -> None:
    usuario = crear_cuenta("tesoreria")
    enrolar(usuario, AHORA)
    sello = db.session.scalar(text("SELECT totp_secreto FROM usuario WHERE totp_desde IS NOT NULL"))
    assert SECRETO not in sello
    vieja, nueva = "v" * 40, "n" * 40
    de_antes = cofre_de([vieja]).sellar(SECRETO, para="x")
    assert cofre_de([nueva, vieja]).abrir(de_antes, para="x") == SECRETO
    with pytest.raises(SelloRoto):
        cofre_de([nueva]).abrir(de_antes, para="x")
    with pytest.raises(SelloRoto):
        cofre_de([vieja]).abrir(de_antes, para="y")
    with pytest.raises(SelloRoto):
        cofre_de([vieja]).abrir(de_antes[:-4] + "AAAA", para="x")
    assert vieja not in repr(cofre_de([vieja]))


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_lo_que_vencio_hace_un_mes_se_olvida_y_lo_demas_no(app: Flask) -> None:
    usuario = crear_cuenta("rentas")
    with transaccion():
        viva = usuarios.abrir_sesion(usuario.id, recordar=True, ahora=AHORA)
        ingresos.esperar_codigo(usuario.id, recordar=False, ahora=AHORA)
        enlaces.enviar_enlace(usuario, ClaseEnlace.RESTABLECER, cofre=cofre(), ahora=AHORA)
    for dias, olvidadas in ((30, 2), (31, 1), (32, 0)):
        with transaccion():
            assert ingresos.olvidar_ingresos(AHORA + timedelta(days=dias, hours=1)) == olvidadas
    assert usuarios.sesion_viva(viva, AHORA) is None
