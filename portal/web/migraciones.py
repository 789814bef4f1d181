"""Whether the database has the tables that this version of the portal expects."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal.db import db


def faltan_migraciones() -> bool:
    """Whether `flask db upgrade` has something to do; raises `SQLAlchemyError` when the database does not answer."""
    guion = ScriptDirectory(str(current_app.extensions["migrate"].directory))
    actual = MigrationContext.configure(db.session.connection()).get_current_heads()
    return set(actual) != set(guion.get_heads())
