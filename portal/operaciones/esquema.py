"""How the tables of the database stand to the migrations that come with this code."""

from enum import Enum, auto
from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.db import db


class Esquema(Enum):
    """`POSTERIOR` is of a next version, which is being installed: it only adds."""

    AL_DIA = auto()
    ATRASADO = auto()
    POSTERIOR = auto()


def esquema_de(carpeta: Path) -> Esquema:
    """Compare the database with the migrations of a folder. Raises `SQLAlchemyError` when the database does not answer."""
    actual = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    conocidas, ultimas = _migraciones(carpeta)
    if actual == ultimas:
        return Esquema.AL_DIA
    return Esquema.ATRASADO if actual <= conocidas else Esquema.POSTERIOR


def migraciones_conocidas(carpeta: Path) -> frozenset[str]:
    """Every migration of a folder."""
    return _migraciones(carpeta)[0]


# A process never sees other migrations than those that its code came with, and reading them takes half a hundred files.
@cache
def _migraciones(carpeta: Path) -> tuple[frozenset[str], frozenset[str]]:
    guion = ScriptDirectory(str(carpeta))
    return frozenset(paso.revision for paso in guion.walk_revisions()), frozenset(guion.get_heads())
