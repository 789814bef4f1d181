"""A forgotten password, and the one-use links of invitations and resets. Nothing here says whether an account exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import ValidationError, validate_csrf
from werkzeug.exceptions import abort

from portal.blueprints.login.blueprint import bp
from portal.blueprints.login.forms import EnlaceForm, OlvidoForm
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido
from portal.extensions import csrf
from portal.models import EnlaceCuenta
from portal.operaciones import enlaces
from portal.operaciones.contrasenas import exigir_contrasena, hash_de
from portal.operaciones.usuarios import conocido_de
from portal.web.acceso import publico
from portal.web.cofre import cofre_actual
from portal.web.departamento import departamento_actual
from portal.web.frenos import frenar_envio
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id

Vista = TypeVar("Vista", bound=Callable[..., Any])


def sin_referencia(vista: Vista) -> Vista:
    """The address of the page is a secret: no browser tells it to the next one."""

    @wraps(vista)
    def con_cabecera(*args: Any, **kwargs: Any) -> Any:
        respuesta = make_response(vista(*args, **kwargs))
        respuesta.headers["Referrer-Policy"] = "no-referrer"
        return respuesta

    return cast(Vista, con_cabecera)


@bp.route("/ingresar/olvido", methods=["GET", "POST"])
@publico
def olvido() -> Any:
    """Ask for a link; the answer is the same for every address."""
    form = OlvidoForm()
    if not form.validate_on_submit():
        return render_template("login/olvido.html", form=form), 422 if form.is_submitted() else 200
    frenar_envio("olvido")
    with transaccion():
        enlaces.pedir_otra(form.correo.leido, cofre=cofre_actual(), ahora=ahora())
    return redirect(url_for("login.olvido_enviado"), 303)


@bp.get("/ingresar/olvido/enviado")
@publico
def olvido_enviado() -> Any:
    """What to do next, whoever asked."""
    return render_template("login/enviado.html")


@bp.route("/ingresar/enlace/<ficha>", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]
@publico
@sin_referencia
def enlace(ficha: str) -> Any:
    """Choose a password. Looking changes nothing; whoever sends the form first uses the link up."""
    if request.method == "POST":
        _exigir_ficha_de_formulario()
    try:
        vivo, form = enlaces.enlace_vivo(ficha, ahora()), EnlaceForm()
        if not form.validate_on_submit():
            return _pagina(form, vivo, 422 if form.is_submitted() else 200)
        _elegir(ficha, vivo, form)
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, enlaces.enlace_vivo(ficha, ahora()), 422)
    except enlaces.EnlaceInservible as error:
        return render_template("login/enlace_inservible.html", mensaje=error.mensaje), 404
    flash("Su contraseña quedó guardada. Ingrese con ella.", "exito")
    return redirect(url_for("login.ingresar"), 303)


def _elegir(ficha: str, vivo: EnlaceCuenta, form: EnlaceForm) -> None:
    contrasena = form.contrasena.data or ""
    exigir_contrasena(contrasena, (*conocido_de(vivo.usuario), departamento_actual().nombre))
    clave_hash = hash_de(contrasena)
    with transaccion():
        enlaces.usar_enlace(ficha, clave_hash, ahora=ahora(), peticion=peticion_id())


def _exigir_ficha_de_formulario() -> None:
    """The form's own token, without the origin that the page asks browsers not to tell."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        abort(400)


def _pagina(form: EnlaceForm, vivo: EnlaceCuenta, estado: int) -> Any:
    return render_template("login/enlace.html", form=form, enlace=vivo), estado
