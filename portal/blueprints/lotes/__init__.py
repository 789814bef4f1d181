"""Assessing many contracts at once from a spreadsheet: upload, dry run, import, result."""

from portal.blueprints.lotes.views import bp

__all__ = ["bp"]
