"""What a draft would change, before anybody publishes it."""

from portal.blueprints.simulaciones.views import bp

__all__ = ["bp"]
