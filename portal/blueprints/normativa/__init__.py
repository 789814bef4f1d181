"""The law's data: yearly values and tariffs, their history, the two people that publish a change, and the circular."""

from portal.blueprints.normativa import abiertos, circular, evidencia, tarifas, views
from portal.blueprints.normativa.blueprint import bp

__all__ = ["abiertos", "bp", "circular", "evidencia", "tarifas", "views"]
