"""The accounts of the portal, for its administrators."""

from portal.blueprints.usuarios import actos, views
from portal.blueprints.usuarios.blueprint import bp

__all__ = ["actos", "bp", "views"]
