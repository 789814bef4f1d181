"""What every page of an administrator says while yearly values are missing."""

from flask import Flask

from portal.dominio.errores import NoExiste
from portal.models.usuario import Rol
from portal.operaciones import propuestas
from portal.web.acceso import usuario_actual
from portal.web.departamento import ajustes_actuales
from portal.web.reloj import hoy


def aviso_de_valores() -> str:
    """The sentence for the signed-in administrator; empty for everybody else, and when nothing is missing."""
    usuario = usuario_actual()
    if usuario is None or usuario.rol is not Rol.ADMINISTRADOR:
        return ""
    try:
        return propuestas.aviso_de_valores(ajustes_actuales().departamento, hoy())
    except NoExiste as error:
        return error.mensaje


def init_app(app: Flask) -> None:
    """Give the sentence to templates."""
    app.jinja_env.globals["aviso_de_valores"] = aviso_de_valores
