"""The portal over a database in memory that goes back to its beginning in a millisecond, for thousands of histories."""

import gc
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from portal.app import create_app
from portal.db import db
from tests.conftest import ajustes_de_prueba


class EnMemoria:
    """One portal whose only connection is to a database in memory. `empezar` forgets everything that was written since."""

    def __init__(self, app: Flask, origen: sqlite3.Connection) -> None:
        self.app, self._origen = app, origen

    def empezar(self) -> None:
        """Make the database equal to the one it was opened with."""
        db.session.remove()
        conexion = db.engine.raw_connection()
        self._origen.backup(conexion.driver_connection)
        conexion.close()

    def escrito(self) -> int:
        """Grows with every row that is written."""
        return int(db.engine.raw_connection().driver_connection.total_changes)

    def guardar(self) -> None:
        """From now on, begin from what is written at this moment."""
        db.session.remove()
        conexion = db.engine.raw_connection()
        conexion.driver_connection.backup(self._origen)
        conexion.close()


@contextmanager
def en_memoria(plantilla: Path, carpeta: Path) -> Iterator[EnMemoria]:
    """A portal in memory that begins as the migrated SQLite file `plantilla`; its context is open for operations."""
    app = create_app(ajustes_de_prueba(carpeta, "sqlite:///:memory:"))
    origen = sqlite3.connect(":memory:")
    with sqlite3.connect(f"file:{plantilla}?mode=ro", uri=True) as archivo:
        archivo.backup(origen)
    archivo.close()
    with app.app_context():
        portal = EnMemoria(app, origen)
        portal.empezar()
        # What was loaded until here is never garbage: looking through it again and again would take a third of the time.
        gc.freeze()
        logging.disable(logging.WARNING)
        try:
            yield portal
        finally:
            logging.disable(logging.NOTSET)
            gc.unfreeze()
            db.session.remove()
            db.engine.dispose()
            origen.close()
