"""Pago en línea: find, choose, say who pays, check, go to the bank, come back, receipt."""

from portal.blueprints.pago.views import bp

__all__ = ["bp"]
