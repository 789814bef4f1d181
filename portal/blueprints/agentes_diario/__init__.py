"""The daily collection of the offices of an agent, and its monthly report."""

from portal.blueprints.agentes_diario.views import bp

__all__ = ["bp"]
