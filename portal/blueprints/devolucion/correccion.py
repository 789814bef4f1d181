"""The applicant hands in another account when the bank could not deliver the transfer."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, url_for

from portal.blueprints.devolucion.blueprint import bp
from portal.db import transaccion
from portal.dominio.devoluciones import EventoDevolucion, origenes_devolucion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.operaciones import rebotes
from portal.operaciones.devoluciones import Firma
from portal.operaciones.solicitudes_devolucion import por_codigo_de_devolucion
from portal.web.acceso import publico
from portal.web.cuenta_bancaria import DEMASIADO, CuentaBancariaForm, certificacion_enviada
from portal.web.frenos import frenar_envio
from portal.web.recepcion import CUERPO_MAXIMO, MAXIMO_MB
from portal.web.reloj import ahora
from portal.web.seguridad import admite_archivo, peticion_id


@bp.route("/devolucion/<codigo>/cuenta", methods=["GET", "POST"])
@publico
@admite_archivo(CUERPO_MAXIMO, DEMASIADO)
def corregir(codigo: str) -> Any:
    """Ask for the account and its certificate, and keep them; the account that there was is never shown."""
    una, form = por_codigo_de_devolucion(codigo), CuentaBancariaForm()
    if una.estado not in origenes_devolucion(EventoDevolucion.CUENTA_CORREGIDA):
        return redirect(url_for("devolucion.ver", codigo=codigo), 303)
    if form.validate_on_submit():
        try:
            frenar_envio("devolucion")
            papel = certificacion_enviada()
            with transaccion():
                quien = Firma(None, ahora(), peticion_id())
                rebotes.corregir_cuenta(una, form.destino, papel, quien, clave=form.clave_leida)
        except DatoInvalido as error:
            form.senalar(error)
        except TransicionNoPermitida as error:
            flash(error.mensaje, "error")
            return redirect(url_for("devolucion.ver", codigo=codigo), 303)
        else:
            return redirect(url_for("devolucion.ver", codigo=codigo), 303)
    form.clave.data = form.clave.data or secrets.token_urlsafe(24)
    pagina = render_template("devolucion/corregir.html", form=form, devolucion=una, maximo_mb=MAXIMO_MB)
    return pagina, 422 if form.is_submitted() else 200
