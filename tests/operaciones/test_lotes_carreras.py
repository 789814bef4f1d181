"""Two officers import the same contracts at once; a process dies in the middle. Each has a control that must go wrong."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Factura, Liquidacion, Lote, RenglonLote, Usuario
from portal.operaciones import liquidaciones
from portal.operaciones.firmas import Firma
from portal.operaciones.lotes import importacion, simulacro
from portal.operaciones.lotes.identidad import Antecedentes
from portal.operaciones.lotes.importacion import LoteConErrores
from tests import criadero
from tests.caidas.victima_lote import importar_y_morir
from tests.encargos import AHORA, HOY, oficial
from tests.lotes import PUTUMAYO, contratos, csv_de, importar_archivo
from tests.operaciones.test_carreras import a_la_vez

CUANTOS = 5


def vigentes() -> list[str | None]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Liquidacion.numero_contrato).where(Liquidacion.vigente)))  # type: ignore[type-var]


def tarea(contenido: bytes, de: int, hechos: list[tuple[int, int]]) -> Callable[[], None]:
    def importar() -> None:
        lote = importar_archivo(contenido, db.session.get_one(Usuario, de))
        hechos.append((lote.nuevas, lote.iguales))

    return importar


@pytest.fixture
def oficiales(app: Flask) -> list[int]:
    return [oficial().id, oficial().id]


def test_dos_que_importan_lo_mismo_a_la_vez_emiten_cada_contrato_una_vez(app: Flask, oficiales: list[int]) -> None:
    hechos: list[tuple[int, int]] = []
    archivo = csv_de(contratos(CUANTOS))
    assert a_la_vez(app, [tarea(archivo, uno, hechos) for uno in oficiales]) == []
    assert sorted(hechos) == [(0, CUANTOS), (CUANTOS, 0)]
    assert vigentes() == [str(n) for n in range(1, CUANTOS + 1)]
    numeros = db.session.scalars(select(Liquidacion.numero).order_by(Liquidacion.numero)).all()
    assert numeros == list(range(1, CUANTOS + 1)), "nobody spends a number in vain"


def test_con_otros_datos_gana_uno_y_el_otro_no_emite_ninguno(app: Flask, oficiales: list[int]) -> None:
    hechos: list[tuple[int, int]] = []
    otros = [una | {"Objeto": "Otro"} for una in contratos(CUANTOS, desde=CUANTOS)]
    tareas = [
        tarea(csv_de(filas), uno, hechos) for filas, uno in zip((contratos(CUANTOS), otros), oficiales, strict=True)
    ]
    errores = a_la_vez(app, tareas)
    assert len(errores) == 1
    assert isinstance(errores[0], LoteConErrores), errores
    assert hechos == [(CUANTOS, 0)]
    assert len(vigentes()) == CUANTOS, "the five of one, none of the other"


def a_ciegas(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that never looks for what there is, and whose keys do not come from the content of the rows."""
    distinta = count()
    monkeypatch.setattr(simulacro, "clave_de", lambda *_: f"lote-sin-contenido-{next(distinta)}")
    monkeypatch.setattr(simulacro, "antecedentes", lambda *_: Antecedentes({}, {}))
    monkeypatch.setattr(liquidaciones, "_rechazar_si_ya_esta", lambda *_: None)


def test_la_base_de_datos_decide_aunque_nadie_mire(
    app: Flask, oficiales: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ciegas(monkeypatch)
    archivo = csv_de(contratos(CUANTOS))
    errores = a_la_vez(app, [tarea(archivo, uno, []) for uno in oficiales])
    assert len(errores) == 1
    assert isinstance(errores[0], IntegrityError), errores
    assert len(vigentes()) == CUANTOS


def test_control_sin_el_indice_y_a_ciegas_cada_contrato_se_duplica(
    app: Flask, oficiales: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ciegas(monkeypatch)
    with transaccion():
        db.session.execute(text("DROP INDEX uq_liquidacion_contrato_vigente"))
    archivo = csv_de(contratos(CUANTOS))
    assert a_la_vez(app, [tarea(archivo, uno, []) for uno in oficiales]) == []
    assert len(vigentes()) == 2 * CUANTOS, "the control must assess each contract twice"


def test_el_mismo_archivo_confirmado_dos_veces_se_importa_una(app: Flask, oficiales: list[int]) -> None:
    with transaccion():
        rentas = db.session.get_one(Usuario, oficiales[0])
        lote = importacion.guardar(
            csv_de(contratos(CUANTOS)), "x.csv", departamento="putumayo", usuario=rentas, ahora=AHORA
        )
        lote_id = lote.id

    def confirmar() -> None:
        with transaccion():
            firma = Firma(db.session.get_one(Usuario, oficiales[0]), AHORA)
            importacion.importar(db.session.get_one(Lote, lote_id), regimen=PUTUMAYO, firma=firma, hoy=HOY)

    errores = a_la_vez(app, [confirmar] * 4)
    assert len(errores) == 3
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert len(vigentes()) == CUANTOS


def cuenta(de: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(de)) or 0


@pytest.mark.parametrize("cuando", ["a la mitad", "antes de confirmar", "después de confirmar"])
def test_una_muerte_a_mitad_de_la_importacion_no_deja_nada_escrito(
    base_datos: str, app: Flask, oficiales: list[int], tmp_path: Path, cuando: str
) -> None:
    archivo = tmp_path / "contratos.csv"
    archivo.write_bytes(csv_de(contratos(20)))
    db.session.rollback()
    hecho = criadero.terminar(importar_y_morir, base_datos, tmp_path, archivo, oficiales[0], cuando, entorno=os.environ)
    assert hecho.codigo == -9, hecho.se_quejo
    db.session.rollback()
    escritas = 20 if cuando == "después de confirmar" else 0
    assert [cuenta(x) for x in (Liquidacion, Factura, Lote, RenglonLote)] == [
        escritas,
        2 * escritas,
        bool(escritas),
        escritas,
    ]
    repetido = importar_archivo(archivo.read_bytes(), db.session.get_one(Usuario, oficiales[0]))
    assert (repetido.nuevas, repetido.iguales) == (20 - escritas, escritas), "going on is importing the same file again"
    assert len(vigentes()) == 20
