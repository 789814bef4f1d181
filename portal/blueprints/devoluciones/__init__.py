"""`/gestion/tesoreria/devoluciones`: study, decide and pay refunds."""

from portal.blueprints.devoluciones import rebotes
from portal.blueprints.devoluciones.views import bp

__all__ = ["bp", "rebotes"]
