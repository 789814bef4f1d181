"""The state of many contracts at once, from a list that is pasted or uploaded."""

from portal.blueprints.validacion_lista.views import bp

__all__ = ["bp"]
