"""The months of collecting agents: the list, each month with its return, what is done with it, and its public page."""

from portal.blueprints.agentes import actos, publico, views
from portal.blueprints.agentes.blueprint import bp

__all__ = ["actos", "bp", "publico", "views"]
