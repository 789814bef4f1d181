"""The register of collecting agents: the entities, their offices and the accounts that work for them."""

from portal.blueprints.agentes_registro.views import bp

__all__ = ["bp"]
