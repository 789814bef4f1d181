"""The portal as people meet it: gunicorn in its own process, the simulator over HTTP, and its commands."""

import os
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from gunicorn.app.wsgiapp import run
from sqlalchemy import make_url

from portal.config import Ajustes
from portal.db import db
from tests import criadero
from tests.bases import guardar_copia, restaurar
from tests.servidores import SIMULADORES, SimuladorEnMarcha

CLAVE_DEMO = "loros que leen despacio"


@dataclass(frozen=True)
class PortalEnMarcha:
    """The portal served by gunicorn, its simulator, and its commands."""

    url: str
    simulador: SimuladorEnMarcha
    entorno: dict[str, str]

    def flask(self, *orden: str) -> str:
        """Run a command of the portal on the same data."""
        hecho = criadero.terminar(criadero.flask, *orden, entorno=self.entorno)
        assert hecho.codigo == 0, hecho.se_quejo
        return hecho.dijo


def _puerto_libre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as escucha:
        return int(escucha.getsockname()[1])


def _esperar(url: str, vive: Callable[[], bool]) -> None:
    for _ in range(300):
        assert vive(), "gunicorn died"
        try:
            urllib.request.urlopen(f"{url}/salud", timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("gunicorn never answered")


@pytest.fixture(scope="session")
def demostracion(carpeta_sesion: Path) -> Callable[[PortalEnMarcha], None]:
    """Loads a department's demonstration: by its command the first time on each engine, by copying that one afterwards."""
    copias: dict[str, str] = {}

    def cargar(portal: PortalEnMarcha) -> None:
        base_datos = portal.entorno["DATABASE_URL"]
        motor, departamento = (
            make_url(base_datos).get_backend_name(),
            portal.entorno.get("PORTAL_DEPARTAMENTO", "putumayo"),
        )
        cual = f"demostracion_{motor}_{departamento}"
        if cual in copias:
            restaurar(base_datos, copias[cual])
        else:
            portal.flask("demo", "cargar")
            copias[cual] = guardar_copia(base_datos, cual, carpeta_sesion)

    return cargar


Demostracion = Callable[[PortalEnMarcha], None]


@pytest.fixture
def portal(app: Flask, ajustes: Ajustes, tmp_path: Path, demostracion: Demostracion) -> Iterator[PortalEnMarcha]:
    """The portal with the demonstration loaded, on the engine of the `app` fixture."""
    with en_marcha(ajustes, tmp_path, demostracion, "placetopay") as marcha:
        yield marcha


@pytest.fixture
def portal_wompi(app: Flask, ajustes: Ajustes, tmp_path: Path, demostracion: Demostracion) -> Iterator[PortalEnMarcha]:
    """The same with the other gateway, whose bank's address comes a moment after the transaction."""
    with en_marcha(ajustes, tmp_path, demostracion, "wompi", demora_url="0.5") as marcha:
        yield marcha


@contextmanager
def en_marcha(
    ajustes: Ajustes, carpeta: Path, demostracion: Demostracion, pasarela: str, **del_simulador: str
) -> Iterator[PortalEnMarcha]:
    """The portal served by gunicorn on the database of `ajustes`, once `demostracion` has filled it."""
    db.session.remove()
    db.engine.dispose()
    puerto = _puerto_libre()
    url = f"http://127.0.0.1:{puerto}"
    avisos = f"{url}/pago/notificaciones/{pasarela}"
    with SIMULADORES[pasarela](carpeta, notificar_url=avisos, **del_simulador) as simulador:
        entorno = {
            **os.environ,
            "DATABASE_URL": ajustes.base_datos,
            "PORTAL_URL": url,
            "PORTAL_CLAVE_SECRETA": "x" * 40,
            "PORTAL_CLAVE_DEMO": CLAVE_DEMO,
            "PORTAL_CLAVE_ESTAMPILLAS": str(ajustes.clave_estampillas),
            "PORTAL_SONDA_ESPERA": "0",
            "PORTAL_PASARELA": pasarela,
            **simulador.ajustes,
        }
        marcha = PortalEnMarcha(url, simulador, entorno)
        demostracion(marcha)
        proceso = criadero.empezar(_servir, puerto, entorno=entorno)
        try:
            _esperar(url, proceso.is_alive)
            yield marcha
        finally:
            proceso.terminate()
            proceso.join()


def _servir(puerto: int) -> None:
    """Become gunicorn."""
    orden = ["gunicorn", "--no-control-socket", "-k", "gthread", "-w", "1", "--threads", "8", "--log-level", "warning"]
    sys.argv = [*orden, "-b", f"127.0.0.1:{puerto}", "wsgi:app"]
    run()
