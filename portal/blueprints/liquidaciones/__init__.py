"""Liquidaciones: choose the act, fill in, check, issue, look up, void; contracts, recognitions, and what agents withhold."""

from portal.blueprints.liquidaciones import contratos, lista, reconocimientos, retencion, una, views
from portal.blueprints.liquidaciones.blueprint import bp

__all__ = ["bp", "contratos", "lista", "reconocimientos", "retencion", "una", "views"]
