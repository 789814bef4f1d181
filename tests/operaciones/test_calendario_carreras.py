"""Administrators at once: one day and one outage in force, each ended once. With controls."""

import threading
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import Contingencia, DiaNoHabil, Usuario
from tests.calendario import AHORA, acciones, cuenta, declarar_dia, declarar_falla, revocar_dia, terminar_falla
from tests.operaciones.test_carreras import a_la_vez

CUANTOS = 6


def quien(cuenta_id: int) -> Usuario:
    return db.session.get_one(Usuario, cuenta_id)


def cuantas(tabla: type[DiaNoHabil] | type[Contingencia]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(tabla)) or 0


def test_de_seis_que_declaran_el_mismo_dia_gana_uno(app: Flask) -> None:
    admin = cuenta().id
    errores = a_la_vez(app, [lambda: declarar_dia(quien(admin)) and None for _ in range(CUANTOS)])
    assert [type(e) for e in errores] == [DatoInvalido] * (CUANTOS - 1)
    assert cuantas(DiaNoHabil) == 1
    assert len(acciones()) == 1


def test_de_seis_que_declaran_una_falla_queda_abierta_una(app: Flask) -> None:
    admin = cuenta().id

    def tarea(n: int) -> None:
        declarar_falla(quien(admin), AHORA - timedelta(minutes=n))

    errores = a_la_vez(app, [lambda n=n: tarea(n) for n in range(CUANTOS)])  # type: ignore[misc]
    assert [type(e) for e in errores] == [DatoInvalido] * (CUANTOS - 1)
    assert cuantas(Contingencia) == 1


def test_de_seis_que_terminan_o_revocan_lo_mismo_lo_hace_uno(app: Flask) -> None:
    admin = cuenta()
    admin_id, dia_id, falla_id = admin.id, declarar_dia(admin).id, declarar_falla(admin).id

    def terminar() -> None:
        terminar_falla(db.session.get_one(Contingencia, falla_id), quien(admin_id), ahora=AHORA + timedelta(hours=1))

    def revocar() -> None:
        revocar_dia(db.session.get_one(DiaNoHabil, dia_id), quien(admin_id))

    for tarea in (terminar, revocar):
        errores = a_la_vez(app, [tarea] * CUANTOS)
        assert [type(e) for e in errores] == [TransicionNoPermitida] * (CUANTOS - 1), errores
    assert len(acciones()) == 4


def test_control_sin_el_indice_y_mirando_antes_se_duplica(app: Flask) -> None:
    """The usual mistake: look in one transaction, and write in another what was decided then."""
    admin = cuenta().id
    with transaccion():
        db.session.execute(text("DROP INDEX uq_dia_no_habil_vigente"))
    todos_miraron = threading.Barrier(CUANTOS)

    def ingenua() -> None:
        libre = cuantas(DiaNoHabil) == 0
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if libre:
            with transaccion():
                db.session.add(
                    DiaNoHabil(
                        dia=date(2025, 6, 10),
                        motivo="Día cívico",
                        norma="Decreto 500 de 2025",
                        declarado_por=admin,
                        declarado_por_nombre="Quien administra",
                        declarado_en=AHORA,
                    )
                )

    a_la_vez(app, [ingenua for _ in range(CUANTOS)])
    assert cuantas(DiaNoHabil) > 1, "the control must show the doubling, else the race test proves nothing"
