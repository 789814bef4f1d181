"""Prove again who one is; the form that was waiting then comes back with what it held."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from portal.blueprints.cuenta.blueprint import bp
from portal.db import transaccion
from portal.operaciones import ingresos, segundo_factor, usuarios
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.cofre import cofre_actual
from portal.web.confirmacion import ConfirmarForm, abrir_guardado, exigir_contrasena_actual, renovar
from portal.web.conservar import para_reenviar
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id


@bp.route("/confirmar", methods=["GET", "POST"])
@requiere_rol()
def confirmar() -> Any:
    """Ask for the password and, of who has one, the second factor; the session goes on under a new token."""
    form = ConfirmarForm()
    if not form.validate_on_submit():
        return _pagina(form, 422 if form.is_submitted() else 200)
    try:
        _comprobar(form)
    except usuarios.IngresoRechazado:
        form.contrasena.errors = ["Esa no es su contraseña."]
        return _pagina(form, 422)
    except ingresos.CodigoRechazado as error:
        form.codigo_acceso.errors = [error.mensaje]
        return _pagina(form, 422)
    except usuarios.IngresoDemorado as error:
        form.form_errors.append(error.mensaje)
        return _pagina(form, 429)
    if guardado := abrir_guardado(form.guardado.data or ""):
        mensaje = "Ya sabemos que es usted."
        return para_reenviar("Confirmado", mensaje, guardado.direccion, guardado.campos)
    flash("Confirmado: durante 10 minutos no se le pregunta de nuevo.", "exito")
    return redirect(url_for("cuenta.ver"), 303)


def _comprobar(form: ConfirmarForm) -> None:
    exigir_contrasena_actual(quien_ingreso(), form.contrasena.data or "")
    if quien_ingreso().tiene_segundo_factor:
        with transaccion():
            segundo_factor.admitir_codigo(quien_ingreso().id, ahora())
        with transaccion():
            usado = segundo_factor.gastar(
                quien_ingreso(),
                form.codigo_acceso.data or "",
                cofre=cofre_actual(),
                ahora=ahora(),
                peticion=peticion_id(),
            )
        if not usado:
            raise ingresos.CodigoRechazado
    renovar()


def _pagina(form: ConfirmarForm, estado: int) -> Any:
    return render_template("cuenta/confirmar.html", form=form, cuenta=quien_ingreso()), estado
