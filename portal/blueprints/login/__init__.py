"""Signing in and out of staff accounts."""

from portal.blueprints.login.views import bp

__all__ = ["bp"]
