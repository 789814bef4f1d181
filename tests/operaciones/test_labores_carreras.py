"""Jobs of several machines at once: one does what has turns, all help in what is claimed, and a dead one's turn passes on."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.cli import turnos
from portal.cli.pagos import una_ronda
from portal.cli.turnos import anotando, con_turno
from portal.db import db, transaccion
from portal.dominio.estados import EstadoPago
from portal.models import Correo, Labor, Pago, Recaudo
from portal.operaciones import labores, notificaciones
from portal.pasarelas.base import AvisoPasarela
from tests import fabricas
from tests.pasarela_guion import PasarelaGuion

AHORA, PLAZO = fabricas.AHORA, timedelta(minutes=5)


def _a_la_vez(app: Flask, cuantos: int, hacer: Callable[[], object]) -> list[object]:
    """What each of several processes got; an error is what it got too."""
    salida, dichos = threading.Barrier(cuantos), []

    def correr() -> None:
        with app.app_context():
            salida.wait(30)
            try:
                dichos.append(hacer())
            except Exception as error:
                dichos.append(error)
            db.session.remove()

    hilos = [threading.Thread(target=correr) for _ in range(cuantos)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(60)
    return dichos


def _tomar(quien: str, **otros: timedelta) -> bool:
    with transaccion():
        return labores.tomar("cierre", quien, plazo=PLAZO, ahora=AHORA + otros.get("despues", timedelta(0)))


def _soltar(quien: str, error: str = "") -> bool:
    with transaccion():
        return labores.soltar("cierre", quien, milisegundos=7, ahora=AHORA, error=error)


def _cuantas_hicieron(app: Flask) -> int:
    dentro, hechas = threading.Event(), []

    def labor() -> bool:
        hechas.append(1)
        dentro.wait(0.3)
        return True

    dichos = _a_la_vez(app, 4, lambda: con_turno("cierre", labor))
    assert not [d for d in dichos if isinstance(d, Exception)], dichos
    return len(hechas)


def test_de_varias_maquinas_una_sola_hace_la_labor(app: Flask) -> None:
    assert _cuantas_hicieron(app) == 1


def test_control_sin_el_turno_la_hacen_todas(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnos.labores, "tomar", lambda *_args, **_otros: True)
    monkeypatch.setattr(turnos.labores, "soltar", lambda *_args, **_otros: True)
    assert _cuantas_hicieron(app) == 4


def test_el_turno_de_quien_murio_pasa_a_otro_y_el_que_tardo_ya_no_lo_devuelve(app: Flask) -> None:
    assert _tomar("uno")
    assert not _tomar("dos", despues=PLAZO - timedelta(seconds=1))
    assert _tomar("dos", despues=PLAZO)
    assert not _soltar("uno")
    assert _soltar("dos", error="OperationalError")
    assert _tomar("tres")
    assert _soltar("tres")
    assert [(t.fallos, t.milisegundos, t.ultimo_error) for t in labores.todas()] == [(0, 7, "")]


def test_la_que_falla_suelta_su_turno_y_queda_anotado(app: Flask) -> None:
    def fallar() -> None:
        raise ZeroDivisionError

    for hacer in (con_turno, anotando):
        with pytest.raises(ZeroDivisionError):
            hacer("cierre", fallar)
    db.session.rollback()
    assert [(t.fallos, t.tomada_por, t.ultimo_error) for t in labores.todas()] == [(2, None, "ZeroDivisionError")]
    assert anotando("cierre", lambda: 3) == con_turno("cierre", lambda: 3) == 3
    db.session.rollback()
    assert [t.fallos for t in db.session.scalars(select(Labor))] == [0]


def test_dos_sondas_a_la_vez_preguntan_y_anotan_cada_cosa_una_vez(app: Flask) -> None:
    """F-32: everything that a round does, with somebody else doing the same."""
    guion = app.extensions["pasarela"] = PasarelaGuion()
    for _ in range(6):
        pago = fabricas.pago(fabricas.liquidacion((4000,)))
        guion.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago, transaccion=f"t{pago.id}")
        aviso = AvisoPasarela(str(pago.id_pasarela), pago.referencia, "APPROVED", "")
        with transaccion():
            hace_una_hora = AHORA - timedelta(hours=1)
            notificaciones.guardar("placetopay", pago.referencia.encode(), aviso, hace_una_hora)
    with transaccion():
        db.session.execute(db.update(Pago).values(consultar_desde=AHORA))
    db.session.remove()
    dichos = _a_la_vez(app, 3, una_ronda)
    assert not [d for d in dichos if isinstance(d, IntegrityError)], dichos
    assert not [d for d in dichos if isinstance(d, Exception)], dichos
    db.session.rollback()
    assert set(db.session.scalars(select(Pago.estado))) == {EstadoPago.APROBADO}
    assert db.session.scalar(select(func.count(Recaudo.id))) == 6
    assert db.session.scalar(select(func.count(Correo.id))) == 6
