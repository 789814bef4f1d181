"""The yearly values: what is published, and the two people that publish one."""

from portal.blueprints.normativa.views import bp

__all__ = ["bp"]
