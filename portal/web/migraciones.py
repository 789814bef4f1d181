"""Where the migrations of this installation are, and whether some are lacking."""

from pathlib import Path

from flask import current_app

from portal.operaciones.esquema import Esquema, esquema_de


def carpeta_de_migraciones() -> Path:
    """Those that come with this code."""
    return Path(str(current_app.extensions["migrate"].directory))


def faltan_migraciones() -> bool:
    """Whether `flask db upgrade` has something to do; raises `SQLAlchemyError` when the database does not answer."""
    return esquema_de(carpeta_de_migraciones()) is Esquema.ATRASADO
