"""`/ingresar`, the code that follows for who has a second factor, and `/salir`."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.blueprints.login.blueprint import bp, demorada
from portal.blueprints.login.forms import CodigoForm, IngresarForm
from portal.db import transaccion
from portal.models import IngresoPendiente
from portal.operaciones import ingresos, segundo_factor, usuarios
from portal.operaciones.contrasenas import clave_correcta
from portal.web.acceso import publico
from portal.web.cofre import cofre_actual
from portal.web.destino import pagina_propia
from portal.web.navegador import navegador_en_palabras
from portal.web.reloj import ahora
from portal.web.seguridad import client_ip, peticion_id
from portal.web.sesiones import recordar_token, token_actual

# Where the browser keeps the token of a sign-in that waits for its code.
_PENDIENTE = "ingreso_pendiente"


@bp.route("/ingresar", methods=["GET", "POST"])
@publico
def ingresar() -> Any:
    """The login panel; a good password starts a server-side session, or asks for the code of who has a second factor."""
    form = IngresarForm()
    if not form.validate_on_submit():
        return render_template("login/ingresar.html", form=form), 422 if form.is_submitted() else 200
    try:
        entro = _entrar(form)
    except usuarios.IngresoRechazado as error:
        form.form_errors.append(error.mensaje)
        return render_template("login/ingresar.html", form=form), 422
    except usuarios.IngresoDemorado as error:
        form.form_errors.append(error.mensaje)
        return demorada(render_template("login/ingresar.html", form=form), error)
    siguiente = request.args.get("siguiente", "")
    return redirect(_destino(siguiente) if entro else url_for("login.codigo", siguiente=siguiente or None), 303)


@bp.route("/ingresar/codigo", methods=["GET", "POST"])
@publico
def codigo() -> Any:
    """The second factor, within five minutes of the password."""
    pendiente, form = ingresos.pendiente_de(session.get(_PENDIENTE, ""), ahora()), CodigoForm()
    if pendiente is None:
        return redirect(url_for("login.ingresar", siguiente=request.args.get("siguiente")), 303)
    if not form.validate_on_submit():
        return render_template("login/codigo.html", form=form), 422 if form.is_submitted() else 200
    try:
        _completar(pendiente, form.codigo_acceso.data or "")
    except ingresos.CodigoRechazado as error:
        form.codigo_acceso.errors = [error.mensaje]
        return render_template("login/codigo.html", form=form), 422
    except usuarios.IngresoDemorado as error:
        form.form_errors.append(error.mensaje)
        return demorada(render_template("login/codigo.html", form=form), error)
    return redirect(_destino(request.args.get("siguiente", "")), 303)


@bp.post("/salir")
@publico
def salir() -> Response:
    """End the session on the server; a copy of the cookie is worth nothing afterwards."""
    token = token_actual()
    if token:
        with transaccion():
            usuarios.terminar_sesion(token, ahora())
    session.clear()
    respuesta = redirect(url_for("publico.inicio"), 303)
    respuesta.headers["Clear-Site-Data"] = '"cache", "storage"'
    return respuesta


def _entrar(form: IngresarForm) -> bool:
    """Check the password outside any transaction: it is slow on purpose. False when the code is lacking."""
    correo, momento, recordar = form.correo.data or "", ahora(), bool(form.recordar.data)
    usuarios.admitir_intento(correo, client_ip(), momento)
    usuario_id, clave_hash = usuarios.buscar_cuenta(correo)
    if not clave_correcta(clave_hash, form.clave.data or "") or usuario_id is None:
        with transaccion():
            usuarios.contar_fallo(correo, client_ip(), momento)
        raise usuarios.IngresoRechazado
    if ingresos.tiene_segundo_factor(usuario_id):
        with transaccion():
            ficha = ingresos.esperar_codigo(usuario_id, recordar=recordar, ahora=momento)
        session[_PENDIENTE] = ficha
        return False
    anterior = token_actual()
    with transaccion():
        if anterior:
            usuarios.terminar_sesion(anterior, momento)
        token = usuarios.abrir_sesion(usuario_id, recordar=recordar, ahora=momento, navegador=navegador_en_palabras())
    recordar_token(token, recordar=recordar)
    return True


def _completar(pendiente: IngresoPendiente, codigo: str) -> None:
    """Count the try before looking at it, so that many at once are not more than one after another."""
    momento, usuario_id, recordar, ficha = ahora(), pendiente.usuario_id, pendiente.recordar, session[_PENDIENTE]
    with transaccion():
        segundo_factor.admitir_codigo(usuario_id, momento)
    anterior = token_actual()
    with transaccion():
        token = ingresos.completar(
            ficha,
            codigo,
            cofre=cofre_actual(),
            ahora=momento,
            navegador=navegador_en_palabras(),
            peticion=peticion_id(),
        )
        if anterior:
            usuarios.terminar_sesion(anterior, momento)
    recordar_token(token, recordar=recordar)


def _destino(siguiente: str) -> str:
    """Where to go after signing in: the page of staff that was asked for, with its filters, or the work list."""
    pagina = pagina_propia(siguiente)
    return pagina if pagina.startswith("/gestion") else url_for("gestion.inicio")
