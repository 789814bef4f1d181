"""A test client that reads like a browser and complains like a strict one."""

import gzip
import re
from typing import Any

import brotli
import html5lib
from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db

DESCIFRAR = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


class ClienteEstricto(FlaskClient):
    """Checks every HTML answer: well formed, one title, one `h1` per page, no inline script or style, security headers."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # A browser is no part of the test's own application context: each request gets a fresh one, and no reading that
        # the test left open keeps SQLite's writers waiting.
        if has_app_context():
            db.session.rollback()
        with self.application.app_context():
            respuesta = super().open(*args, **kwargs)
        if respuesta.mimetype == "text/html" and respuesta.data:
            revisar_html(DESCIFRAR[respuesta.content_encoding](respuesta.data).decode())
        assert respuesta.headers["X-Content-Type-Options"] == "nosniff"
        return respuesta

    def csrf(self, direccion: str = "/consulta") -> str:
        """The CSRF token of a page."""
        hallado = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(direccion).text)
        assert hallado, f"{direccion} has no CSRF token"
        return hallado[1]

    def enviar(self, direccion: str, datos: dict[str, Any], pagina: str | None = None, **kwargs: Any) -> TestResponse:
        """POST a form with the CSRF token that `pagina` (or the first screen) gave."""
        return self.post(direccion, data={"csrf_token": self.csrf(pagina or "/consulta"), **datos}, **kwargs)


def revisar_html(texto: str) -> None:
    """Fail on malformed HTML, on a page without its one title and `h1`, and on anything inline that the CSP forbids."""
    es_pagina = texto.lstrip().lower().startswith("<!doctype")
    analizador = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    if es_pagina:
        arbol = analizador.parse(texto)
        assert len(arbol.findall(".//title")) == 1
        assert len(arbol.findall(".//h1")) == 1, "a page has exactly one h1"
    else:
        arbol = analizador.parseFragment(texto)
    errores = [codigo for _, codigo, _ in analizador.errors]
    assert not errores, f"malformed HTML: {errores}"
    for elemento in arbol.iter():
        if not isinstance(elemento.tag, str):
            continue
        assert elemento.tag != "style", "inline style sheet"
        assert elemento.tag != "script" or elemento.get("src"), "inline script"
        for nombre in elemento.attrib:
            assert not (isinstance(nombre, str) and (nombre == "style" or nombre.startswith("on"))), f"inline {nombre}"
