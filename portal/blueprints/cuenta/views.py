"""`/gestion/cuenta`: what one's account has, its password and its sessions."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.blueprints.cuenta.blueprint import bp
from portal.blueprints.cuenta.forms import ContrasenaForm
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido
from portal.dominio.palabras import ROLES
from portal.operaciones import enlaces, segundo_factor, usuarios
from portal.operaciones.bitacora import anotar
from portal.operaciones.contrasenas import exigir_contrasena, hash_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.confirmacion import exigir_contrasena_actual
from portal.web.departamento import departamento_actual
from portal.web.firmas import firma
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id
from portal.web.sesiones import token_actual

# As much of a session's digest as tells it from the others of its account.
_MARCA = 16


@bp.get("")
@requiere_rol()
def ver() -> Any:
    """Everything of one's account."""
    usuario, token = quien_ingreso(), token_actual()
    sesiones = usuarios.sesiones_de(usuario.id, ahora())
    return render_template(
        "cuenta/ver.html",
        cuenta=usuario,
        rol=ROLES[usuario.rol],
        sesiones=[(s, s.huella[:_MARCA], usuarios.es_de(s, token)) for s in sesiones],
        codigos=segundo_factor.codigos_sin_usar(usuario.id) if usuario.tiene_segundo_factor else 0,
    )


@bp.route("/contrasena", methods=["GET", "POST"])
@requiere_rol()
def contrasena() -> Any:
    """Change the password: it asks for the present one, and ends the other sessions."""
    form = ContrasenaForm()
    if not form.validate_on_submit():
        return _pagina(form, 422 if form.is_submitted() else 200)
    try:
        _cambiar(form)
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, 422)
    except usuarios.IngresoRechazado:
        form.contrasena_actual.errors = ["Esa no es su contraseña actual."]
        return _pagina(form, 422)
    except usuarios.IngresoDemorado as error:
        form.form_errors.append(error.mensaje)
        return _pagina(form, 429)
    flash("Su contraseña quedó cambiada. Se cerraron sus otras sesiones.", "exito")
    return redirect(url_for("cuenta.ver"), 303)


@bp.post("/sesiones/cerrar")
@requiere_rol()
def cerrar_sesion() -> Any:
    """End one of one's sessions, or all the others."""
    marca, quien = request.form.get("sesion", ""), firma()
    with transaccion():
        if marca:
            cuantas = int(usuarios.terminar_una(quien.usuario.id, marca, quien.ahora))
        else:
            cuantas = usuarios.terminar_sesiones(quien.usuario.id, quien.ahora, salvo=token_actual())
        anotar(
            "cuenta.sesiones",
            f"usuario:{quien.usuario.id}",
            ahora=quien.ahora,
            usuario_id=quien.usuario.id,
            peticion=quien.peticion,
            sesiones=cuantas,
        )
    flash("La sesión quedó cerrada." if marca else "Sus otras sesiones quedaron cerradas.", "exito")
    return redirect(url_for("cuenta.ver", _anchor="sesiones"), 303)


def _cambiar(form: ContrasenaForm) -> None:
    """Both passwords are looked at outside any transaction: they are slow on purpose."""
    usuario, nueva = quien_ingreso(), form.contrasena.data or ""
    exigir_contrasena(nueva, (*usuarios.conocido_de(usuario), departamento_actual().nombre))
    exigir_contrasena_actual(usuario, form.contrasena_actual.data or "")
    clave_hash = hash_de(nueva)
    with transaccion():
        enlaces.fijar_contrasena(
            quien_ingreso(), clave_hash, ahora=ahora(), salvo=token_actual(), peticion=peticion_id()
        )


def _pagina(form: ContrasenaForm, estado: int) -> Any:
    return render_template("cuenta/contrasena.html", form=form), estado
