"""20,000 made-up requests over every route, method and role: none breaks, none leaks, and the money squares (T-7, T-17)."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app, request
from markupsafe import Markup

from portal.app import create_app
from portal.db import db
from portal.web.acceso import publico
from tests.azar.campana import Campana, Saber
from tests.azar.formas import leer
from tests.azar.tandas import (
    CLAVE,
    Escenario,
    Informe,
    correr_tanda,
    en_su_dia,
    escenario_en_memoria,
    poblar,
)
from tests.bases import guardar_copia, restaurar
from tests.conftest import ajustes_de_prueba

SEMILLA = int(os.environ.get("SEMILLA", "8"))
# The other engine refuses what SQLite keeps (M22); it takes longer to begin anew.
EN_MEMORIA, EN_POSTGRESQL, TANDA = 16_000, 4_000, 2_000


@pytest.fixture(scope="module")
def en_memoria(plantilla_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Escenario]:
    with escenario_en_memoria(plantilla_sqlite, tmp_path_factory.mktemp("azar")) as escenario:
        yield escenario


def sin_fallas(informe: Informe) -> None:
    assert not informe.fallas, "\n".join(
        f"{f}\n  make azar SEMILLA={f.semilla} PETICIONES={TANDA} TANDA={TANDA}" for f in informe.fallas[:5]
    )


def test_ninguna_peticion_rompe_ni_descubre_nada(en_memoria: Escenario) -> None:
    informe = Informe()
    for n in range(EN_MEMORIA // TANDA):
        informe.sumar(correr_tanda(en_memoria, SEMILLA + n, TANDA))
    sin_fallas(informe)
    assert informe.peticiones >= EN_MEMORIA
    sin_pedir = [extremo for extremo, cuenta in informe.estados.items() if not cuenta]
    assert sin_pedir == [], "every route is asked for"
    alcanzadas = 1 - len(informe.sin_alcanzar()) / len(informe.estados)
    assert alcanzadas > 0.6, informe.sin_alcanzar()


@pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)
def test_tampoco_en_postgresql(app: Flask, base_datos: str, tmp_path: Path) -> None:
    with en_su_dia():
        conocido = poblar(app)
        db.session.remove()
        db.engine.dispose()
        copia = guardar_copia(base_datos, "azar", tmp_path)

        def empezar() -> None:
            db.session.remove()
            db.engine.dispose()
            restaurar(base_datos, copia)

        escenario, informe = Escenario(app, empezar, *conocido), Informe()
        for n in range(EN_POSTGRESQL // TANDA):
            informe.sumar(correr_tanda(escenario, SEMILLA + 1000 + n, TANDA))
    sin_fallas(informe)


@pytest.mark.parametrize(
    ("vista", "que"),
    [
        (lambda: str(int(request.values.get("numero", "1"))), "5xx"),
        (lambda: str(Markup(f"<p>{request.values.get('nombre', '')}")), "canario sin escapar"),  # noqa: S704
        (
            lambda: current_app.logger.warning("lookup of %s", request.values.get("documento")) or "",
            "canario en el registro",
        ),
        (lambda: ("Traceback (most recent call last)", 400), "traza"),
    ],
    ids=["rompe", "no escapa", "anota", "muestra la traza"],
)
def test_el_control_una_vista_mala_se_descubre(tmp_path: Path, vista: Callable[[], object], que: str) -> None:
    app = create_app(ajustes_de_prueba(tmp_path, "sqlite:///:memory:"))
    pagina = publico(lambda: vista() if request.method == "POST" else FORMULARIO)
    app.add_url_rule("/mala", "mala", pagina, methods=["GET", "POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        campana = Campana(app, {}, 1, clave=CLAVE, saber=Saber(), solo=["mala"])
        campana.correr(250)
    assert que in {falla.que for falla in campana.fallas}


FORMULARIO = (
    '<!doctype html><title>x</title><form method=post action="/mala"><input name=numero value=1><input name=nombre>'
    "<input name=documento><select name=clase><option value=a selected><option value=b></select><input type=file name=f>"
    '<button name=hacer value=ya>Enviar</button></form><a href="/mala?numero=2">otra</a>'
)


def test_de_una_pagina_se_leen_sus_enlaces_y_formularios() -> None:
    enlaces, [forma] = leer(FORMULARIO)
    assert enlaces == ["/mala?numero=2"]
    assert (forma.accion, forma.metodo) == ("/mala", "POST")
    assert [(c.nombre, c.valor, c.opciones) for c in forma.campos] == [
        ("numero", "1", []),
        ("nombre", "", []),
        ("documento", "", []),
        ("clase", "a", ["a", "b"]),
        ("f", "", []),
        ("hacer", "ya", []),
    ]
