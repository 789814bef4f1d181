"""`/devolucion`: ask for a refund step by step, and follow it with its private code."""

from portal.blueprints.devolucion import correccion, seguimiento, views
from portal.blueprints.devolucion.blueprint import bp

__all__ = ["bp", "correccion", "seguimiento", "views"]
