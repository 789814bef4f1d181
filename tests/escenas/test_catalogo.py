"""The catalogue is whole: every page has a scene, every form one in which it was sent, and every name one meaning."""

import re
from collections import Counter

import pytest
from flask import Flask
from werkzeug.routing import MapAdapter

from portal.web.acceso import PUBLICO, acceso_de
from tests.escenas.catalogo import AREAS, ESCENAS
from tests.escenas.escena import Escena
from tests.escenas.mundos import MUNDOS
from tests.escenas.sin_pagina import SIN_PAGINA

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)


def _endpoint(mapa: MapAdapter, ruta: str, metodo: str) -> str | None:
    """The view of a scene's address: whatever its places are, they go where a number would."""
    solo = re.sub(r"\{\w+\}", "1", ruta.partition("?")[0])
    return mapa.match(solo, method=metodo)[0] if mapa.test(solo, method=metodo) else None


def _alcanzados(app: Flask) -> dict[str, set[str | None]]:
    mapa = app.url_map.bind("localhost")
    return {
        "GET": {_endpoint(mapa, e.ruta, "GET") for e in ESCENAS},
        "POST": {_endpoint(mapa, e.a or e.ruta, "POST") for e in ESCENAS if e.envio is not None},
    }


@pytest.mark.parametrize("metodo", ["GET", "POST"])
def test_toda_pagina_y_todo_formulario_tienen_una_escena(app: Flask, metodo: str) -> None:
    existen = {r.endpoint for r in app.url_map.iter_rules() if metodo in (r.methods or ())}
    con_escena = _alcanzados(app)[metodo]
    assert sorted(existen - con_escena - set(SIN_PAGINA[metodo])) == [], "pages without a scene"
    assert sorted(set(SIN_PAGINA[metodo]) - existen) == [], "what is no page is no address either"
    assert sorted(con_escena & set(SIN_PAGINA[metodo])) == [], "it is a page after all"


def test_cada_escena_la_ve_quien_puede(app: Flask) -> None:
    mapa = app.url_map.bind("localhost")

    def sobra(escena: Escena) -> bool:
        endpoint = _endpoint(mapa, escena.ruta, "GET")
        publica = endpoint is None or acceso_de(app, endpoint) == PUBLICO
        return not publica and escena.quien == PUBLICO

    assert [e.nombre for e in ESCENAS if sobra(e)] == []


def test_los_nombres_son_unicos_y_los_mundos_existen(app: Flask) -> None:
    assert [n for n, veces in Counter(e.nombre for e in ESCENAS).items() if veces > 1] == []
    assert [e.nombre for e in ESCENAS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", e.nombre)] == []
    assert {e.mundo for e in ESCENAS} == set(MUNDOS)
    assert {e.area for e in ESCENAS} == set(AREAS)
