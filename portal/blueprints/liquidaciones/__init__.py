"""Liquidaciones of the revenue office: choose the act, fill in, check, issue, look up, void; and the life of a contract."""

from portal.blueprints.liquidaciones import contratos
from portal.blueprints.liquidaciones.views import bp

__all__ = ["bp", "contratos"]
