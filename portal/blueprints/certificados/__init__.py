"""Certificates of validation: look an act up, certify what was found, read it again; and the page where anyone verifies one."""

from portal.blueprints.certificados import publico, views
from portal.blueprints.certificados.blueprint import bp

__all__ = ["bp", "publico", "views"]
