"""Reports of what was collected."""

from portal.blueprints.reportes.views import bp

__all__ = ["bp"]
