"""The calendar of due dates: holidays, days declared non-working, outages of the portal."""

from portal.blueprints.calendario.views import bp

__all__ = ["bp"]
