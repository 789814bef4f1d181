"""The least that a look-up costs in Flask: the raw driver, one question, the same markup by Jinja, and no guard at all."""

import os
import sqlite3
import threading
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, render_template, request

from bench.pares.fila import Mostrada, contexto_de, mostrada

BASE = os.environ["BENCH_BASE"]
ES_SQLITE = BASE.startswith("sqlite")
_PREGUNTA = (
    "SELECT l.documento, l.nombre, l.acto_nombre, l.fecha_limite, "
    "f.estampilla_nombre, f.numero, f.valor, f.estado, f.explicacion "
    "FROM factura f JOIN liquidacion l ON l.id = f.liquidacion_id WHERE l.documento = {} AND l.tipo = 'tramite' "
    "ORDER BY l.id, f.orden LIMIT 11"
).format("?" if ES_SQLITE else "%s")
app = Flask(__name__, template_folder=str(Path(__file__).parent / "plantillas"))
_propia = threading.local()


def conexion() -> Any:
    """This thread's own, to the database."""
    if not hasattr(_propia, "conexion"):
        if ES_SQLITE:
            _propia.conexion = sqlite3.connect(BASE.removeprefix("sqlite:///"), isolation_level=None)
        else:
            _propia.conexion = psycopg.connect(BASE.replace("+psycopg", ""), autocommit=True)
    return _propia.conexion


def _fila(leida: Any) -> Mostrada:
    documento, nombre, acto, limite, estampilla, numero, valor, estado, explicacion = leida
    return mostrada(
        documento=documento,
        nombre=nombre,
        acto=acto,
        fecha_limite=date.fromisoformat(limite) if ES_SQLITE else limite,
        estampilla=estampilla,
        numero=numero,
        valor=valor,
        estado=estado,
        explicacion=explicacion,
    )


def tabla(documento: str, ficha: str) -> str:
    """The ten facturas of a person, with the token of its forms."""
    filas = conexion().execute(_PREGUNTA, (documento,)).fetchall()
    return render_template("tabla.html", csrf_token=ficha, **contexto_de([_fila(f) for f in filas], len(filas)))


@app.post("/consulta")
def consultar() -> str:
    """Whoever asks is answered."""
    return tabla(request.form["documento"], "x")


@app.get("/consulta")
def formulario() -> str:
    """Nothing is asked for here."""
    return "hola"


@app.get("/salud")
def salud() -> str:
    """Ready."""
    return "hola"
