"""Prints where the time of a look-up or of a notification goes inside one process, as JSON: percent of the whole by stage.

`python -m bench.perfil consulta PEOPLE` or `python -m bench.perfil notificacion`, in the environment of a portal. Each stage is
timed by a clock around it, without a profiler, whose weight would move the shares; what is inside another is taken from it.
"""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bench.datos import documento
from bench.pasarela import Sesion, aviso
from bench.servidor import RAIZ
from portal.app import create_app
from portal.blueprints.consulta import views as consulta
from portal.blueprints.notificaciones import views as notificaciones
from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.operaciones import recaudos, resultados, senas
from portal.web import htmx
from portal.web.pasarela import atender_notificacion

CADA_UNO, BASTAN, DE_CALENTAR = 8, 400, 50
SITIO = "https://localhost"
RESTO = "Flask's own way and the rest"
Etapa = tuple[Any, str, str]


class Etapas:
    """The clocks: seconds by stage."""

    def __init__(self, etapas: list[Etapa]) -> None:
        self.segundos = Counter[str]()
        self._abiertas: list[str] = []
        self._desde = 0.0
        for donde, nombre, etapa in etapas:
            setattr(donde, nombre, self._medida(getattr(donde, nombre), etapa))

    def _cortar(self) -> None:
        ahora = time.perf_counter()
        if self._abiertas:
            self.segundos[self._abiertas[-1]] += ahora - self._desde  # type: ignore[assignment]
        self._desde = ahora

    def _medida(self, funcion: Callable[..., Any], etapa: str) -> Callable[..., Any]:
        @wraps(funcion)
        def medida(*args: Any, **kwargs: Any) -> Any:
            self._cortar()
            self._abiertas.append(etapa)
            try:
                return funcion(*args, **kwargs)
            finally:
                self._cortar()
                self._abiertas.pop()

        return medida

    def partes(self) -> dict[str, int]:
        """Percent of the whole, the largest first and what has no name at the end."""
        todo = sum(self.segundos.values())
        resto = self.segundos.pop(RESTO)
        dichas = {etapa: round(100 * segundos / todo) for etapa, segundos in self.segundos.most_common()}
        return dichas | {RESTO: round(100 * resto / todo)}


def de(entorno: Mapping[str, str], *que: str) -> str:
    """What this program says of that in a portal with that environment, in words."""
    orden = [sys.executable, "-m", "bench.perfil", *que]
    hecho = subprocess.run(orden, cwd=RAIZ, env=dict(entorno), check=True, stdout=subprocess.PIPE, text=True)
    return ", ".join(f"{etapa} {parte} %" for etapa, parte in json.loads(hecho.stdout).items())


def main() -> None:
    """Warm up, then time."""
    app = create_app()
    partes = _consultas(app, int(sys.argv[2])) if sys.argv[1] == "consulta" else _notificaciones(app)
    print(json.dumps(partes))


def _consultas(app: Flask, personas: int) -> dict[str, int]:
    etapas = Etapas(
        [
            (app, "wsgi_app", RESTO),
            (app, "preprocess_request", "CSRF, access and shape of the request"),
            (consulta, "SelectorForm", "the form"),
            (consulta, "frenar_consulta", "limits"),
            (consulta, "_hallar", "the question to the database and its rows"),
            (consulta, "renglones", "the rows as HTML"),
            (consulta, "razones", "the rows as HTML"),
            (htmx, "render_template", "the template"),
            (app, "process_response", "headers and the session's cookie"),
        ]
    )
    pedidas = 0
    for vuelta in range(2):
        etapas.segundos.clear()
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
    return etapas.partes()


def _consultar(cliente: FlaskClient, ficha: str, quien: str) -> None:
    datos = {"csrf_token": ficha, "tipo_pago": "tramite", "documento": quien}
    cabeceras = {"HX-Request": "true", "HX-Target": "resultados", "Referer": f"{SITIO}/consulta"}
    dicho = cliente.post("/consulta", data=datos, headers=cabeceras, base_url=SITIO)
    assert "de un total de 10 registros" in dicho.text


def _notificaciones(app: Flask) -> dict[str, int]:
    """Every attempt that waits for the bank, one after another: the disk and the gateway are waited for."""
    aplicadas = []

    def encargar(_app: Flask, notificacion_id: int, id_pasarela: str) -> None:
        with app.app_context():
            aplicadas.append(atender_notificacion(notificacion_id, id_pasarela))
            db.session.remove()

    notificaciones.encargar = encargar
    etapas = Etapas(
        [
            (app, "wsgi_app", RESTO),
            (notificaciones, "encargar", RESTO),
            (notificaciones.notificaciones, "guardar", "storing it"),
            (senas, "de_notificacion", "whose it is"),
            (app.extensions["pasarela"], "consultar", "asking the gateway"),
            (resultados, "aplicar_resultado", "the attempt and its facturas"),
            (resultados, "recaudar", "the credit"),
            (recaudos, "asentar", "the ledger"),
            (db.session, "commit", "its two commits"),
        ]
    )
    with app.app_context():
        esperan = select(Pago.id_pasarela, Pago.referencia, Pago.total).where(Pago.estado == EstadoPago.ENVIADO)
        filas = db.session.execute(esperan).all()
    for n, (clave, referencia, total) in enumerate(filas):
        if n == DE_CALENTAR:
            etapas.segundos.clear()
        cuerpo = aviso(Sesion(int(clave), referencia, format(total, "f")))
        cliente = app.test_client()
        cliente.post("/pago/notificaciones/placetopay", data=cuerpo, content_type="application/json").close()
    assert len(aplicadas) == len(filas) > DE_CALENTAR
    assert all(aplicadas)
    return etapas.partes()


if __name__ == "__main__":
    main()
