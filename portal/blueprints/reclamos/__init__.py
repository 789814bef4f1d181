"""*Pagué y no aparece*: for whoever paid, and for treasury, who answers."""

from portal.blueprints.reclamos.views import bp

__all__ = ["bp"]
