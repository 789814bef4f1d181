"""The daily close of each collecting account: what the ledger, the gateway and the bank say, and treasury's signature."""

from portal.blueprints.cierres.views import bp

__all__ = ["bp"]
