"""`/ingresar` and `/salir`."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.blueprints.login.forms import IngresarForm
from portal.db import transaccion
from portal.operaciones import usuarios
from portal.web.acceso import publico
from portal.web.destino import pagina_propia
from portal.web.reloj import ahora
from portal.web.seguridad import client_ip
from portal.web.sesiones import recordar_token, token_actual

bp = Blueprint("login", __name__)


@bp.route("/ingresar", methods=["GET", "POST"])
@publico
def ingresar() -> Any:
    """The login panel; a good password starts a server-side session."""
    form = IngresarForm()
    if not form.validate_on_submit():
        return render_template("login/ingresar.html", form=form), 422 if form.is_submitted() else 200
    try:
        _entrar(form)
    except usuarios.IngresoRechazado as error:
        form.form_errors.append(error.mensaje)
        return render_template("login/ingresar.html", form=form), 422
    except usuarios.IngresoDemorado as error:
        form.form_errors.append(error.mensaje)
        respuesta = make_response(render_template("login/ingresar.html", form=form), 429)
        respuesta.headers["Retry-After"] = str(error.segundos)
        return respuesta
    return redirect(_destino(request.args.get("siguiente", "")), 303)


def _entrar(form: IngresarForm) -> None:
    """Check the password outside any transaction: it is slow on purpose."""
    correo, momento = form.correo.data or "", ahora()
    usuarios.admitir_intento(correo, client_ip(), momento)
    usuario_id, clave_hash = usuarios.buscar_cuenta(correo)
    if not usuarios.clave_correcta(clave_hash, form.clave.data or "") or usuario_id is None:
        with transaccion():
            usuarios.contar_fallo(correo, client_ip(), momento)
        raise usuarios.IngresoRechazado
    anterior = token_actual()
    with transaccion():
        if anterior:
            usuarios.terminar_sesion(anterior, momento)
        token = usuarios.abrir_sesion(usuario_id, recordar=bool(form.recordar.data), ahora=momento)
    recordar_token(token, recordar=bool(form.recordar.data))


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


def _destino(siguiente: str) -> str:
    """Where to go after signing in: the page of staff that was asked for, with its filters, or the work list."""
    pagina = pagina_propia(siguiente)
    return pagina if pagina.startswith("/gestion") else url_for("gestion.inicio")
