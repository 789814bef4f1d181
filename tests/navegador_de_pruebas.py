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
from tests.lengua import faltas, texto_visible

# Pages at the top of everything: they have nowhere to come from. `/` and `/ingresar` are the first screen.
SIN_RUTA = ("/", "/ingresar", "/gestion")

DESCIFRAR = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


class ClienteEstricto(FlaskClient):
    """Checks every HTML answer: well formed, in Spanish, titled, with `h1` and breadcrumb, nothing inline."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # A browser is no part of the test's own application context: each request gets a fresh one, and no reading that
        # the test left open keeps SQLite's writers waiting.
        if has_app_context():
            db.session.rollback()
        with self.application.app_context():
            respuesta = super().open(*args, **kwargs)
        if respuesta.mimetype == "text/html" and respuesta.data:
            revisar_una_vez(DESCIFRAR[respuesta.content_encoding](respuesta.data).decode(), respuesta.request.path)
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


# What differs between two answers that are the same page: the form's token and the number of the request.
_DE_CADA_VEZ = re.compile(r'name="csrf_token"[^>]*value="[^"]+"|<code>[0-9a-f]{16}</code>')
_revisadas: set[tuple[int, str]] = set()


def revisar_una_vez(texto: str, direccion: str) -> None:
    """Look at an answer, unless the same one was looked at before: many tests open the same page on their way."""
    cual = (hash(_DE_CADA_VEZ.sub("", texto)), direccion)
    if cual in _revisadas:
        return
    arbol = revisar_html(texto)
    if arbol.tag == "html":
        revisar_pagina(arbol, direccion)
    _revisadas.add(cual)


def revisar_html(texto: str) -> Any:
    """The tree of some HTML; fails if it is malformed, has inside what the CSP forbids, or says what `faltas` refuses."""
    es_pagina = texto.lstrip().lower().startswith("<!doctype")
    analizador = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    arbol = analizador.parse(texto) if es_pagina else analizador.parseFragment(texto)
    errores = [codigo for _, codigo, _ in analizador.errors]
    assert not errores, f"malformed HTML: {errores}"
    for elemento in arbol.iter():
        if not isinstance(elemento.tag, str):
            continue
        assert elemento.tag != "style", "inline style sheet"
        assert elemento.tag != "script" or elemento.get("src"), "inline script"
        for nombre in elemento.attrib:
            assert not (isinstance(nombre, str) and (nombre == "style" or nombre.startswith("on"))), f"inline {nombre}"
    assert faltas(texto_visible(arbol)) == []
    return arbol


def revisar_pagina(arbol: Any, direccion: str) -> None:
    """Fail on a page of the portal without its language, its own title, its one `h1` or its breadcrumb."""
    assert arbol.get("lang") == "es-CO"
    titulos = ["".join(titulo.itertext()) for titulo in arbol.findall("./head/title")]
    assert len(titulos) == 1, "a page has exactly one title"
    propio = titulos[0].rsplit(" – ", 1)[0].removeprefix("Error: ").strip()
    assert propio not in ("", "Estampillas"), "the title says which page it is"
    h1 = ["".join(uno.itertext()).strip() for uno in arbol.findall(".//h1")]
    assert len(h1) == 1, "a page has exactly one h1"
    assert h1[0], "the h1 says something"
    rutas = [nav for nav in arbol.findall(".//nav") if nav.get("aria-label") == "Ruta"]
    assert len(rutas) == 1 or direccion in SIN_RUTA, "a page says where it is"
