"""Self-assessment: which entity asks, which act, who, check, and the liquidación is there."""

from portal.blueprints.tramites.views import bp

__all__ = ["bp"]
