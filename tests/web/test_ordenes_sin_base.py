"""Commands on a database that is not ready: one sentence that says what to do, and exit 1."""

from pathlib import Path

import click
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from portal import cli
from portal.app import create_app
from portal.cli.espanol import Grupo
from portal.db import db
from portal.dominio.errores import NormaNoVigente
from tests.conftest import ajustes_de_prueba

SIN_TABLAS = "La base de datos no tiene las tablas de esta versión del portal. Ejecute primero: flask db upgrade\n"
ORDENES = (
    "usuarios crear a@b.co --nombre Ana --rol rentas --clave una-clave-larga-de-prueba",
    "usuarios listar",
    "normativa verificar",
    "indicadores listar",
    "correo enviar",
    "pagos sondear",
    "agentes abrir",
    "auditoria verificar",
)


def test_sin_tablas_cada_orden_dice_que_falta(tmp_path: Path) -> None:
    portal = create_app(ajustes_de_prueba(tmp_path, f"sqlite:///{tmp_path}/vacia.sqlite"))
    for orden in ORDENES:
        hecho = portal.test_cli_runner().invoke(args=orden.split())
        assert (orden, hecho.exit_code, hecho.output) == (orden, 1, SIN_TABLAS)


def test_si_la_base_no_responde_tambien(tmp_path: Path) -> None:
    suyo = create_app(ajustes_de_prueba(tmp_path, f"sqlite:///{tmp_path}/no/hay/carpeta.sqlite"))
    hecho = suyo.test_cli_runner().invoke(args=["usuarios", "listar"])
    assert hecho.exit_code == 1
    assert hecho.output.startswith("La base de datos no responde.")
    assert hecho.output.count("\n") == 1


def test_una_orden_mal_escrita_sobre_una_base_al_dia_es_una_falla_y_no_se_calla(app: Flask) -> None:
    grupo = Grupo("prueba")

    @grupo.command("rota")
    def rota() -> None:
        db.session.execute(text("SELECT * FROM no_hay"))

    @grupo.command("sin-valores")
    def sin_valores() -> None:
        raise NormaNoVigente("No hay UVT publicada para la fecha 2027-01-15")

    with app.app_context():
        hecho = CliRunner().invoke(grupo, ["rota"])
        negada = CliRunner().invoke(grupo, ["sin-valores"])
    assert "no_hay" in str(hecho.exception)
    assert (negada.exit_code, negada.output) == (1, "No hay UVT publicada para el 15 de enero de 2027\n")


def test_ninguna_orden_se_sale_de_la_regla() -> None:
    sueltas = [o for o in cli.TODOS if not isinstance(o, click.Group)]
    de_grupos = [o for grupo in cli.TODOS if isinstance(grupo, click.Group) for o in grupo.commands.values()]
    for orden in (*sueltas, *de_grupos):
        assert type(orden).__module__ == "portal.cli.espanol", orden.name
