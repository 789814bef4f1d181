"""`flask servir` starts everything, says where, and leaves nothing behind, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from portal.config import Ajustes
from portal.db import db

RAIZ = Path(__file__).resolve().parents[2]


def _dos_puertos_libres() -> int:
    """A free port whose next one is free too."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as escucha:
            puerto = int(escucha.getsockname()[1])
        try:
            socket.create_server(("127.0.0.1", puerto + 1)).close()
        except OSError:
            continue
        return puerto


def _arrancar(base_datos: str, puerto: int, pasarela: str = "placetopay") -> "subprocess.Popen[str]":
    entorno = {
        **os.environ,
        "PORTAL_PASARELA": pasarela,
        "DATABASE_URL": base_datos,
        "PORT": str(puerto),
        "PORTAL_CLAVE_DEMO": "una clave de prueba",
    }
    flask = str(Path(sys.executable).parent / "flask")
    return subprocess.Popen(
        [flask, "servir"],
        cwd=RAIZ,
        env=entorno,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell makes what it leaves in the background deaf to Ctrl-C; the tests may run there, the portal must hear it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _despedirse(proceso: "subprocess.Popen[str]") -> str:
    """What it still says until it ends; killed when it does not, so that the test fails instead of waiting for ever."""
    try:
        return proceso.communicate(timeout=60)[0]
    except subprocess.TimeoutExpired:
        proceso.kill()
        raise


def _responde(puerto: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{puerto}/salud", timeout=2) as respuesta:
            return bool(respuesta.status == 200)
    except OSError:
        return False


def _hasta(condicion: bool, puertos: list[int]) -> None:
    for _ in range(300):
        if all(_responde(p) is condicion for p in puertos):
            return
        time.sleep(0.1)
    raise AssertionError(f"the servers never {'answered' if condicion else 'stopped'}")


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("senal", "pasarela"),
    [
        (signal.SIGINT, "placetopay"),
        (signal.SIGTERM, "placetopay"),
        (signal.SIGHUP, "placetopay"),
        (signal.SIGKILL, "placetopay"),
        (signal.SIGINT, "wompi"),
    ],
)
def test_al_detenerse_no_deja_procesos(app: Flask, ajustes: Ajustes, senal: signal.Signals, pasarela: str) -> None:
    db.session.remove()
    puerto = _dos_puertos_libres()
    with _arrancar(ajustes.base_datos, puerto, pasarela) as proceso:
        assert proceso.stdout is not None
        presentacion = ""
        while "Ctrl-C para detener" not in presentacion:
            linea = proceso.stdout.readline()
            assert linea, f"it ended before being ready: {presentacion}"
            presentacion += linea
        _hasta(True, [puerto, puerto + 1])
        proceso.send_signal(senal)
        despedida = _despedirse(proceso)
    _hasta(False, [puerto, puerto + 1])
    assert f"http://127.0.0.1:{puerto}" in presentacion
    assert "rentas@demo.portal.test" in presentacion
    assert "Traceback" not in presentacion + despedida


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_un_puerto_ocupado_se_dice_en_una_frase(app: Flask, ajustes: Ajustes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ocupado:
        puerto = int(ocupado.getsockname()[1])
        with _arrancar(ajustes.base_datos, puerto) as proceso:
            salida = _despedirse(proceso)
    assert proceso.returncode == 1
    assert f"El puerto {puerto} está ocupado" in salida
    assert "Traceback" not in salida
