"""Prints where the time of a first look-up goes inside one process, as JSON: percent of the whole by stage.

`python -m bench.perfil PEOPLE`, in the environment of a portal. Each stage is timed by a clock around it, without a profiler,
whose weight would move the shares.
"""

import io
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from bench.datos import documento
from portal.app import create_app
from portal.blueprints.consulta import views
from portal.web import htmx

CADA_UNO, BASTAN = 8, 400


def main() -> None:
    """Warm up, then time."""
    app, tiempos = create_app(), Counter[str]()
    etapas: list[tuple[Any, str, str]] = [
        (app, "wsgi_app", "all"),
        (app, "preprocess_request", "CSRF, access and shape of the request"),
        (views, "SelectorForm", "the form"),
        (views, "frenar_consulta", "limits"),
        (views, "_hallar", "the question to the database and its rows"),
        (htmx, "render_template", "the template"),
        (app, "process_response", "headers and the session's cookie"),
    ]
    for donde, nombre, etapa in etapas:
        setattr(donde, nombre, _medida(getattr(donde, nombre), etapa, tiempos))
    personas, pedidas = int(sys.argv[1]), 0
    for vuelta in range(2):
        tiempos.clear()
        for navegador in range(BASTAN // CADA_UNO):
            direccion = f"11.{vuelta}.{navegador}.9"
            galleta, ficha = _llegar(app, direccion)
            for _ in range(CADA_UNO):
                pedidas += 1
                _consultar(app, direccion, galleta, ficha, documento(pedidas * 7919 % personas))
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


def _llegar(app: Any, direccion: str) -> tuple[str, str]:
    # One page for every eight look-ups: it is timed too, and hardly weighs.
    cabeceras, cuerpo = _pedir(app, "GET", direccion, "", b"")
    ficha = re.search(rb'name="csrf_token" value="([^"]+)"', cuerpo)
    assert ficha
    return cabeceras["Set-Cookie"].split(";")[0], ficha[1].decode()


def _consultar(app: Any, direccion: str, galleta: str, ficha: str, quien: str) -> None:
    datos = urlencode({"csrf_token": ficha, "tipo_pago": "tramite", "documento": quien}).encode()
    _, cuerpo = _pedir(app, "POST", direccion, galleta, datos)
    assert b"de un total de 10 registros" in cuerpo


def _pedir(app: Any, metodo: str, direccion: str, galleta: str, cuerpo: bytes) -> tuple[dict[str, str], bytes]:
    entorno = {
        "REQUEST_METHOD": metodo,
        "PATH_INFO": "/consulta",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_X_FORWARDED_FOR": direccion,
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_COOKIE": galleta,
        "HTTP_REFERER": "https://localhost/consulta",
        **({"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "resultados"} if metodo == "POST" else {}),
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(cuerpo)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(cuerpo),
        "wsgi.errors": sys.stderr,
    }
    dicho: dict[str, str] = {}
    respuesta = app(entorno, lambda _estado, cabeceras, _error=None: dicho.update(cabeceras))
    todo = b"".join(respuesta)
    respuesta.close()
    return dicho, todo


if __name__ == "__main__":
    main()
