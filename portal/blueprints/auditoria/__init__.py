"""What auditors read: who did what and when, the state of both chains, and the export of a period."""

from portal.blueprints.auditoria.views import bp

__all__ = ["bp"]
