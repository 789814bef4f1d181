"""Adherir y anular: an official looks a stamp up, compares it with the paper, and uses it once."""

from portal.blueprints.validacion import adhesiones, listas, views
from portal.blueprints.validacion.blueprint import bp

__all__ = ["adhesiones", "bp", "listas", "views"]
