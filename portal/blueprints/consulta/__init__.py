"""Consulta Pública: is this stamp paid?"""

from portal.blueprints.consulta.views import bp

__all__ = ["bp"]
