"""Liquidaciones of the revenue office: choose the act, fill in, check, issue, look up, void."""

from portal.blueprints.liquidaciones.views import bp

__all__ = ["bp"]
