"""The panel that plays the bank after the payer left: decide what is pending, take back what was approved, lose events."""

import json

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.simuladores.maquinaria.almacen import SILENCIO
from portal.simuladores.wompi import simulador
from portal.simuladores.wompi.transacciones import NoPermitido

bp = Blueprint("panel", __name__, url_prefix="/panel", template_folder="templates")
_ULTIMAS = 20


@bp.get("")
def ver() -> str:
    simulador().transacciones.avanzar()
    orden = (
        "SELECT transaccion.*, (SELECT respuesta || ' (' || envios || ')' FROM evento "
        "WHERE evento.transaccion = transaccion.id ORDER BY evento.numero DESC LIMIT 1) AS evento "
        "FROM transaccion ORDER BY numero DESC LIMIT ?"
    )
    with simulador().almacen.leer() as conexion:
        filas = [{**dict(f), "pedido": json.loads(f["pedido"])} for f in conexion.execute(orden, (_ULTIMAS,))]
    silencio = bool(simulador().almacen.interruptor(SILENCIO))
    return render_template("wompi/panel.html", filas=filas, silencio=silencio)


@bp.post("/transacciones/<identificador>")
def resolver(identificador: str) -> Response:
    decision = request.form.get("decision", "")
    try:
        if decision == "revertir":
            simulador().transacciones.revertir(identificador)
        elif decision in ("aprobar", "rechazar", "fallar"):
            simulador().transacciones.resolver(identificador, decision)
    except NoPermitido:
        return redirect(url_for("panel.ver"), 303)  # decided meanwhile: the list shows it
    return redirect(url_for("panel.ver"), 303)


@bp.post("/eventos")
def eventos() -> Response:
    simulador().almacen.poner_interruptor(SILENCIO, "si" if request.form.get("silencio") == "si" else "")
    return redirect(url_for("panel.ver"), 303)
