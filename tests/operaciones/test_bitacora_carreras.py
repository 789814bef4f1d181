"""Many write and seal at once: every row is sealed once, and a seal never waits for somebody who is still writing."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.libro import ClaseAsiento, Partida
from portal.models import Bitacora, SelloBitacora
from portal.operaciones import sellos, verificacion_bitacora
from portal.operaciones.bitacora import anotar
from portal.operaciones.libro import asentar
from portal.web.auditoria import sellar_bitacora
from tests.auditoria import anotado
from tests.fabricas import AHORA
from tests.operaciones.test_carreras import a_la_vez


def cuentas() -> tuple[int, int, list[str]]:
    """Rows, seals, and what is wrong with the chain."""
    db.session.rollback()
    filas, puestos = (db.session.scalar(select(func.count()).select_from(t)) or 0 for t in (Bitacora, SelloBitacora))
    return filas, puestos, list(verificacion_bitacora.cadena_de_bitacora())


def test_escribir_y_sellar_a_la_vez(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sellos, "TANDA", 3)

    def escribir() -> None:
        for i in range(6):
            anotado(objeto=f"pago:{i}")

    def sellar() -> None:
        for _ in range(6):
            sellar_bitacora(completa=False)

    assert a_la_vez(app, [escribir, sellar] * 4) == []
    sellar_bitacora()
    assert cuentas() == (24, 24, [])


def test_control_sin_tomar_la_serie_antes_de_mirar_chocan(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks for what has no seal before having the series' row seals what another one is sealing."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: nobody else can look in between")
    for _ in range(10):
        anotado()
    todos_miraron = threading.Barrier(4)
    encadenar = sellos._encadenar

    def sin_serie(serie: str, cuantos: int) -> range:
        ultimo = db.session.scalar(select(func.max(SelloBitacora.numero))) or 0
        return range(ultimo + 1, ultimo + 1 + cuantos)

    def todos(*datos: object) -> None:
        todos_miraron.wait(timeout=30)
        encadenar(*datos)  # type: ignore[arg-type]

    monkeypatch.setattr(sellos, "tomar", sin_serie)
    monkeypatch.setattr(sellos, "_encadenar", todos)

    def una_tanda() -> None:
        with transaccion():
            sellos.sellar(ahora=AHORA)

    assert a_la_vez(app, [una_tanda] * 4) != []
    with transaccion():
        db.session.connection().exec_driver_sql(
            "INSERT INTO consecutivo (serie, siguiente) VALUES ('sello_bitacora', 11)"
        )


def test_sellar_no_espera_a_quien_escribe_y_lo_suyo_se_sella_despues(app: Flask) -> None:
    """Somebody has written in the bitácora and in the ledger and has not ended: the rest is sealed meanwhile."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: nobody seals while another one writes")
    anotado(objeto="pago:1")
    escrito, terminado = threading.Event(), threading.Event()
    vistos: list[tuple[int, int]] = []

    def lento() -> None:
        with transaccion():
            anotar("pago.ver", "pago:2", ahora=AHORA, usuario_id=None)
            asentar([Partida(ClaseAsiento.EXCEDENTE, "pasarela:x", "excedentes", 1, "prueba:1")], ahora=AHORA)  # type: ignore[arg-type]
            escrito.set()
            assert terminado.wait(timeout=30)

    def rapido() -> None:
        assert escrito.wait(timeout=30)
        anotado(objeto="pago:3")
        vistos.append((sellar_bitacora(completa=False), 0))
        terminado.set()

    assert a_la_vez(app, [lento, rapido]) == []
    assert vistos == [(2, 0)], "the row that is being written is not there yet, and the later one is"
    assert sellar_bitacora(completa=False) == 1
    orden = db.session.scalars(
        select(Bitacora.objeto)
        .join(SelloBitacora, SelloBitacora.bitacora_id == Bitacora.id)
        .order_by(SelloBitacora.numero)
    ).all()
    assert orden == ["pago:1", "pago:3", "pago:2"]
    assert cuentas() == (3, 3, [])


def test_control_sellar_despues_del_ultimo_deja_fuera_a_quien_tardo(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual mistake: to go on from the last id."""
    monkeypatch.setattr(sellos, "VENTANA", 0)
    for id_ in (7, 3):
        with transaccion():
            db.session.add(Bitacora(id=id_, en=AHORA, accion="pago.ver", objeto="pago:1", detalle={}))
        sellar_bitacora(completa=False)
    assert cuentas()[:2] == (2, 1)
