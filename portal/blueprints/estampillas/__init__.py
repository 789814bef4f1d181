"""The electronic stamp: on paper, checked by anybody on line, and checked without a connection."""

from portal.blueprints.estampillas import papel, sin_conexion, views
from portal.blueprints.estampillas.blueprint import bp

__all__ = ["bp", "papel", "sin_conexion", "views"]
