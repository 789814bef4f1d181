"""The bitácora is chained after it is written: nothing is left out, nothing can be changed unnoticed, nobody waits for it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from portal.db import db, transaccion
from portal.models import Bitacora, ComprobacionCadena, SelloBitacora
from portal.operaciones import sellos, verificacion_bitacora
from portal.web.auditoria import sellar_bitacora
from tests.auditoria import anotado, periodo_movido
from tests.fabricas import AHORA
from tests.operaciones.test_libro import a_mano, sin_disparadores


def sellados() -> list[tuple[int, int]]:
    db.session.rollback()
    return list(
        db.session.execute(select(SelloBitacora.numero, SelloBitacora.bitacora_id).order_by(SelloBitacora.numero))
    )


def quiebres() -> list[str]:
    db.session.rollback()
    return [*verificacion_bitacora.cadena_de_bitacora(), *verificacion_bitacora.anotaciones_sin_sello()]


def sin_triggers_de_sellos() -> None:
    sin_disparadores()
    if db.engine.dialect.name == "postgresql":
        a_mano(
            "ALTER TABLE sello_bitacora DISABLE TRIGGER USER", "ALTER TABLE comprobacion_cadena DISABLE TRIGGER USER"
        )


def test_cada_anotacion_se_sella_una_vez_en_orden(app: Flask) -> None:
    for i in range(3):
        anotado(objeto=f"pago:{i}")
    assert (sellar_bitacora(), sellar_bitacora()) == (3, 0)
    anotado()
    assert sellar_bitacora(completa=False) == 1
    assert sellados() == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert quiebres() == []


def test_se_sella_por_tandas(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sellos, "TANDA", 2)
    for _ in range(5):
        anotado()
    assert sellar_bitacora() == 5
    assert [numero for numero, _ in sellados()] == [1, 2, 3, 4, 5]
    assert quiebres() == []


@pytest.mark.parametrize("completa", [True, False])
def test_la_que_se_confirmo_tarde_con_un_numero_menor_se_sella_despues(app: Flask, completa: bool) -> None:
    with transaccion():
        db.session.add(Bitacora(id=7, en=AHORA, accion="pago.ver", objeto="pago:1", detalle={}))
    assert sellar_bitacora(completa=completa) == 1
    with transaccion():
        db.session.add(Bitacora(id=3, en=AHORA, accion="pago.ver", objeto="pago:2", detalle={}))
    assert sellar_bitacora(completa=completa) == 1
    assert sellados() == [(1, 7), (2, 3)]
    assert quiebres() == []


def test_la_muy_atrasada_la_sella_la_ronda_completa(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sellos, "VENTANA", 2)
    for id_ in (9, 1):
        with transaccion():
            db.session.add(Bitacora(id=id_, en=AHORA, accion="pago.ver", objeto="pago:1", detalle={}))
        assert sellar_bitacora(completa=False) == (1 if id_ == 9 else 0)
    assert sellar_bitacora() == 1
    assert sellados() == [(1, 9), (2, 1)]


@pytest.mark.descuadra
def test_la_que_quedo_sin_sello_se_nombra(app: Flask) -> None:
    with transaccion():
        db.session.add(Bitacora(id=9, en=AHORA, accion="pago.ver", objeto="pago:1", detalle={}))
    with transaccion():
        sellos.sellar(ahora=AHORA)
    antigua = AHORA - timedelta(days=1, seconds=1)
    with transaccion():
        db.session.add(Bitacora(id=4, en=AHORA, accion="pago.ver", objeto="pago:1", detalle={}))
        db.session.add(Bitacora(id=5, en=antigua, accion="pago.ver", objeto="pago:1", detalle={}))
    assert quiebres() == ["La anotación 5 de la bitácora no tiene sello y otras posteriores sí"]


@pytest.mark.parametrize("tabla", ["sello_bitacora", "comprobacion_cadena"])
@pytest.mark.parametrize("orden", ["UPDATE {} SET huella = 'x'", "DELETE FROM {}"])
def test_los_sellos_y_las_comprobaciones_solo_se_agregan(
    app: Flask, runner: FlaskCliRunner, tabla: str, orden: str
) -> None:
    anotado()
    assert runner.invoke(args=["auditoria", "verificar"]).exit_code == 0
    with pytest.raises(DatabaseError, match="solo se agrega"):
        a_mano(orden.format(tabla))


@pytest.mark.descuadra
@pytest.mark.parametrize(
    ("ordenes", "dice"),
    [
        (["UPDATE bitacora SET objeto = 'pago:9' WHERE id = 2"], "La anotación 2 de la bitácora no es la que se selló"),
        (["UPDATE bitacora SET usuario_id = 9 WHERE id = 1"], "La anotación 1 de la bitácora no es la que se selló"),
        (["UPDATE bitacora SET detalle = '{\"a\": 1}' WHERE id = 3"], "La anotación 3 de la bitácora no es la que se"),
        (
            ["DELETE FROM sello_bitacora WHERE numero = 2", "DELETE FROM bitacora WHERE id = 2"],
            "Entre los sellos 1 y 3 de la bitácora faltan sellos",
        ),
        (
            ["DELETE FROM sello_bitacora WHERE numero = 3", "DELETE FROM bitacora WHERE id = 3"],
            "El último sello de la bitácora es el 2 y se pusieron 3",
        ),
        (
            ["UPDATE sello_bitacora SET bitacora_id = 99 - bitacora_id WHERE numero < 3"],
            "Falta la anotación 98 de la bitácora, que el sello 1 tenía",
        ),
    ],
)
def test_lo_que_se_cambie_a_mano_se_nombra(app: Flask, runner: FlaskCliRunner, ordenes: list[str], dice: str) -> None:
    for i in range(3):
        anotado(objeto=f"pago:{i}")
    sellar_bitacora()
    sin_triggers_de_sellos()
    a_mano_sin_llaves(ordenes)
    hecho = runner.invoke(args=["auditoria", "verificar"])
    assert hecho.exit_code == 1
    assert dice in hecho.output


def a_mano_sin_llaves(ordenes: list[str]) -> None:
    """What somebody could do who also takes the foreign key away; SQLite only lets it go outside of a transaction."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        a_mano("ALTER TABLE sello_bitacora DROP CONSTRAINT fk_sello_bitacora_bitacora_id_bitacora", *ordenes)
        return
    conexion = db.engine.raw_connection()
    for orden in ("PRAGMA foreign_keys = OFF", *ordenes, "PRAGMA foreign_keys = ON"):
        conexion.cursor().execute(orden)
    conexion.close()


@pytest.mark.descuadra
def test_una_cadena_reescrita_entera_no_es_la_que_se_comprobo(app: Flask, runner: FlaskCliRunner) -> None:
    """Whoever changes a row and computes every link again is found by what was seen before."""
    for i in range(3):
        anotado(objeto=f"pago:{i}")
    assert runner.invoke(args=["auditoria", "verificar"]).exit_code == 0
    sin_triggers_de_sellos()
    a_mano(
        "DELETE FROM sello_bitacora",
        "DELETE FROM consecutivo WHERE serie = 'sello_bitacora'",
        "UPDATE bitacora SET objeto = 'pago:9' WHERE id = 2",
    )
    assert sellar_bitacora() == 3
    assert quiebres() == []
    hecho = runner.invoke(args=["auditoria", "verificar"])
    assert hecho.exit_code == 1
    assert "La cadena «bitacora» no es la que se comprobó" in hecho.output


def test_verificar_guarda_lo_que_encontro_y_deja_todo_sellado(app: Flask, runner: FlaskCliRunner) -> None:
    periodo_movido()
    hecho = runner.invoke(args=["auditoria", "verificar"])
    assert hecho.exit_code == 0, hecho.output
    assert "Todo está como se escribió." in hecho.output
    filas = db.session.execute(select(ComprobacionCadena.cadena, ComprobacionCadena.filas, ComprobacionCadena.quiebres))
    asientos = db.session.scalar(text("SELECT count(*) FROM asiento"))
    anotaciones = db.session.scalar(select(func.count(Bitacora.id)))
    assert [tuple(f) for f in filas] == [("libro", asientos, 0), ("bitacora", anotaciones, 0)]
    assert runner.invoke(args=["auditoria", "sellar"]).output == "Anotaciones selladas: 0.\n"


def test_lo_anotado_antes_de_que_hubiera_sellos_se_sella_en_la_primera_ronda(app: Flask) -> None:
    db.session.rollback()
    downgrade(revision="037")
    anotado(objeto="pago:1")
    anotado(objeto="pago:2", ahora=AHORA - timedelta(days=900))
    upgrade()
    assert quiebres() == []
    assert sellar_bitacora(completa=False) == 2
    assert sellados() == [(1, 1), (2, 2)]
    assert quiebres() == []


def test_la_sonda_sella(app: Flask, runner: FlaskCliRunner) -> None:
    anotado()
    assert runner.invoke(args=["pagos", "sondear"]).exit_code == 0
    assert len(sellados()) == 1
