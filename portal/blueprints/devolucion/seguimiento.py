"""Following a refund with its private code, and taking the request back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.blueprints.devolucion.blueprint import bp
from portal.blueprints.devolucion.forms import CodigoForm
from portal.db import transaccion
from portal.dominio.devoluciones import EventoDevolucion, origenes_devolucion
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.models import Devolucion
from portal.operaciones import devoluciones
from portal.operaciones.devoluciones import Firma
from portal.operaciones.solicitudes_devolucion import por_codigo_de_devolucion
from portal.web.acceso import publico
from portal.web.frenos import frenar_consulta
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id


@bp.route("/devolucion/consultar", methods=["GET", "POST"])
@publico
def consultar() -> Any:
    """Find a refund by its code."""
    form = CodigoForm()
    if form.validate_on_submit():
        frenar_consulta(form.codigo.leido)
        try:
            una = por_codigo_de_devolucion(form.codigo.leido)
        except NoExiste as error:
            form.senalar(DatoInvalido(error.mensaje, "codigo"))
        else:
            return redirect(url_for("devolucion.ver", codigo=una.codigo), 303)
    return render_template("devolucion/consultar.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/devolucion/<codigo>")
@publico
def ver(codigo: str) -> Any:
    """Where a request stands, in plain words; nothing of the account is shown."""
    una = por_codigo_de_devolucion(codigo)
    ultima = una.correcciones[-1] if una.correcciones else None
    return render_template(
        "devolucion/ver.html",
        devolucion=una,
        puede_desistir=_puede_desistir(una),
        rechazo=ultima.motivo if ultima else "",
    )


@bp.route("/devolucion/<codigo>/desistir", methods=["GET", "POST"])
@publico
def desistir(codigo: str) -> Any:
    """Ask whether to take the request back, then do it."""
    una = por_codigo_de_devolucion(codigo)
    if not _puede_desistir(una):
        return redirect(url_for("devolucion.ver", codigo=codigo), 303)
    if request.method == "GET":
        return render_template("devolucion/desistir.html", devolucion=una)
    try:
        with transaccion():
            devoluciones.desistir(una, Firma(None, ahora(), peticion_id()))
    except TransicionNoPermitida as error:
        flash(error.mensaje, "error")
    else:
        flash("Su solicitud quedó retirada.", "exito")
    return redirect(url_for("devolucion.ver", codigo=codigo), 303)


def _puede_desistir(una: Devolucion) -> bool:
    return una.estado in origenes_devolucion(EventoDevolucion.DESISTIDA)
