"""The yearly values: what is published, the two people that publish one, and the circular that follows from them."""

from portal.blueprints.normativa import circular
from portal.blueprints.normativa.views import bp

__all__ = ["bp", "circular"]
