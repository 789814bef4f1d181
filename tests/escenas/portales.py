"""A world as a running portal, inside the process whose clock stands still."""

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.app import create_app
from portal.config import leer_ajustes
from portal.db import db, transaccion
from portal.models import Usuario
from portal.models.usuario import Rol
from portal.operaciones import normativa, usuarios
from portal.web.reloj import ahora
from tests.escenas.mundos import Mundo
from tests.servidores import simulador_wompi

_NADIE = "http://127.0.0.1:9"


class _SinRegistro(WSGIRequestHandler):
    def log(self, *_args: Any, **_kwargs: Any) -> None:
        """Requests are the scenes' own."""


@dataclass(frozen=True)
class PortalDeEscenas:
    """Where it is: `dicho` goes to who asked for it, as JSON."""

    plantilla: Path
    dicho: dict[str, Any]


@contextmanager
def servir(mundo: Mundo, carpeta: Path, plantilla: Path | None) -> Iterator[PortalDeEscenas]:
    """Build a world and serve it; `plantilla` is a migrated database with its rules, None to make one."""
    archivo = carpeta / f"{mundo.nombre}.sqlite"
    with _pasarela(mundo, carpeta) as de_la_pasarela, socket.create_server(("127.0.0.1", 0)) as escucha:
        url = f"http://127.0.0.1:{escucha.getsockname()[1]}"
        entorno = {
            "DATABASE_URL": f"sqlite:///{archivo}",
            "PORTAL_URL": url,
            "PORTAL_DEPARTAMENTO": mundo.departamento,
            "PORTAL_CLAVE_SECRETA": "x" * 40,
            "PORTAL_CONSULTAS_LIMITE": "100000",
            **de_la_pasarela,
            **mundo.ajustes,
        }
        propia = carpeta / mundo.nombre
        propia.mkdir()
        app = create_app(leer_ajustes(entorno, instancia=propia))
        with app.app_context():
            plantilla = _base(archivo, plantilla or carpeta / "plantilla.sqlite")
            lugares = _poblar(app, mundo)
            cookies = _sesiones(app)
            db.session.remove()
        with _atendiendo(app, escucha):
            yield PortalDeEscenas(plantilla, {"url": url, "lugares": lugares, "cookies": cookies})


@contextmanager
def _pasarela(mundo: Mundo, carpeta: Path) -> Iterator[dict[str, str]]:
    if mundo.pasarela == "placetopay":
        # Nobody listens there: a payment stays as its world left it.
        yield {"PLACETOPAY_URL": _NADIE, "PLACETOPAY_LOGIN": "demo", "PLACETOPAY_CLAVE": "s" * 40}
        return
    with simulador_wompi(carpeta) as simulador:
        suyos = {"PORTAL_PASARELA": "wompi", **simulador.ajustes}
        yield suyos | {"WOMPI_URL": f"{_NADIE}/v1"} if mundo.pasarela == "muda" else suyos


def _base(archivo: Path, plantilla: Path) -> Path:
    if not plantilla.exists():
        upgrade()
        with transaccion():
            normativa.cargar()
        db.session.remove()
        db.engine.dispose()
        shutil.copy(archivo, plantilla)
        return plantilla
    shutil.copy(plantilla, archivo)
    return plantilla


def _poblar(app: Flask, mundo: Mundo) -> dict[str, str]:
    if mundo.demostracion:
        hecho = app.test_cli_runner().invoke(args=["demo", "cargar"])
        assert hecho.exit_code == 0, hecho.output
    else:
        with transaccion():
            for rol in Rol:
                usuarios.crear_usuario(
                    correo=f"{rol}@demo.portal.test",
                    nombre=f"Cuenta de {rol}",
                    rol=rol,
                    clave="una clave de escenas larga",
                    ahora=ahora(),
                )
    return mundo.poblar()


def _sesiones(app: Flask) -> dict[str, str]:
    """The cookie of a browser in which the demonstration's account of each role, or of each other name, signed in."""
    correos = select(Usuario.id, Usuario.correo).where(Usuario.correo.like("%@demo.portal.test"))
    cuentas = [(id_, correo.partition("@")[0]) for id_, correo in db.session.execute(correos)]
    cookies = {}
    for usuario_id, nombre in cuentas:
        # Those that factories make have random names: nobody signs in with them.
        if not re.fullmatch(r"[a-z-]{4,20}", nombre):
            continue
        with transaccion():
            token = usuarios.abrir_sesion(usuario_id, recordar=True, ahora=ahora())
        with app.test_client() as client:
            with client.session_transaction() as sesion:
                sesion["_user_id"] = token
            cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
            assert cookie
            cookies[nombre] = cookie.value
    return cookies | {"nombre": app.config["SESSION_COOKIE_NAME"]}


@contextmanager
def _atendiendo(app: Flask, escucha: socket.socket) -> Iterator[None]:
    servidor = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_SinRegistro, fd=escucha.fileno())
    servidor.daemon_threads = True
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    hilo.start()
    try:
        yield
    finally:
        servidor.shutdown()
        hilo.join()
        servidor.server_close()
