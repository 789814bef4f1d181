"""Backups under load, restored in an empty place; and the copies that must not be believed."""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from portal import db as modulo_db
from portal.config import Ajustes
from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import Asiento, Bitacora, Consecutivo, Labor, Pago, Sesion
from portal.operaciones.respaldos import copia
from tests import fabricas
from tests.conftest import ingresar
from tests.respaldos import aprobar, orden, programas_de_postgresql, vaciar

PAGOS = 12


@pytest.fixture(autouse=True)
def _programas() -> Iterator[None]:
    with programas_de_postgresql():
        yield


def _pagos(cuantos: int) -> list[int]:
    ids = [fabricas.pago(fabricas.liquidacion((4000,))).id for _ in range(cuantos)]
    db.session.remove()
    return ids


def _aprobados() -> set[int]:
    hallados = set(db.session.scalars(select(Pago.id).where(Pago.estado == EstadoPago.APROBADO)))
    db.session.remove()
    return hallados


def test_hecho_bajo_carga_y_restaurado_en_un_lugar_vacio_tiene_lo_confirmado_y_cuadra(
    app: Flask, runner: FlaskCliRunner, ajustes: Ajustes, tmp_path: Path
) -> None:
    ids = _pagos(PAGOS)
    confirmados: list[int] = []
    a_medias, copiado = threading.Event(), threading.Event()

    def pagar(suyos: list[int]) -> None:
        for pago_id in suyos:
            if pago_id == suyos[-1]:
                copiado.wait(120)
            aprobar(app, pago_id)
            confirmados.append(pago_id)
            if len(confirmados) >= PAGOS // 4:
                a_medias.set()

    hilos = [threading.Thread(target=pagar, args=(ids[n::3],)) for n in range(3)]
    for hilo in hilos:
        hilo.start()
    assert a_medias.wait(60)
    antes = set(confirmados)
    try:
        orden(runner, "respaldo", "crear", str(tmp_path / "copia"))
    finally:
        copiado.set()
    for hilo in hilos:
        hilo.join()
    assert _aprobados() == set(ids)
    vaciar(ajustes)
    dicho = orden(runner, "respaldo", "restaurar", str(tmp_path / "copia"))
    assert "Todo cuadra." in dicho
    assert antes <= _aprobados() < set(ids), "made while people paid, it has what was confirmed before, and not all"


@pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)
def test_restaurar_sobre_datos_pide_permiso_aparta_lo_que_habia_y_no_revive_sesiones_ni_numeros(
    app: Flask, runner: FlaskCliRunner, ajustes: Ajustes, tmp_path: Path
) -> None:
    ingresar(app.test_client(), "tesoreria")
    (uno, otro) = _pagos(2)
    aprobar(app, uno)
    factura = db.session.scalars(select(Consecutivo.siguiente).where(Consecutivo.serie == "factura")).one()
    db.session.remove()
    orden(runner, "respaldo", "crear", str(tmp_path / "copia"))
    aprobar(app, otro)
    assert "no está vacía" in orden(runner, "respaldo", "restaurar", str(tmp_path / "copia"), sale=1)
    assert _aprobados() == {uno, otro}
    dicho = orden(runner, "respaldo", "restaurar", str(tmp_path / "copia"), "--confirmar", "--salto", "500")
    assert "antes_de_restaurar" in dicho
    assert _aprobados() == {uno}
    assert db.session.scalar(select(func.count()).where(Sesion.terminada_en.is_(None))) == 0
    series = dict(db.session.execute(select(Consecutivo.serie, Consecutivo.siguiente)).all())
    assert series["factura"] == factura + 500
    assert series["asiento"] == (db.session.scalar(select(func.max(Asiento.numero))) or 0) + 1
    assert db.session.scalar(select(func.count()).where(Bitacora.accion == "respaldo.restaurar")) == 1
    assert set(db.session.scalars(select(Labor.tomada_por))) == {None}, "nobody was doing anything when it was restored"
    db.session.remove()
    # What was set aside stays beside the rest, and no backup takes it along.
    orden(runner, "respaldo", "crear", str(tmp_path / "otra"))
    assert "antes_de_restaurar" not in (tmp_path / "otra" / "base.dump").read_bytes().decode("latin-1")


@pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)
def test_lo_que_no_es_un_respaldo_entero_no_toca_la_base(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (uno,) = _pagos(1)
    buena = tmp_path / "buena"
    orden(runner, "respaldo", "crear", str(buena))
    assert "ya existe" in orden(runner, "respaldo", "crear", str(buena), sale=1)
    aprobar(app, uno)
    manifiesto = json.loads((buena / "manifiesto.json").read_text())

    def restaurar(**cambios: Any) -> str:
        (buena / "manifiesto.json").write_text(json.dumps(manifiesto | cambios))
        return orden(runner, "respaldo", "restaurar", str(buena), "--confirmar", sale=1)

    contenido = manifiesto["contenido"]
    assert "es de narino" in restaurar(departamento="narino")
    assert "no conoce la migración" in restaurar(contenido=contenido | {"migracion": "999"})
    assert "otra versión" in restaurar(formato=2)
    assert "no es el manifiesto" in restaurar(contenido={})
    assert "no es el archivo del manifiesto" in restaurar(sha256="0" * 64)
    de_mas = contenido | {"filas": contenido["filas"] | {"pago": 7}}
    assert "filas de pago: 7 y 1" in restaurar(contenido=de_mas)
    assert _aprobados() == {uno}, "refused, it leaves everything as it was"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "postgresql-client" in orden(runner, "respaldo", "crear", str(tmp_path / "sin"), sale=1)
    assert not [p for p in tmp_path.iterdir() if "sin" in p.name]


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_control_copiar_el_archivo_vivo_sin_su_wal_se_nota(
    app: Flask, runner: FlaskCliRunner, ajustes: Ajustes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-31: `cp` of the file of a portal that is being used lacks what its log still holds."""
    monkeypatch.setattr(modulo_db, "SQLITE_CON_WAL_SANO", (3, 0, 0))
    db.session.remove()
    db.engine.dispose()
    (uno,) = _pagos(1)
    with db.engine.connect() as lector:
        # Whoever is reading keeps the log from being emptied, as it happens in a portal with people in it.
        lector.execute(select(Pago.id)).all()
        aprobar(app, uno)
        archivo = Path(str(db.engine.url.database))
        monkeypatch.setattr(copia, "copiar", lambda _conexion, destino: shutil.copyfile(archivo, destino))
        assert "no dice lo mismo que la base" in orden(runner, "respaldo", "crear", str(tmp_path / "cp"), sale=1)
        monkeypatch.undo()
        orden(runner, "respaldo", "crear", str(tmp_path / "bien"))
    vaciar(ajustes)
    orden(runner, "respaldo", "restaurar", str(tmp_path / "bien"))
    assert _aprobados() == {uno}
