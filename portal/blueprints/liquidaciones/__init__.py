"""Liquidaciones of the revenue office: choose the act, fill in, check, issue, look up, void; and recognised exemptions."""

from portal.blueprints.liquidaciones import reconocimientos
from portal.blueprints.liquidaciones.views import bp

__all__ = ["bp", "reconocimientos"]
