"""Pago en línea: find, choose, say who pays, check, pay, and know what became of it."""

from portal.blueprints.pago.views import bp

__all__ = ["bp"]
