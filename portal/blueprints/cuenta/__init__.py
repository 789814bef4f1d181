"""One's own account: password, sessions, second factor, and proving again who one is."""

from portal.blueprints.cuenta import confirmar, factor, llaves, views
from portal.blueprints.cuenta.blueprint import bp

__all__ = ["bp", "confirmar", "factor", "llaves", "views"]
