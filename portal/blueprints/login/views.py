"""`/ingresar` and `/salir`."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.blueprints.login.blueprint import PENDIENTE, bp, demorada, destino
from portal.blueprints.login.forms import IngresarForm
from portal.db import transaccion
from portal.operaciones import ingresos, usuarios
from portal.operaciones.contrasenas import clave_correcta
from portal.web.acceso import publico
from portal.web.navegador import navegador_en_palabras
from portal.web.reloj import ahora
from portal.web.seguridad import client_ip
from portal.web.sesiones import recordar_token, token_actual


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
    return redirect(destino() if entro else url_for("login.codigo", siguiente=request.args.get("siguiente")), 303)


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
        session[PENDIENTE] = ficha
        return False
    anterior = token_actual()
    with transaccion():
        if anterior:
            usuarios.terminar_sesion(anterior, momento)
        token = usuarios.abrir_sesion(usuario_id, recordar=recordar, ahora=momento, navegador=navegador_en_palabras())
    recordar_token(token, recordar=recordar)
    return True
