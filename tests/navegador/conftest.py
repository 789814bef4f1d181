"""A real browser against a real gunicorn and the real protocol of the simulator."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.config import Ajustes
from portal.db import db
from tests.servidores import SimuladorEnMarcha, simulador_placetopay

RAIZ = Path(__file__).resolve().parents[2]
CLAVE_DEMO = "clave de la demostración"
# How long a page may take to show what is expected before the test fails; a busy machine is no fault of the portal.
expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class PortalEnMarcha:
    """The portal served by gunicorn, its simulator, and its commands."""

    url: str
    simulador: SimuladorEnMarcha
    entorno: dict[str, str]

    def flask(self, *orden: str) -> str:
        """Run a command of the portal on the same data."""
        binario = str(Path(sys.executable).parent / "flask")
        hecho = subprocess.run(
            [binario, *orden], cwd=RAIZ, env=self.entorno, capture_output=True, text=True, timeout=120, check=False
        )
        assert hecho.returncode == 0, hecho.stderr
        return hecho.stdout


def _puerto_libre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as escucha:
        return int(escucha.getsockname()[1])


def _esperar(url: str, proceso: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert proceso.poll() is None, "gunicorn died"
        try:
            urllib.request.urlopen(f"{url}/salud", timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("gunicorn never answered")


@pytest.fixture
def portal(app: Flask, ajustes: Ajustes, tmp_path: Path) -> Iterator[PortalEnMarcha]:
    """The portal with the demonstration loaded, on the engine of the `app` fixture."""
    db.session.remove()
    puerto = _puerto_libre()
    url = f"http://127.0.0.1:{puerto}"
    with simulador_placetopay(tmp_path, notificar_url=f"{url}/pago/notificaciones/placetopay") as simulador:
        entorno = {
            **os.environ,
            "DATABASE_URL": ajustes.base_datos,
            "PORTAL_URL": url,
            "PORTAL_CLAVE_SECRETA": "x" * 40,
            "PORTAL_CLAVE_DEMO": CLAVE_DEMO,
            "PORTAL_SONDA_ESPERA": "0",
            **simulador.ajustes,
        }
        marcha = PortalEnMarcha(url, simulador, entorno)
        marcha.flask("demo", "cargar")
        gunicorn = [str(Path(sys.executable).parent / "gunicorn"), "--no-control-socket", "-k", "gthread", "-w", "1"]
        orden = [*gunicorn, "--threads", "8", "--log-level", "warning", "-b", f"127.0.0.1:{puerto}", "wsgi:app"]
        with subprocess.Popen(orden, cwd=RAIZ, env=entorno) as proceso:
            try:
                _esperar(url, proceso)
                yield marcha
            finally:
                proceso.terminate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
            ],
        )
        yield navegador
        navegador.close()


@pytest.fixture
def abrir(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own; fails when a page logs an error or, at any width, overflows sideways."""
    contextos = []
    quejas: list[str] = []

    def nueva(ancho: int = 360, *, javascript: bool = True) -> Page:
        contexto = chromium.new_context(viewport={"width": ancho, "height": 800}, java_script_enabled=javascript)
        contexto.set_default_timeout(15_000)
        contextos.append(contexto)
        pagina = contexto.new_page()
        pagina.on("pageerror", lambda e: quejas.append(str(e)))
        pagina.on("console", lambda m: quejas.append(m.text) if _es_queja(m.type, m.text) else None)
        return pagina

    yield nueva
    for contexto in contextos:
        contexto.close()
    assert quejas == []


def _es_queja(tipo: str, texto: str) -> bool:
    # A 4xx answer is what the test asked for; everything else in the console is a fault (CSP, scripts, missing files).
    return tipo == "error" and "status of 4" not in texto
