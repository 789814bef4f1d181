"""Batches of histories for processes of their own."""

import traceback
from pathlib import Path

from flask_migrate import upgrade

from portal.app import create_app
from portal.db import db, transaccion
from portal.operaciones import normativa
from tests.conftest import ajustes_de_prueba
from tests.maquina.correr import contar_historias, preparar
from tests.maquina.memoria import en_memoria

# One seed each, so that a broken one is found again soon.
TANDA = 100


def plantilla_en(carpeta: Path) -> Path:
    """A migrated database with the rules loaded."""
    archivo = carpeta / "plantilla.sqlite"
    app = create_app(ajustes_de_prueba(carpeta, f"sqlite:///{archivo}"))
    with app.app_context():
        upgrade()
        with transaccion():
            normativa.cargar()
        db.session.remove()
        db.engine.dispose()
    return archivo


def contar_tanda(tarea: tuple[Path, int, int, bool]) -> tuple[int, str]:
    """Run one batch; its seed and, if it broke, the history that did it."""
    archivo, semilla, cuantas, a_fondo = tarea
    with en_memoria(archivo, archivo.parent) as portal:
        preparar(portal)
        try:
            contar_historias(cuantas, semilla, a_fondo=a_fondo)
        except Exception:
            return semilla, traceback.format_exc()
    return semilla, ""
