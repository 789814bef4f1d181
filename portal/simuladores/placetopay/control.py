"""A door for tests, closed unless SIMULADOR_CONTROL=1: decide, break and look without walking the pages."""

import json

from flask import Blueprint, Response, abort, jsonify, request

from portal.simuladores.maquinaria.almacen import SILENCIO
from portal.simuladores.maquinaria.averias import programar
from portal.simuladores.placetopay import simulador
from portal.simuladores.placetopay.sesiones import NoPermitido

bp = Blueprint("control", __name__, url_prefix="/_control")


@bp.post("/averias")
def averiar() -> Response:
    """`{"ruta": "crear|consultar|anular|actuar|*", "tipo": …, "veces": 1, …}`: see `averias`."""
    try:
        programar(simulador().almacen, request.get_json())
    except ValueError:
        abort(400)
    return jsonify({})


@bp.post("/decidir")
def decidir() -> Response:
    """`{"sesion": n, "decision": …, "banco": …}`: the payer at the bank, without the pages."""
    datos = request.get_json()
    segundos, luego = float(datos.get("segundos", 0)), datos.get("luego")
    try:
        simulador().sesiones.intentar(
            int(datos["sesion"]),
            datos.get("banco", "BANCO DE PRUEBA"),
            datos["decision"],
            segundos=segundos,
            luego=luego,
        )
    except NoPermitido:
        abort(409)
    return jsonify({})


@bp.post("/resolver")
def resolver() -> Response:
    """`{"sesion": n, "decision": "aprobar|rechazar|fallar|revertir"}`: decide what was left pending, or take back."""
    datos = request.get_json()
    if datos["decision"] == "revertir":
        if not simulador().sesiones.reversar(sesion=int(datos["sesion"])):
            abort(409)
        return jsonify({})
    sesion = simulador().sesiones.ver(int(datos["sesion"]))
    pendientes = [t["id"] for t in sesion.transacciones if t["estado"] == "PENDING"] if sesion else []
    if not pendientes:
        abort(409)
    simulador().sesiones.resolver(pendientes[0], datos["decision"])
    return jsonify({})


@bp.post("/caducar")
def caducar() -> Response:
    """`{"sesion": n}`: its expiry is now."""
    simulador().sesiones.caducar(int(request.get_json()["sesion"]))
    return jsonify({})


@bp.post("/notificaciones")
def silenciar() -> Response:
    """`{"silencio": true}`: notifications get lost from now on."""
    simulador().almacen.poner_interruptor(SILENCIO, "si" if request.get_json()["silencio"] else "")
    return jsonify({})


@bp.post("/autenticacion")
def forzar_autenticacion() -> Response:
    """`{"codigo": 104}`: every question fails with that number; `null` ends it."""
    codigo = request.get_json()["codigo"]
    simulador().almacen.poner_interruptor("autenticacion", "" if codigo is None else str(int(codigo)))
    return jsonify({})


@bp.get("/sesiones")
def sesiones() -> Response:
    """Every session: number, reference, state, and how its notification was answered."""
    simulador().notificador.esperar()
    orden = "SELECT sesion.*, aviso.cuerpo, aviso.respuesta FROM sesion LEFT JOIN aviso ON sesion_id = id ORDER BY id"
    with simulador().almacen.leer() as conexion:
        filas = conexion.execute(orden).fetchall()
    return jsonify(
        [
            {
                "sesion": f["id"],
                "referencia": json.loads(f["pedido"])["payment"]["reference"],
                "estado": f["estado"],
                "motivo": f["motivo"],
                "notificacion": f["cuerpo"],
                "respuesta": f["respuesta"],
            }
            for f in filas
        ]
    )
