"""Treasury: the queues, the search, and the orders that two people sign."""

from portal.blueprints.tesoreria import casos, ordenes, pagos, propuestas
from portal.blueprints.tesoreria.blueprint import bp

__all__ = ["bp", "casos", "ordenes", "pagos", "propuestas"]
