"""Two who bring the same folder at once, a process that dies in the middle, many documents. The race has a control."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.models import Asiento, EventoFactura, Factura, Liquidacion, Migracion, Recaudo, Usuario
from portal.operaciones.migracion import importacion
from tests.encargos import emitir, encargo_contrato, oficial
from tests.migracion import administrador, cuadrada, ensayar, escrita, muchas, traer
from tests.operaciones.test_carreras import a_la_vez

RAIZ = Path(__file__).resolve().parents[2]
# Rows of all the files of the long one; `make migracion` brings more, on both engines.
LINEAS = int(os.environ.get("MIGRACION_LINEAS", "10000"))
POR_LIQUIDACION = 5.2
# Of twenty: liquidaciones, facturas, credits, asientos, events (assessed, legalised, used, voided) and runs.
DE_VEINTE = [20, 40, 12, 24, 40 + 24 + 8 + 8, 1]


def cuenta(de: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(de)) or 0  # type: ignore[arg-type]


def todo() -> list[int]:
    return [cuenta(x) for x in (Liquidacion, Factura, Recaudo, Asiento, EventoFactura, Migracion)]


def tarea(contenidos: dict[str, bytes], quien: int, hechas: list[int]) -> Callable[[], None]:
    return lambda: hechas.append(traer(contenidos, quien, facturas=10))


def dos_a_la_vez(app: Flask, contenidos: dict[str, bytes], quien: int) -> tuple[list[int], list[Exception]]:
    """Two that bring a folder and write only when both saw that nothing of it is here; what each wrote, and what broke."""
    hechas: list[int] = []
    barrera = threading.Barrier(2)

    def tarea() -> None:
        hechas.append(traer(contenidos, quien, facturas=10, abierta=lambda: barrera.wait(timeout=60)))

    return hechas, a_la_vez(app, [tarea] * 2)


def test_dos_que_traen_la_misma_carpeta_escriben_cada_documento_una_vez(app: Flask) -> None:
    quien, contenidos = administrador().id, escrita(cuadrada(muchas(20)))
    hechas, errores = dos_a_la_vez(app, contenidos, quien)
    assert errores == []
    assert sum(hechas) == 20
    assert todo() == DE_VEINTE
    una = db.session.scalars(select(Migracion)).one()
    assert (una.hechas, una.terminada_en is not None) == (20, True)


def test_control_sin_mirar_lo_escrito_la_base_de_datos_rechaza_al_segundo(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the lock and the look at what is there spare: one of the two breaks, and still nothing is written twice."""
    quien, contenidos = administrador().id, escrita(cuadrada(muchas(20)))
    monkeypatch.setattr(importacion, "_faltan", list)
    monkeypatch.setattr(importacion, "_bloquear", lambda cual: db.session.get_one(Migracion, cual))
    _, errores = dos_a_la_vez(app, contenidos, quien)
    assert errores, "the control must break"
    assert all(isinstance(e, IntegrityError | importacion.TransicionNoPermitida) for e in errores), errores
    monkeypatch.undo()
    traer(contenidos, quien)
    assert todo()[:3] == DE_VEINTE[:3]


def test_quien_emite_a_la_vez_no_toma_un_numero_de_la_carpeta(app: Flask) -> None:
    quien, rentas = administrador().id, oficial().id
    contenidos, otros = escrita(cuadrada(muchas(20, desde=2))), [encargo_contrato(numero=str(n)) for n in range(4)]

    def emitir_varias() -> None:
        for otro in otros:
            emitir(otro, db.session.get_one(Usuario, rentas))

    errores = a_la_vez(app, [tarea(contenidos, quien, []), emitir_varias])
    # Whoever issued first took a number of the folder, and then the folder is refused whole; otherwise theirs go after it.
    assert all(isinstance(e, importacion.CarpetaConErrores) for e in errores), errores
    propias = db.session.scalars(select(Liquidacion.numero).where(Liquidacion.migracion_id.is_(None))).all()
    traidas = db.session.scalars(select(Liquidacion.numero).where(Liquidacion.migracion_id.is_not(None))).all()
    assert (len(propias), len(traidas)) == (4, 0 if errores else 20)
    assert not set(propias) & set(traidas)


@pytest.mark.parametrize(("cual", "cuando", "quedan"), [(3, "before", 5)])
def test_una_muerte_a_mitad_y_otra_vez_termina_en_lo_mismo(
    base_datos: str, app: Flask, tmp_path: Path, cual: int, cuando: str, quedan: int
) -> None:
    quien, contenidos = administrador().id, escrita(cuadrada(muchas(20)))
    carpeta = tmp_path / "carpeta"
    carpeta.mkdir()
    for nombre, contenido in contenidos.items():
        (carpeta / nombre).write_bytes(contenido)
    db.session.rollback()
    victima = [sys.executable, "-m", "tests.caidas.victima_migracion", base_datos, str(tmp_path), str(carpeta)]
    orden = [*victima, str(quien), str(cual), cuando]
    hecho = subprocess.run(orden, cwd=RAIZ, env=os.environ, capture_output=True, text=True, timeout=120, check=False)
    assert hecho.returncode == -9, hecho.stderr
    assert cuenta(Liquidacion) == quedan, "each step is whole, or is not there"
    plan = ensayar(contenidos)
    assert ([str(h) for h in plan.hallazgos], plan.pendientes) == ([], 20 - quedan)
    otra = ensayar(escrita(cuadrada(muchas(1, desde=900))))
    assert ["Otra carpeta se quedó a medias" in h.mensaje for h in otra.hallazgos] == [True]
    assert traer(contenidos, quien) == 20 - quedan
    assert todo() == DE_VEINTE
    assert traer(contenidos, quien) == 0


def test_diez_mil_lineas_cuadran_al_peso(app: Flask) -> None:
    if "MIGRACION_LINEAS" not in os.environ and db.engine.dialect.name != "sqlite":
        pytest.skip("both engines with make migracion")
    cuantas = int(LINEAS // POR_LIQUIDACION)
    filas = cuadrada(muchas(cuantas))
    assert sum(len(suyas) for suyas in filas.values()) >= LINEAS
    assert traer(escrita(filas), administrador().id) == cuantas
    esperado = sum(Decimal(f["valor"]) for f in filas["pagos.csv"])
    assert db.session.scalar(select(func.sum(Recaudo.valor))) == esperado
    assert cuenta(Factura) == 2 * cuantas
