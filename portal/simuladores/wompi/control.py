"""A door for tests, closed unless SIMULADOR_CONTROL=1: decide, break and look without walking the pages."""

import json

from flask import Blueprint, Response, abort, jsonify, request

from portal.simuladores.maquinaria.almacen import SILENCIO
from portal.simuladores.maquinaria.averias import programar
from portal.simuladores.wompi import simulador
from portal.simuladores.wompi.transacciones import NoPermitido

bp = Blueprint("control", __name__, url_prefix="/_control")
# Switches that a test may set: see `eventos`, `transacciones` and `api`.
INTERRUPTORES = ("propiedades", "mayusculas", "ambiente", "secreto", "formas", "demora_url")


@bp.post("/averias")
def averiar() -> Response:
    """`{"ruta": "comercio|bancos|crear|consultar|buscar|anular|*", "tipo": …, "veces": 1, …}`: see `maquinaria.averias`."""
    try:
        programar(simulador().almacen, request.get_json())
    except ValueError:
        abort(400)
    return jsonify({})


@bp.post("/decidir")
def decidir() -> Response:
    """`{"sesion": id, "decision": …}`: the payer at the bank, without the pages."""
    datos = request.get_json()
    segundos, luego = float(datos.get("segundos", 0)), datos.get("luego")
    try:
        simulador().transacciones.decidir(datos["sesion"], datos["decision"], segundos=segundos, luego=luego)
    except NoPermitido:
        abort(409)
    return jsonify({})


@bp.post("/resolver")
def resolver() -> Response:
    """`{"sesion": id, "decision": "aprobar|rechazar|fallar|revertir"}`: the bank decides, or takes back."""
    datos = request.get_json()
    try:
        if datos["decision"] == "revertir":
            simulador().transacciones.revertir(datos["sesion"])
        else:
            simulador().transacciones.resolver(datos["sesion"], datos["decision"])
    except NoPermitido:
        abort(409)
    return jsonify({})


@bp.post("/caducar")
def caducar() -> Response:
    """`{"sesion": id}`: PSE gives it up now."""
    simulador().transacciones.caducar(request.get_json()["sesion"])
    return jsonify({})


@bp.post("/notificaciones")
def silenciar() -> Response:
    """`{"silencio": true}`: events get lost from now on."""
    simulador().almacen.poner_interruptor(SILENCIO, "si" if request.get_json()["silencio"] else "")
    return jsonify({})


@bp.post("/interruptor")
def poner() -> Response:
    """`{"nombre": …, "valor": …}`: one of `INTERRUPTORES`; an empty value ends it."""
    datos = request.get_json()
    if datos["nombre"] not in INTERRUPTORES:
        abort(400)
    simulador().almacen.poner_interruptor(datos["nombre"], str(datos["valor"]))
    return jsonify({})


@bp.get("/sesiones")
def sesiones() -> Response:
    """Every transaction: id, reference, state, and its events with how each was answered."""
    simulador().notificador.esperar()
    with simulador().almacen.leer() as conexion:
        filas = conexion.execute("SELECT * FROM transaccion ORDER BY numero").fetchall()
        eventos = conexion.execute("SELECT * FROM evento ORDER BY numero").fetchall()
    return jsonify(
        [
            {
                "sesion": f["id"],
                "referencia": f["referencia"],
                "estado": f["estado"],
                "pedido": json.loads(f["pedido"]),
                "eventos": [
                    {"cuerpo": json.loads(e["cuerpo"]), "envios": e["envios"], "respuesta": e["respuesta"]}
                    for e in eventos
                    if e["transaccion"] == f["id"]
                ],
            }
            for f in filas
        ]
    )
