"""The notices that could not leave, and another try for them."""

from portal.blueprints.correos.views import bp

__all__ = ["bp"]
