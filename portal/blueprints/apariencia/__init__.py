"""The accessibility bar: contrast and size of letter, and the sheet of colours."""

from portal.blueprints.apariencia.views import bp

__all__ = ["bp"]
