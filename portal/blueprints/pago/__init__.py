"""Pago en línea: find, choose and say who pays, check, go to the bank, come back, receipt."""

from portal.blueprints.pago import estado, views
from portal.blueprints.pago.blueprint import bp

__all__ = ["bp", "estado", "views"]
