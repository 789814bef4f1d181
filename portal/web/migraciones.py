"""Whether the database has the tables that this version of the portal expects."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal.db import db


def faltan_migraciones() -> bool:
    """Whether `flask db upgrade` has something to do; raises `SQLAlchemyError` when the database does not answer.

    A migration that this code does not know is of the next version, which is being installed: it only adds.
    """
    guion = ScriptDirectory(str(current_app.extensions["migrate"].directory))
    actual = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    conocidas = {paso.revision for paso in guion.walk_revisions()}
    return not actual or bool(actual & conocidas - set(guion.get_heads()))
