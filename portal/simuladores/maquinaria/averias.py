"""The gateway's bad days: answers of the API spoilt on request, one by one, in the order they were asked for.

An entry names the question (each simulator lists its own, and `*` is any) and what happens to its answer:

    demora      comes after `segundos`
    estado      is an HTML page with the HTTP status `estado`; the question is not attended
    html        is an HTML page with status 200; the question is not attended
    truncado    is cut in half, with the length of the half
    caer        never comes: the question is attended and the connection closed
    alterar     says other things than the truth: each simulator lists which
    pendiente   says PENDING and no transactions, whatever happened
"""

import json
import socket
import time
from collections.abc import Callable
from typing import Any

from flask import Response, request

from portal.simuladores.maquinaria.almacen import Almacen

TIPOS = ("demora", "estado", "html", "truncado", "caer", "alterar", "pendiente")
_PAGINA = "<!doctype html><title>Error</title><h1>Service unavailable</h1>"
Alterar = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


def programar(almacen: Almacen, datos: dict[str, Any]) -> None:
    """Note an entry for the next `veces` answers. Raises `ValueError` for an unknown kind."""
    if datos["tipo"] not in TIPOS:
        raise ValueError(datos["tipo"])
    filas = [(datos.get("ruta", "*"), json.dumps(datos))] * int(datos.get("veces", 1))
    with almacen.escribir() as conexion:
        conexion.executemany("INSERT INTO averia (ruta, datos) VALUES (?, ?)", filas)


def con_averias(almacen: Almacen, ruta: str, responder: Callable[[], Response], alterar: Alterar) -> Response:
    """The answer of `responder`, spoilt if the next entry of the list is for this question.

    `alterar(cuerpo, averia)` makes the lies of one protocol out of a true answer.
    """
    averia = _tomar(almacen, ruta)
    if averia is None:
        return responder()
    tipo = averia["tipo"]
    if tipo in ("estado", "html"):
        return Response(_PAGINA, int(averia.get("estado", 503)) if tipo == "estado" else 200, mimetype="text/html")
    if tipo == "demora":
        time.sleep(float(averia["segundos"]))
        return responder()
    respuesta = responder()
    if tipo == "caer":
        _colgar()
    elif tipo == "truncado":
        respuesta.set_data(respuesta.get_data()[: len(respuesta.get_data()) // 2])
    elif respuesta.status_code == 200:
        respuesta.set_data(json.dumps(alterar(json.loads(respuesta.get_data()), averia)))
    return respuesta


def _tomar(almacen: Almacen, ruta: str) -> dict[str, Any] | None:
    with almacen.escribir() as conexion:
        fila = conexion.execute("SELECT * FROM averia WHERE ruta IN (?, '*') ORDER BY id LIMIT 1", (ruta,)).fetchone()
        if fila is None:
            return None
        conexion.execute("DELETE FROM averia WHERE id = ?", (fila["id"],))
    averia: dict[str, Any] = json.loads(fila["datos"])
    return averia


def _colgar() -> None:
    conexion = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if conexion is not None:
        conexion.shutdown(socket.SHUT_RDWR)
