"""The panel that plays the bank after the payer left: decide what is pending, and lose notifications on purpose."""

import json

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.simuladores.maquinaria.almacen import SILENCIO
from portal.simuladores.placetopay import simulador
from portal.simuladores.placetopay.sesiones import NoPermitido

bp = Blueprint("panel", __name__, url_prefix="/panel")
_ULTIMAS = 20


@bp.get("")
def ver() -> str:
    simulador().sesiones.avanzar()
    orden = (
        "SELECT sesion.id, sesion.pedido, sesion.estado, sesion.mensaje, aviso.respuesta, transaccion.id AS transaccion, "
        "transaccion.banco, transaccion.cus FROM sesion LEFT JOIN aviso ON aviso.sesion_id = sesion.id "
        "LEFT JOIN transaccion ON transaccion.sesion_id = sesion.id AND transaccion.estado = 'PENDING' "
        "ORDER BY sesion.id DESC LIMIT ?"
    )
    with simulador().almacen.leer() as conexion:
        filas = [{**dict(f), "pago": json.loads(f["pedido"])["payment"]} for f in conexion.execute(orden, (_ULTIMAS,))]
    return render_template("panel.html", filas=filas, silencio=bool(simulador().almacen.interruptor(SILENCIO)))


@bp.post("/transacciones/<int:transaccion>")
def resolver(transaccion: int) -> Response:
    decision = request.form.get("decision", "")
    if decision in ("aprobar", "rechazar", "fallar"):
        try:
            simulador().sesiones.resolver(transaccion, decision)
        except NoPermitido:
            return redirect(url_for("panel.ver"), 303)  # decided meanwhile: the list shows it
    return redirect(url_for("panel.ver"), 303)


@bp.post("/sesiones/<int:numero>/caducar")
def caducar(numero: int) -> Response:
    simulador().sesiones.caducar(numero)
    return redirect(url_for("panel.ver"), 303)


@bp.post("/notificaciones")
def notificaciones() -> Response:
    simulador().almacen.poner_interruptor(SILENCIO, "si" if request.form.get("silencio") == "si" else "")
    return redirect(url_for("panel.ver"), 303)
