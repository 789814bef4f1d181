"""The database refuses, fills up, hangs up or goes away in the middle of a payment: 503, nothing half done, and no restart."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, make_url, select
from sqlalchemy.exc import OperationalError

from portal.cli.pagos import una_ronda
from portal.config import Ajustes
from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import EventoPago, Pago, Recaudo
from tests import fabricas
from tests.bases import administrar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion

MAXIMO = 150


@pytest.fixture
def pago(app: Flask) -> Pago:
    """An attempt that the gateway has approved and of which the portal does not know yet."""
    return _aprobado_en_el_banco(app, (4000, 5000))


def _aprobado_en_el_banco(app: Flask, valores: tuple[int, ...]) -> Pago:
    guion = app.extensions["pasarela"] = PasarelaGuion()
    uno = fabricas.pago(fabricas.liquidacion(valores))
    guion.sesiones[str(uno.id_pasarela)] = fabricas.respuesta(uno)
    db.session.rollback()
    return uno


@contextmanager
def _antes_de_cada_orden(hacer: Callable[[Any, str], None]) -> Iterator[None]:
    def escuchar(conexion: Any, _cursor: Any, orden: str, *_: Any) -> None:
        hacer(conexion, orden)

    event.listen(db.engine, "before_cursor_execute", escuchar)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", escuchar)


def _volver(client: ClienteEstricto, codigo: str) -> int:
    """The payer comes back from the bank, which makes the portal ask and apply the answer."""
    respuesta = client.get(f"/pago/{codigo}")
    if respuesta.status_code == 503:
        assert "Ningún dato se perdió" in respuesta.text
    return int(respuesta.status_code)


def _nada_a_medias(pago_id: int) -> bool:
    """Either the whole effect of the approval is there, or none of it; whether it is."""
    db.session.rollback()
    aprobado = db.session.scalar(select(Pago.estado).where(Pago.id == pago_id)) is EstadoPago.APROBADO
    recaudos = db.session.scalars(select(Recaudo)).all()
    eventos = select(EventoPago.id).where(EventoPago.hasta == EstadoPago.APROBADO.value)
    assert len(recaudos) == len(db.session.scalars(eventos).all()) == int(aprobado)
    db.session.rollback()
    return aprobado


@pytest.mark.parametrize(
    ("base_datos", "que"),
    [("sqlite", "database or disk is full"), ("postgresql", "deadlock detected")],
    indirect=["base_datos"],
)
def test_lo_que_falle_en_cualquier_orden_no_deja_nada_a_medias(
    app: Flask, client: ClienteEstricto, pago: Pago, que: str
) -> None:
    """F-24, F-07: refused at the first statement, at the second, … until none is left to refuse."""
    codigo, pago_id, estados = pago.codigo, pago.id, []
    for n in range(MAXIMO):
        cuenta = iter(range(MAXIMO * 10))

        def negar(_conexion: Any, orden: str, n: int = n, cuenta: Iterator[int] = cuenta) -> None:
            if next(cuenta) == n:
                raise OperationalError(orden, None, Exception(que))

        with _antes_de_cada_orden(negar):
            estados.append(_volver(client, codigo))
        if estados[-1] == 200 and _nada_a_medias(pago_id) and next(cuenta) <= n:
            break
    assert len(estados) > 15, "the statements of a payment were not reached"
    assert set(estados) == {200, 503}
    assert _nada_a_medias(pago_id)


def test_una_confirmacion_sin_respuesta_se_da_por_hecha_al_volver(
    app: Flask, client: ClienteEstricto, pago: Pago, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-26: the COMMIT arrived and its answer did not."""
    de_verdad, codigo, pago_id = db.engine.dialect.do_commit, pago.codigo, pago.id

    def confirmar_sin_decirlo(conexion: Any) -> None:
        de_verdad(conexion)
        raise OperationalError("COMMIT", None, Exception("server closed the connection unexpectedly"))

    monkeypatch.setattr(db.engine.dialect, "do_commit", confirmar_sin_decirlo)
    assert _volver(client, codigo) == 503
    monkeypatch.undo()
    assert _nada_a_medias(pago_id)
    assert _volver(client, codigo) == 200
    una_ronda()
    assert _nada_a_medias(pago_id)


@pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)
def test_la_base_se_va_y_vuelve_sin_reiniciar_nada(
    app: Flask, ajustes: Ajustes, client: ClienteEstricto, pago: Pago
) -> None:
    """F-03 without the server's own death: every connection is cut and none is let in, then they are."""
    codigo, pago_id, nombre = pago.codigo, pago.id, make_url(ajustes.base_datos).database

    def colgar(ejecutar: Callable[[str], object]) -> None:
        ejecutar(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{nombre}'")

    assert client.get("/listo").status_code in (200, 503)
    with administrar(ajustes.base_datos) as ejecutar:
        colgar(ejecutar)
        assert client.get("/pago").status_code == 200, "a dead connection of the pool is replaced"
        cortes = iter([False] * 12 + [True] + [False] * 1000)
        with _antes_de_cada_orden(lambda _conexion, _orden: colgar(ejecutar) if next(cortes) else None):
            assert _volver(client, codigo) == 503
        ejecutar(f"ALTER DATABASE {nombre} WITH ALLOW_CONNECTIONS false")
        try:
            colgar(ejecutar)
            db.session.remove()
            assert _volver(client, codigo) == 503
            assert client.get("/listo").status_code == 503
            assert client.get("/salud").status_code == 200
        finally:
            ejecutar(f"ALTER DATABASE {nombre} WITH ALLOW_CONNECTIONS true")
    assert _volver(client, codigo) == 200
    assert _nada_a_medias(pago_id)


@pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)
def test_sin_conexiones_libres_se_dice_pronto_y_luego_se_atiende(
    app: Flask, client: ClienteEstricto, pago: Pago, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-27: whoever waits for a connection is told within five seconds."""
    piscina: Any = db.engine.pool
    assert piscina._timeout <= 5
    monkeypatch.setattr(piscina, "_timeout", 0.2)
    codigo, tomadas = pago.codigo, []
    db.session.remove()
    try:
        for _ in range(piscina.size() + piscina._max_overflow):
            tomadas.append(db.engine.connect())
        assert _volver(client, codigo) == 503
        db.session.remove()
    finally:
        for una in tomadas:
            una.close()
    assert _volver(client, codigo) == 200
    assert _nada_a_medias(pago.id)


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_con_el_disco_lleno_se_niega_entero_y_con_sitio_sigue(app: Flask, client: ClienteEstricto) -> None:
    """F-07: the file of SQLite cannot take one page more."""
    # Sixty stamps: what their approval writes does not fit in the room that pages have left.
    pago = _aprobado_en_el_banco(app, tuple(range(1000, 1060)))
    codigo, pago_id, lleno = pago.codigo, pago.id, threading.Event()
    db.session.remove()

    def sin_sitio(conexion: Any, _orden: str) -> None:
        cruda = conexion.connection.driver_connection
        assert isinstance(cruda, sqlite3.Connection)
        tope = cruda.execute("PRAGMA page_count").fetchone()[0] if lleno.is_set() else 1_000_000
        cruda.execute(f"PRAGMA max_page_count = {tope}")

    with _antes_de_cada_orden(sin_sitio):
        lleno.set()
        assert _volver(client, codigo) == 503
        assert not _nada_a_medias(pago_id)
        db.session.remove()
        lleno.clear()
        assert _volver(client, codigo) == 200
    assert _nada_a_medias(pago_id)
