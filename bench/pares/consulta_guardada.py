"""The bare look-up with the portal's guards, by hand: what they cost at least with the libraries that the portal stands on."""

import hashlib
import sqlite3
import threading
import time
from typing import Any

from flask import Flask, Response, abort, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from bench.pares import consulta_desnuda
from bench.pares.consulta_desnuda import BASE, ES_SQLITE, conexion, tabla
from portal.web.seguridad import CABECERAS, SOLO_HTTPS

_CUANTAS = 6
_CONTAR = (
    f"INSERT INTO cuota (clave, ventana, cuenta) VALUES {', '.join(['({0}, {0}, 1)'] * _CUANTAS)} "  # noqa: S608
    "ON CONFLICT (clave, ventana) DO UPDATE SET cuenta = cuota.cuenta + 1 RETURNING cuenta"
).format("?" if ES_SQLITE else "%s")
_propia = threading.local()
app = Flask(__name__, template_folder=consulta_desnuda.app.template_folder)
app.config.update(SECRET_KEY="b" * 40, SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
CSRFProtect(app)


def _contadores() -> Any:
    """Where the portal counts too: a file that may be lost, or PostgreSQL without waiting for its disk."""
    if not hasattr(_propia, "contadores"):
        if ES_SQLITE:
            _propia.contadores = sqlite3.connect(f"{BASE.removeprefix('sqlite:///')}-guardada", isolation_level=None)
            for orden in (
                "PRAGMA journal_mode=WAL",
                "PRAGMA synchronous=OFF",
                "CREATE TABLE IF NOT EXISTS cuota "
                "(clave TEXT, ventana INTEGER, cuenta INTEGER, PRIMARY KEY (clave, ventana)) WITHOUT ROWID",
            ):
                _propia.contadores.execute(orden)
        else:
            _propia.contadores = conexion()
            _propia.contadores.execute("SET synchronous_commit = off")
    return _propia.contadores


def _frenar(persona: str) -> None:
    """The address in three windows, its network, the browser, and the person that it asks for."""
    direccion, ahora = request.remote_addr or "", int(time.time())
    navegador = hashlib.sha256(session["csrf_token"].encode()).hexdigest()[:32]
    quien = hashlib.sha256(persona.encode()).hexdigest()[:16]
    claves = [
        (f"g:{direccion}", 600),
        (f"g-red:{direccion}", 600),
        (f"g-hora:{direccion}", 3600),
        (f"g-dia:{direccion}", 86400),
        (f"g-personas:{navegador}", 3600),
        (f"g-persona:{navegador}:{quien}", 3600),
    ]
    valores = [dato for clave, segundos in claves for dato in (clave, ahora // segundos * segundos)]
    if max(fila[0] for fila in _contadores().execute(_CONTAR, valores).fetchall()) > 30:
        abort(429)


@app.after_request
def _cabeceras(respuesta: Response) -> Response:
    respuesta.headers.update({**CABECERAS, **SOLO_HTTPS, "Cache-Control": "no-store"})
    return respuesta


@app.post("/consulta")
def consultar() -> str:
    """Whoever proves a form of ours and has not asked too often."""
    _frenar(request.form["documento"])
    return tabla(request.form["documento"], generate_csrf())


@app.get("/consulta")
def formulario() -> str:
    """A form with its token."""
    return f'<form method="post"><input type="hidden" name="csrf_token" value="{generate_csrf()}"></form>'


@app.get("/salud")
def salud() -> str:
    """Ready."""
    return "hola"
