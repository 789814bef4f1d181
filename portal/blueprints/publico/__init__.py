"""Pages for anyone: the first screen, the page of one assessment, help, and what machines ask (alive, ready)."""

from portal.blueprints.publico.views import bp

__all__ = ["bp"]
