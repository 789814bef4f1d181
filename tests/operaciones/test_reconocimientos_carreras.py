"""Officers who recognise the same rule at once, and one who revokes while another issues. Each race has a control."""

import threading
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido
from portal.models import Reconocimiento, Usuario
from portal.operaciones import liquidaciones, reconocimientos
from portal.operaciones.reconocimientos import YaReconocido
from tests.encargos import AHORA, HOY, emitir, oficial
from tests.operaciones.test_carreras import a_la_vez
from tests.reconocimientos import declaracion, encargo_de_eps, reconocer, revocar, todos

OFICIALES = 6


@pytest.fixture
def rentas(app: Flask) -> int:
    return oficial().id


def quien(cuenta_id: int) -> Usuario:
    return db.session.get_one(Usuario, cuenta_id)


def test_de_seis_que_reconocen_lo_mismo_gana_uno(app: Flask, rentas: int) -> None:
    errores = a_la_vez(app, [lambda: reconocer(quien(rentas)) and None for _ in range(OFICIALES)])
    assert len(errores) == OFICIALES - 1
    assert all(isinstance(e, YaReconocido) for e in errores), errores
    assert len(todos()) == 1


def test_los_que_no_se_cruzan_entran_todos(app: Flask, rentas: int) -> None:
    def del_ano(ano: int) -> None:
        reconocer(quien(rentas), desde=date(ano, 1, 1), hasta=date(ano, 12, 31))

    assert a_la_vez(app, [lambda a=2021 + i: del_ano(a) for i in range(OFICIALES)]) == []  # type: ignore[misc]
    assert sorted(r.orden for r in todos()) == list(range(1, OFICIALES + 1))


def test_control_sin_el_indice_y_mirando_antes_se_duplica(
    app: Flask, rentas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual mistake: look, and write what was decided then."""
    with transaccion():
        db.session.execute(text("DROP INDEX uq_reconocimiento_orden"))
    todos_miraron = threading.Barrier(OFICIALES)
    monkeypatch.setattr(reconocimientos, "_rechazar_si_se_cruza", lambda *_: None)

    def ingenua() -> None:
        libre = not reconocimientos.buscar("cundinamarca").filas
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if libre:
            reconocer(quien(rentas))

    assert a_la_vez(app, [ingenua for _ in range(OFICIALES)]) == []
    assert len(todos()) == OFICIALES


def test_la_base_decide_aunque_nadie_mire(app: Flask, rentas: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever read the same ones cannot take the same place: the second looks again."""
    miradas: list[int] = []
    original = reconocimientos._rechazar_si_se_cruza
    todos_miraron = threading.Barrier(2)

    def esperando(columnas: dict[str, Any], anteriores: Sequence[Reconocimiento]) -> None:
        miradas.append(len(anteriores))
        if len(miradas) <= 2 and db.engine.dialect.name == "postgresql":
            todos_miraron.wait(timeout=30)
        original(columnas, anteriores)

    monkeypatch.setattr(reconocimientos, "_rechazar_si_se_cruza", esperando)
    errores = a_la_vez(app, [lambda: reconocer(quien(rentas)) and None for _ in range(2)])
    assert [type(e) for e in errores] == [YaReconocido]
    assert len(todos()) == 1
    esperadas = [0, 1] if db.engine.dialect.name == "sqlite" else [0, 0, 1]
    assert miradas == esperadas


def test_dos_contratos_declarados_a_la_vez_para_todo_el_beneficiario(app: Flask, rentas: int) -> None:
    def liquidar(numero: str) -> None:
        declarada = [declaracion(solo_contrato=False)]
        emitir(encargo_de_eps(numero), quien(rentas), departamento="cundinamarca", declaraciones=declarada)

    errores = a_la_vez(app, [lambda n=n: liquidar(n) for n in ("100", "101")])  # type: ignore[misc]
    assert [type(e) for e in errores] == [YaReconocido]
    assert len(todos()) == 1


def test_el_mismo_formulario_enviado_a_la_vez_emite_y_reconoce_una_vez(app: Flask, rentas: int) -> None:
    clave = uuid4().hex
    codigos: list[str] = []

    def enviar() -> None:
        una = emitir(
            encargo_de_eps(),
            quien(rentas),
            departamento="cundinamarca",
            clave=clave,
            declaraciones=[declaracion(solo_contrato=False)],
        )
        codigos.append(una.codigo)

    assert a_la_vez(app, [enviar for _ in range(OFICIALES)]) == []
    assert len(set(codigos)) == 1
    assert len(todos()) == 1


def revoco_sin_esperar(app: Flask, rentas: int, espera: float) -> bool:
    """Whether a revocation got through while an assessment that leans on the recognition stayed open for `espera` seconds."""
    uno_id = reconocer(quien(rentas)).id
    tomado, revocado, cerrando = threading.Event(), threading.Event(), threading.Event()
    adelantado: list[bool] = []

    def emitir_despacio() -> None:
        with transaccion():
            liquidaciones.emitir(
                encargo_de_eps(),
                departamento="cundinamarca",
                plazo_dias=30,
                permitir_provisional=True,
                clave=uuid4().hex,
                usuario=quien(rentas),
                ahora=AHORA,
                hoy=HOY,
            )
            tomado.set()
            revocado.wait(timeout=espera)
            cerrando.set()

    def revocar_mientras() -> None:
        assert tomado.wait(timeout=30)
        revocar(uno_id, quien(rentas))
        adelantado.append(not cerrando.is_set())
        revocado.set()

    assert a_la_vez(app, [emitir_despacio, revocar_mientras]) == []
    assert todos()[0].revocado
    return adelantado == [True]


def test_quien_revoca_espera_a_lo_que_se_esta_emitiendo(app: Flask, rentas: int) -> None:
    assert not revoco_sin_esperar(app, rentas, espera=1.5)
    with pytest.raises(DatoInvalido, match="Falta el reconocimiento"):
        emitir(encargo_de_eps("101"), quien(rentas), departamento="cundinamarca")


def test_control_sin_sujetarlo_se_revoca_por_debajo_de_lo_que_se_emite(
    app: Flask, rentas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: the transaction itself is the protection")
    monkeypatch.setattr(reconocimientos, "sujetar", lambda _: True)
    assert revoco_sin_esperar(app, rentas, espera=25)
