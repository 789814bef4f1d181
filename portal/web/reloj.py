"""The clock of the edge: operations receive the instant as an argument, and only pages and commands ask for it here."""

from datetime import UTC, date, datetime

from portal.dominio.calendario import BOGOTA

__all__ = ["BOGOTA", "ahora", "hoy"]


def ahora() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def hoy() -> date:
    """Today's date in Colombia."""
    return ahora().astimezone(BOGOTA).date()
