"""Signing in and out of staff accounts, and choosing a password with a link."""

from portal.blueprints.login import codigo, enlaces, views
from portal.blueprints.login.blueprint import bp

__all__ = ["bp", "codigo", "enlaces", "views"]
