"""Every command of ours explains itself in Spanish and is in the README."""

from pathlib import Path

import click
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from portal.cli import TODOS
from portal.db import db
from portal.models import Usuario

RAIZ = Path(__file__).resolve().parents[2]


def _todas() -> list[tuple[str, ...]]:
    rutas: list[tuple[str, ...]] = []
    for raiz in TODOS:
        rutas.append((str(raiz.name),))
        if isinstance(raiz, click.Group):
            rutas += [(str(raiz.name), nombre) for nombre in raiz.commands]
    return rutas


@pytest.mark.parametrize("ruta", _todas(), ids=" ".join)
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_la_ayuda_esta_en_espanol(app: Flask, runner: FlaskCliRunner, ruta: tuple[str, ...]) -> None:
    salida = runner.invoke(args=[*ruta, "--help"])
    assert salida.exit_code == 0
    assert salida.output.startswith("Uso: ")
    for palabra in ("Usage", "Options", "Commands", "Show this", "OPTIONS", "COMMAND"):
        assert palabra not in salida.output
    assert ruta[-1] in (RAIZ / "README.md").read_text()


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_la_demostracion_se_carga_una_vez_y_nunca_en_produccion(app: Flask, runner: FlaskCliRunner) -> None:
    primera = runner.invoke(args=["demo", "cargar"])
    assert "6 cuentas" in primera.output
    nombres = {u.rol.value: u.nombre for u in db.session.scalars(select(Usuario))}
    assert (nombres["tesoreria"], nombres["auditor"]) == ("Tesorería de demostración", "Auditoría de demostración")
    segunda = runner.invoke(args=["demo", "cargar"])
    assert (segunda.exit_code, "no se carga nada" in segunda.output) == (0, True)
