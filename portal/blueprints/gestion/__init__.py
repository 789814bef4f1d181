"""First page of every account: what its role can do today."""

from portal.blueprints.gestion.views import bp

__all__ = ["bp"]
