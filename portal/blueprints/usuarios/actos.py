"""What an administrator does with an account of another person; each takes effect on its next request."""

from typing import Any

from flask import flash, redirect, url_for

from portal.blueprints.usuarios.blueprint import bp, pagina_de
from portal.blueprints.usuarios.forms import MotivoForm
from portal.db import transaccion
from portal.models import ClaseEnlace
from portal.models.usuario import Rol
from portal.operaciones import personas
from portal.web.acceso import requiere_rol
from portal.web.cofre import cofre_actual
from portal.web.confirmacion import reautenticado
from portal.web.firmas import firma

_ENVIADO = {
    ClaseEnlace.INVITACION: "La invitación va de nuevo por correo; el enlace sirve 72 horas y el anterior ya no.",
    ClaseEnlace.RESTABLECER: "El enlace para elegir otra contraseña va por correo y sirve 30 minutos.",
}


@bp.post("/<int:cuenta>/desactivar")
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def desactivar(cuenta: int) -> Any:
    """Close it."""
    with transaccion():
        personas.desactivar(personas.por_id(cuenta), firma=firma())
    return _volver(cuenta, "La cuenta quedó inactiva y sus sesiones, cerradas.")


@bp.post("/<int:cuenta>/activar")
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def activar(cuenta: int) -> Any:
    """Open it again."""
    with transaccion():
        personas.activar(personas.por_id(cuenta), firma=firma())
    return _volver(cuenta, "La cuenta quedó activa.")


@bp.post("/<int:cuenta>/cerrar-sesiones")
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def cerrar_sesiones(cuenta: int) -> Any:
    """End all its sessions."""
    with transaccion():
        personas.cerrar_sesiones(personas.por_id(cuenta), firma=firma())
    return _volver(cuenta, "Sus sesiones quedaron cerradas.")


@bp.post("/<int:cuenta>/restablecer")
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def restablecer(cuenta: int) -> Any:
    """Send its person the link to choose a password."""
    with transaccion():
        clase = personas.restablecer(personas.por_id(cuenta), cofre=cofre_actual(), firma=firma())
    return _volver(cuenta, _ENVIADO[clase])


@bp.post("/<int:cuenta>/quitar-segundo-factor")
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def quitar_segundo_factor(cuenta: int) -> Any:
    """For who lost its device and its codes, with the reason."""
    form = MotivoForm()
    if not form.validate():
        return pagina_de(personas.por_id(cuenta), motivo=form, estado=422)
    with transaccion():
        personas.quitar_segundo_factor(personas.por_id(cuenta), form.motivo.leido, firma=firma())
    return _volver(cuenta, "Se le quitó el segundo factor, y se le avisó por correo.")


def _volver(cuenta: int, frase: str) -> Any:
    flash(frase, "exito")
    return redirect(url_for("usuarios.ver", cuenta=cuenta), 303)
