"""Prints where the time of a first look-up goes inside one process, as JSON: percent of the whole by stage.

`python -m bench.perfil PEOPLE`, in the environment of a portal. Each stage is timed by a clock around it, without a profiler,
whose weight would move the shares.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask.testing import FlaskClient

from bench.datos import documento
from portal.app import create_app
from portal.blueprints.consulta import views
from portal.web import htmx

CADA_UNO, BASTAN = 8, 400
SITIO = "https://localhost"


def main() -> None:
    """Warm up, then time."""
    app, tiempos = create_app(), Counter[str]()
    etapas: list[tuple[Any, str, str]] = [
        (app, "wsgi_app", "all"),
        (app, "preprocess_request", "CSRF, access and shape of the request"),
        (views, "SelectorForm", "the form"),
        (views, "frenar_consulta", "limits"),
        (views, "_hallar", "the question to the database and its rows"),
        (views, "renglones", "the rows as HTML"),
        (views, "razones", "the rows as HTML"),
        (htmx, "render_template", "the template"),
        (app, "process_response", "headers and the session's cookie"),
    ]
    for donde, nombre, etapa in etapas:
        setattr(donde, nombre, _medida(getattr(donde, nombre), etapa, tiempos))
    personas, pedidas = int(sys.argv[1]), 0
    for vuelta in range(2):
        tiempos.clear()
        for navegador in range(BASTAN // CADA_UNO):
            cliente = app.test_client()
            cliente.environ_base["HTTP_X_FORWARDED_FOR"] = f"11.{vuelta}.{navegador}.9"
            cliente.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
            # One page for every eight look-ups: it is timed too, and hardly weighs.
            ficha = re.search(r'name="csrf_token" value="([^"]+)"', cliente.get("/consulta", base_url=SITIO).text)
            assert ficha
            for _ in range(CADA_UNO):
                pedidas += 1
                _consultar(cliente, ficha[1], documento(pedidas * 7919 % personas))
    todo = tiempos.pop("all")
    partes = {etapa: round(100 * segundos / todo) for etapa, segundos in tiempos.most_common()}
    print(json.dumps(partes | {"Flask's own way and the rest": 100 - sum(partes.values())}))


def _medida(funcion: Callable[..., Any], etapa: str, tiempos: "Counter[str]") -> Callable[..., Any]:
    @wraps(funcion)
    def medida(*args: Any, **kwargs: Any) -> Any:
        comienzo = time.perf_counter()
        try:
            return funcion(*args, **kwargs)
        finally:
            tiempos[etapa] += time.perf_counter() - comienzo  # type: ignore[assignment]

    return medida


def _consultar(cliente: FlaskClient, ficha: str, quien: str) -> None:
    datos = {"csrf_token": ficha, "tipo_pago": "tramite", "documento": quien}
    cabeceras = {"HX-Request": "true", "HX-Target": "resultados", "Referer": f"{SITIO}/consulta"}
    dicho = cliente.post("/consulta", data=datos, headers=cabeceras, base_url=SITIO)
    assert "de un total de 10 registros" in dicho.text


if __name__ == "__main__":
    main()
