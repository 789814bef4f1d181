"""The least that a notification can cost here: two durable commits with the raw driver and one question over HTTP between them.

Nothing is checked and nothing is kept but a row and its state. What the portal does beyond this is its own.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import psycopg
from flask import Flask, request

app = Flask(__name__)
_BASE, _BANCO = os.environ["MINIMO_BASE"], urlsplit(os.environ["PLACETOPAY_URL"])
_ES_SQLITE = _BASE.startswith("sqlite:///")
_MARCA = "?" if _ES_SQLITE else "%s"
_DE_CADA_HILO = threading.local()
_TURNO = threading.Lock()
_GUARDAR = f"INSERT INTO minimo (cuerpo) VALUES ({_MARCA}) ON CONFLICT (cuerpo) DO NOTHING"
_APLICAR = f"UPDATE minimo SET dicho = {_MARCA} WHERE cuerpo = {_MARCA}"


@app.post("/")
def recibir() -> str:
    """Store, ask, write down what was said."""
    cuerpo = request.get_data(as_text=True)
    with _transaccion() as conexion:
        conexion.execute(_GUARDAR, (cuerpo,))
    dicho = _preguntar(json.loads(cuerpo)["requestId"])
    with _transaccion() as conexion:
        conexion.execute(_APLICAR, (json.loads(dicho)["status"]["status"], cuerpo))
    return "recibida"


@app.get("/salud")
def salud() -> str:
    """Ready."""
    return "bien"


def _preguntar(sesion: int) -> bytes:
    banco = HTTPConnection(str(_BANCO.hostname), _BANCO.port, timeout=10)
    try:
        auth = {"login": os.environ["PLACETOPAY_LOGIN"]}
        banco.request("POST", f"/api/session/{sesion}", json.dumps({"auth": auth}))
        return banco.getresponse().read()
    finally:
        banco.close()


@contextmanager
def _transaccion() -> Iterator[Any]:
    """As durable as the portal's, on a connection of this thread."""
    if not hasattr(_DE_CADA_HILO, "conexion"):
        _DE_CADA_HILO.conexion = _conectar()
    conexion = _DE_CADA_HILO.conexion
    if not _ES_SQLITE:
        with conexion.transaction():
            yield conexion
        return
    with _TURNO:
        conexion.execute("BEGIN IMMEDIATE")
        yield conexion
        conexion.execute("COMMIT")


def _conectar() -> Any:
    if not _ES_SQLITE:
        return psycopg.connect(_BASE.replace("+psycopg", ""), autocommit=True)
    conexion = sqlite3.connect(_BASE.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
    conexion.execute("PRAGMA journal_mode=DELETE")
    conexion.execute("PRAGMA synchronous=FULL")
    return conexion
