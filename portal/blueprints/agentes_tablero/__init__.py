"""The department's board: who filed, who is late, and what does not square."""

from portal.blueprints.agentes_tablero.views import bp

__all__ = ["bp"]
