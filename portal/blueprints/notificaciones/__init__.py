"""What gateways call: no session, no CSRF; the gateway's own signature lets in."""

from portal.blueprints.notificaciones.views import bp

__all__ = ["bp"]
