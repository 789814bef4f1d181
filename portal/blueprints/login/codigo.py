"""The second factor after the password: a code, or a key of the device."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, session, url_for

from portal.blueprints.login.blueprint import PENDIENTE, bp, demorada, destino
from portal.blueprints.login.forms import CodigoForm, LlaveForm
from portal.db import transaccion
from portal.models import IngresoPendiente, Usuario
from portal.operaciones import ingresos, llaves, segundo_factor, usuarios
from portal.web.acceso import publico
from portal.web.cofre import cofre_actual
from portal.web.llaves import sitio_actual
from portal.web.navegador import navegador_en_palabras
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id
from portal.web.sesiones import recordar_token, token_actual


@bp.route("/ingresar/codigo", methods=["GET", "POST"])
@publico
def codigo() -> Any:
    """A code of the application or of recovery, within five minutes of the password."""
    pendiente, form = _pendiente(), CodigoForm()
    if pendiente is None:
        return _de_nuevo()
    if not form.validate_on_submit():
        return _pagina(form, pendiente, 422 if form.is_submitted() else 200)

    def gastar(usuario: Usuario) -> bool:
        texto = form.codigo_acceso.data or ""
        return segundo_factor.gastar(usuario, texto, cofre=cofre_actual(), ahora=ahora(), peticion=peticion_id())

    try:
        _completar(pendiente, gastar)
    except ingresos.CodigoRechazado as error:
        form.codigo_acceso.errors = [error.mensaje]
        return _pagina(form, pendiente, 422)
    except usuarios.IngresoDemorado as error:
        form.form_errors.append(error.mensaje)
        return demorada(_pagina(form, pendiente, 429)[0], error)
    return redirect(destino(), 303)


@bp.post("/ingresar/llave")
@publico
def llave() -> Any:
    """What the device signed."""
    pendiente, form, sitio = _pendiente(), LlaveForm(), sitio_actual()
    if pendiente is None or sitio is None:
        return _de_nuevo()
    reto, respuesta = llaves.reto_de(session[PENDIENTE]), form.respuesta.data or ""
    try:
        _completar(pendiente, lambda usuario: llaves.usar(usuario, respuesta, sitio=sitio, reto=reto, ahora=ahora()))
    except ingresos.CodigoRechazado:
        form.form_errors.append("La llave de acceso no sirvió. Inténtelo de nuevo o escriba un código.")
        return _pagina(form, pendiente, 422)
    except usuarios.IngresoDemorado as error:
        form.form_errors.append(error.mensaje)
        return demorada(_pagina(form, pendiente, 429)[0], error)
    return redirect(destino(), 303)


def _pendiente() -> IngresoPendiente | None:
    return ingresos.pendiente_de(session.get(PENDIENTE, ""), ahora())


def _de_nuevo() -> Any:
    return redirect(url_for("login.ingresar", siguiente=request.args.get("siguiente")), 303)


def _completar(pendiente: IngresoPendiente, prueba: Callable[[Usuario], bool]) -> None:
    """Count the try before looking at it, so that many at once are not more than one after another."""
    momento, usuario_id, recordar, ficha = ahora(), pendiente.usuario_id, pendiente.recordar, session[PENDIENTE]
    with transaccion():
        segundo_factor.admitir_codigo(usuario_id, momento)
    anterior = token_actual()
    with transaccion():
        token = ingresos.completar(ficha, prueba, ahora=momento, navegador=navegador_en_palabras())
        if anterior:
            usuarios.terminar_sesion(anterior, momento)
    recordar_token(token, recordar=recordar)


def _pagina(form: CodigoForm | LlaveForm, pendiente: IngresoPendiente, estado: int) -> Any:
    sitio, de_codigo = sitio_actual(), form if isinstance(form, CodigoForm) else CodigoForm(formdata=None)
    reto = llaves.reto_de(session[PENDIENTE])
    opciones = llaves.opciones_de_ingreso(pendiente.usuario_id, sitio=sitio, reto=reto) if sitio else ""
    return render_template("login/codigo.html", form=de_codigo, enviado=form, opciones=opciones), estado
