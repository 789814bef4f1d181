"""`/devolucion`: ask for a refund step by step, and follow it with its private code."""

from portal.blueprints.devolucion import seguimiento, views
from portal.blueprints.devolucion.blueprint import bp

__all__ = ["bp", "seguimiento", "views"]
