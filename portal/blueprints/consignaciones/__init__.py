"""Deposits of collecting agents: what they send and see, and what treasury decides."""

from portal.blueprints.consignaciones import agente, tesoreria
from portal.blueprints.consignaciones.blueprint import bp

__all__ = ["agente", "bp", "tesoreria"]
