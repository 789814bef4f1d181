"""The law's data: yearly values and tariffs, their history, and the two people that publish a change."""

from portal.blueprints.normativa import evidencia, tarifas, views
from portal.blueprints.normativa.blueprint import bp

__all__ = ["bp", "evidencia", "tarifas", "views"]
