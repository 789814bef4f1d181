"""`flask servir`: the portal, the simulator, the probe, the mail and the agents' months, started and stopped together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.espanol import Orden
from portal.config import PASARELAS, Ajustes, secreto_de_demostracion
from portal.web.arranque import exigir_arranque
from portal.web.departamento import ajustes_actuales

ROLES_DEMO = ("administrador", "rentas", "tesoreria", "funcionario", "agente", "auditor")
_SEGUNDOS_DE_ARRANQUE = 60
_SEGUNDOS_DE_CIERRE = 10
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


@click.command(
    "servir",
    cls=Orden,
    help="Sirve el portal, el simulador del banco, la sonda, el correo y los meses de los agentes; Ctrl-C los detiene todos.",
)
@with_appcontext
def servir() -> None:
    ajustes = ajustes_actuales()
    exigir_arranque(current_app._get_current_object())  # type: ignore[attr-defined]
    puerto = int(os.environ.get("PORT") or 8000)
    simulado = not any(os.environ.get(n) for n in PASARELAS[ajustes.pasarela])
    for ocupado in (p for p in ((puerto, puerto + 1) if simulado else (puerto,)) if not _libre(p)):
        sys.exit(f"El puerto {ocupado} está ocupado. Elija otro con PORT=…")
    for senal in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(senal, lambda *_: sys.exit(0))
    hijos: list[subprocess.Popen[bytes]] = []
    estado = 0
    try:
        hijos += [_lanzar(orden, entorno) for orden, entorno in _ordenes(ajustes, puerto, simulado)]
        _esperar(f"http://127.0.0.1:{puerto}/salud", hijos)
        _presentar(ajustes, puerto, simulado, Path(current_app.instance_path))
        estado = _vigilar(hijos)
    except KeyboardInterrupt:
        click.echo("\nDeteniendo…")
    finally:
        _detener(hijos)
    sys.exit(estado)


def _ordenes(ajustes: Ajustes, puerto: int, simulado: bool) -> list[tuple[list[str], Mapping[str, str]]]:
    binarios = Path(sys.executable).parent
    gunicorn = [
        str(binarios / "gunicorn"),
        "--no-control-socket",
        "--worker-class",
        "gthread",
        "--log-level",
        "warning",
    ]
    ordenes: list[tuple[list[str], Mapping[str, str]]] = [
        ([*gunicorn, "--preload", "-w", "2", "--threads", "16", "-b", f"127.0.0.1:{puerto}", "wsgi:app"], {}),
        ([str(binarios / "flask"), "pagos", "sondear", "--continuo"], {}),
        ([str(binarios / "flask"), "correo", "enviar", "--continuo"], {}),
        ([str(binarios / "flask"), "agentes", "recordar", "--continuo"], {}),
    ]
    if simulado:
        modulo = f"portal.simuladores.{ajustes.pasarela}:create_app()"
        orden = [*gunicorn, "-w", "1", "--threads", "8", "-b", f"127.0.0.1:{puerto + 1}", modulo]
        ordenes.append((orden, _entorno_del_simulador(ajustes, puerto)))
    return ordenes


def _entorno_del_simulador(ajustes: Ajustes, puerto: int) -> dict[str, str]:
    """Every simulator's own settings, and the ones of the gateway that it imitates."""
    suyas = {
        "placetopay": {"LOGIN": "PLACETOPAY_LOGIN", "CLAVE": "PLACETOPAY_CLAVE"},
        "wompi": {
            "PUBLICA": "WOMPI_LLAVE_PUBLICA",
            "PRIVADA": "WOMPI_LLAVE_PRIVADA",
            "INTEGRIDAD": "WOMPI_SECRETO_INTEGRIDAD",
            "EVENTOS": "WOMPI_SECRETO_EVENTOS",
        },
    }[ajustes.pasarela]
    archivo = "simulador.sqlite" if ajustes.pasarela == "placetopay" else f"simulador-{ajustes.pasarela}.sqlite"
    return {
        "SIMULADOR_BASE_DATOS": str(Path(current_app.instance_path) / archivo),
        "SIMULADOR_URL": f"http://127.0.0.1:{puerto + 1}",
        "SIMULADOR_NOTIFICAR_URL": f"http://127.0.0.1:{puerto}/pago/notificaciones/{ajustes.pasarela}",
        **{f"SIMULADOR_{suya}": ajustes.credenciales_pasarela[nuestra] for suya, nuestra in suyas.items()},
    }


def _lanzar(orden: list[str], entorno: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # Each child leads its own group, so that Ctrl-C reaches only this supervisor, which then stops them in order.
    return subprocess.Popen(  # noqa: S603  our own commands
        orden, env={**os.environ, **entorno}, start_new_session=True, preexec_fn=_morir_con_el_supervisor
    )


def _morir_con_el_supervisor() -> None:
    """Ask Linux to stop this child when the supervisor dies, even by kill -9; elsewhere Ctrl-C still stops all."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _libre(puerto: int) -> bool:
    with socket.socket() as prueba:
        prueba.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prueba.bind(("127.0.0.1", puerto))
        except OSError:
            return False
    return True


def _esperar(direccion: str, hijos: list[subprocess.Popen[bytes]]) -> None:
    limite = time.monotonic() + _SEGUNDOS_DE_ARRANQUE
    while time.monotonic() < limite and all(h.poll() is None for h in hijos):
        try:
            urllib.request.urlopen(direccion, timeout=1).close()  # noqa: S310  our own address
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("El portal no arrancó; revise los mensajes anteriores.")


def _presentar(ajustes: Ajustes, puerto: int, simulado: bool, instancia: Path) -> None:
    click.echo(f"\nListo. Portal ({ajustes.departamento}): http://127.0.0.1:{puerto}")
    if simulado:
        click.echo(f"Simulador del banco: http://127.0.0.1:{puerto + 1}/panel")
    if ajustes.es_demostracion:
        clave = os.environ.get("PORTAL_CLAVE_DEMO") or secreto_de_demostracion(instancia, "clave_demo")
        click.echo("Cuentas de demostración: " + ", ".join(f"{rol}@demo.portal.test" for rol in ROLES_DEMO))
        click.echo(f"Contraseña de todas: {clave}")
    click.echo("Ctrl-C para detener.\n")
    sys.stdout.flush()


def _vigilar(hijos: list[subprocess.Popen[bytes]]) -> int:
    while all(h.poll() is None for h in hijos):
        time.sleep(0.5)
    click.echo("Un proceso terminó inesperadamente; se detiene todo.", err=True)
    return 1


def _detener(hijos: list[subprocess.Popen[bytes]]) -> None:
    for hijo in hijos:
        _avisar(hijo, signal.SIGTERM)
    limite = time.monotonic() + _SEGUNDOS_DE_CIERRE
    for hijo in hijos:
        try:
            hijo.wait(max(0.1, limite - time.monotonic()))
        except subprocess.TimeoutExpired:
            _avisar(hijo, signal.SIGKILL)
            hijo.wait()


def _avisar(hijo: subprocess.Popen[bytes], senal: signal.Signals) -> None:
    try:
        os.killpg(hijo.pid, senal)
    except ProcessLookupError:
        return
