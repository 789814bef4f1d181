"""Who certifies, and what both sides of a certificate share."""

from flask import Blueprint, url_for

from portal.models.usuario import Rol
from portal.web.departamento import ajustes_actuales

bp = Blueprint("certificados", __name__)
CERTIFICAN = (Rol.FUNCIONARIO, Rol.RENTAS, Rol.TESORERIA, Rol.AUDITOR)


def direccion_publica(codigo: str) -> str:
    """Where anyone verifies a certificate: what its paper prints and its QR opens."""
    return ajustes_actuales().url + url_for("certificados.verificado", codigo=codigo)
