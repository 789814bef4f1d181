"""Consecutive numbers: without gaps, without repeats, whoever asks at the same time."""

from sqlalchemy import text

from portal.db import db

_TOMAR = text(
    "INSERT INTO consecutivo (serie, siguiente) VALUES (:serie, 1 + :cuantos) "
    "ON CONFLICT (serie) DO UPDATE SET siguiente = consecutivo.siguiente + :cuantos RETURNING siguiente"
)
_ADELANTAR = text(
    "INSERT INTO consecutivo (serie, siguiente) VALUES (:serie, :siguiente) "
    "ON CONFLICT (serie) DO UPDATE SET siguiente = excluded.siguiente WHERE excluded.siguiente > consecutivo.siguiente"
)


def tomar(serie: str, cuantos: int) -> range:
    """The next `cuantos` numbers of `serie`. The row is locked until the transaction ends: nothing is skipped."""
    siguiente = int(db.session.execute(_TOMAR, {"serie": serie, "cuantos": cuantos}).scalar_one())
    return range(siguiente - cuantos, siguiente)


def adelantar(serie: str, siguiente: int) -> None:
    """Make `serie` go on from `siguiente` at least: a department keeps the numbering of its earlier system."""
    db.session.execute(_ADELANTAR, {"serie": serie, "siguiente": siguiente})
