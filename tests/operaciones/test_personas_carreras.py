"""Two that bring one code, one recovery code or one link at once: one enters. Each race has a control that must fail."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.models import ClaseEnlace, CodigoRecuperacion, EnlaceCuenta, Usuario
from portal.models.usuario import Rol
from portal.operaciones import enlaces, personas, segundo_factor
from portal.operaciones.contrasenas import HASH_DE_NADIE
from portal.operaciones.firmas import Firma
from tests.conftest import AHORA, crear_cuenta
from tests.operaciones.test_carreras import a_la_vez
from tests.personas import codigo, cofre, enlace_enviado, enrolar

CUANTOS = 6


def gastadores(app: Flask, usuario_id: int, texto: str) -> tuple[list[bool], list[Exception]]:
    hechos: list[bool] = []

    def gastar() -> None:
        with transaccion():
            yo = db.session.get_one(Usuario, usuario_id)
            usado = segundo_factor.gastar(yo, texto, cofre=cofre(), ahora=AHORA)
        hechos.append(usado)

    return hechos, a_la_vez(app, [gastar] * CUANTOS)


def test_de_seis_que_traen_un_codigo_o_uno_de_recuperacion_entra_uno(app: Flask) -> None:
    usuario_id = crear_cuenta("tesoreria").id
    recuperacion, *_ = enrolar(db.session.get_one(Usuario, usuario_id), AHORA)
    for texto in (codigo(AHORA), recuperacion):
        hechos, errores = gastadores(app, usuario_id, texto)
        assert errores == []
        assert sorted(hechos) == [False] * (CUANTOS - 1) + [True]


def test_de_seis_que_usan_un_enlace_elige_la_contrasena_uno(app: Flask) -> None:
    usuario = crear_cuenta("tesoreria")
    with transaccion():
        enlaces.enviar_enlace(
            db.session.get_one(Usuario, usuario.id), ClaseEnlace.RESTABLECER, cofre=cofre(), ahora=AHORA
        )
    ficha = enlace_enviado().rpartition("/")[2]

    def usar() -> None:
        with transaccion():
            enlaces.usar_enlace(ficha, HASH_DE_NADIE, ahora=AHORA)

    errores = a_la_vez(app, [usar] * CUANTOS)
    assert [type(e) for e in errores] == [enlaces.EnlaceInservible] * (CUANTOS - 1)


def test_de_dos_enlaces_pedidos_a_la_vez_queda_vivo_uno(app: Flask) -> None:
    usuario_id, correo = (una := crear_cuenta("tesoreria")).id, una.correo

    def pedir() -> None:
        with transaccion():
            enlaces.pedir_otra(correo, cofre=cofre(), ahora=AHORA)

    assert a_la_vez(app, [pedir] * 3) == []
    vivos = select(func.count()).where(EnlaceCuenta.usuario_id == usuario_id, EnlaceCuenta.terminado_en.is_(None))
    assert db.session.scalar(vivos) == 1
    assert db.session.scalar(select(func.count()).select_from(EnlaceCuenta)) == 3


def test_dos_administradores_que_se_desactivan_a_la_vez_no_dejan_el_portal_sin_ninguno(app: Flask) -> None:
    uno, otro = crear_cuenta("administrador").id, crear_cuenta("rentas").id
    with transaccion():
        db.session.get_one(Usuario, otro).rol = Rol.ADMINISTRADOR

    def desactiva(quien: int, a: int) -> Callable[[], None]:
        def tarea() -> None:
            with transaccion():
                firma = Firma(db.session.get_one(Usuario, quien), AHORA)
                personas.desactivar(db.session.get_one(Usuario, a), firma=firma)

        return tarea

    errores = a_la_vez(app, [desactiva(uno, otro), desactiva(otro, uno)])
    assert [type(e) for e in errores] == [TransicionNoPermitida]
    assert db.session.scalar(select(func.count()).where(Usuario.activo)) == 1


@pytest.mark.parametrize("que", ["paso", "recuperacion", "enlace"])
def test_control_quien_mira_antes_de_escribir_entra_mas_de_una_vez(app: Flask, que: str) -> None:
    """The usual mistake: look in one transaction, write in another."""
    usuario_id = crear_cuenta("tesoreria").id
    enrolar(db.session.get_one(Usuario, usuario_id), AHORA)
    with transaccion():
        enlaces.enviar_enlace(
            db.session.get_one(Usuario, usuario_id), ClaseEnlace.RESTABLECER, cofre=cofre(), ahora=AHORA
        )
    libre, gastar = {
        "paso": (
            select(Usuario.totp_paso < int(AHORA.timestamp()) // 30).where(Usuario.id == usuario_id),
            f"UPDATE usuario SET totp_paso = {int(AHORA.timestamp()) // 30}",
        ),
        "recuperacion": (
            select(CodigoRecuperacion.usado_en.is_(None)).order_by(CodigoRecuperacion.id).limit(1),
            "UPDATE codigo_recuperacion SET usado_en = CURRENT_TIMESTAMP",
        ),
        "enlace": (
            select(EnlaceCuenta.terminado_en.is_(None)),
            "UPDATE enlace_cuenta SET terminado_en = CURRENT_TIMESTAMP",
        ),
    }[que]
    todos_miraron, entraron = threading.Barrier(CUANTOS), []

    def ingenua() -> None:
        visto = db.session.scalar(libre)
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if visto:
            with transaccion():
                db.session.execute(text(gastar))
            entraron.append(que)

    assert a_la_vez(app, [ingenua] * CUANTOS) == []
    assert len(entraron) == CUANTOS, "the control must show it, else the race test proves nothing"
