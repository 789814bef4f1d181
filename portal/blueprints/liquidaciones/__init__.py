"""Liquidaciones of the revenue office: choose the act, fill in, check, issue, look up, void; contracts and recognitions."""

from portal.blueprints.liquidaciones import contratos, reconocimientos
from portal.blueprints.liquidaciones.views import bp

__all__ = ["bp", "contratos", "reconocimientos"]
