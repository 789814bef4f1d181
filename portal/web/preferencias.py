"""How whoever signed in likes their lists, and the form that changes it: it may come with any list, or by itself."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, request, url_for

from portal.db import transaccion
from portal.operaciones import preferencias
from portal.operaciones.paginas import TAMANOS
from portal.web.acceso import quien_ingreso
from portal.web.destino import pagina_propia


def registros_elegidos() -> int:
    """The rows of a page of this account. A form that was sent with another choice keeps it first."""
    usuario, pedido = quien_ingreso(), request.form.get("registros", "")
    if pedido in map(str, TAMANOS):
        compacta = request.form.get("densidad", "") == "compacta"
        if (int(pedido), compacta) != (usuario.registros, usuario.compacta):
            with transaccion():
                preferencias.guardar(quien_ingreso(), registros=int(pedido), compacta=compacta)
    return quien_ingreso().registros


def volver_a(direccion: str) -> str:
    """The list that a form came from, at its first page: a GET page of staff, found among our own routes, or the work list."""
    inicio, partes = url_for("gestion.inicio"), urlsplit(pagina_propia(direccion))
    if not partes.path.startswith(inicio):
        return inicio
    filtro = [(clave, valor) for clave, valor in parse_qsl(partes.query) if clave != "pagina"]
    return partes.path + (f"?{urlencode(filtro)}" if filtro else "")


def init_app(app: Flask) -> None:
    """Give templates the sizes to choose from."""
    app.jinja_env.globals["tamanos_de_pagina"] = TAMANOS
