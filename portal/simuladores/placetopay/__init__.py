"""A stand-in for PlacetoPay WebCheckout: its API, the page where people pay, and a panel to play the bank.

Run as `gunicorn "portal.simuladores.placetopay:create_app()"` with one worker; settings in `ajustes`.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, current_app

from portal.simuladores.placetopay.ajustes import Ajustes, leer_ajustes
from portal.simuladores.placetopay.almacen import Almacen
from portal.simuladores.placetopay.notificaciones import Notificador
from portal.simuladores.placetopay.sesiones import Sesiones

_SEGUNDOS_ENTRE_PASOS = 0.2


@dataclass
class Simulador:
    """The parts of one running simulator."""

    ajustes: Ajustes
    almacen: Almacen
    notificador: Notificador
    sesiones: Sesiones
    _alto: threading.Event = field(default_factory=threading.Event)
    _hilo: threading.Thread | None = None

    def arrancar(self) -> None:
        """Let time pass on its own: expiries and decisions that come later."""
        self._hilo = threading.Thread(target=self._pasar_el_tiempo, daemon=True)
        self._hilo.start()

    def detener(self) -> None:
        """Stop the clock and wait for the notifications on their way."""
        self._alto.set()
        if self._hilo is not None:
            self._hilo.join()
        self.notificador.esperar()

    def _pasar_el_tiempo(self) -> None:
        while not self._alto.wait(_SEGUNDOS_ENTRE_PASOS):
            self.sesiones.avanzar()


def simulador() -> Simulador:
    """The simulator of the current application."""
    actual: Simulador = current_app.extensions["simulador"]
    return actual


def create_app(entorno: Mapping[str, str] | None = None) -> Flask:
    """Build the simulator with the settings of `entorno`, by default the process's environment."""
    from portal.simuladores.placetopay import api, caja, control, panel

    ajustes = leer_ajustes(entorno)
    almacen = Almacen(ajustes.base_datos)
    notificador = Notificador(almacen, ajustes)
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["simulador"] = Simulador(
        ajustes, almacen, notificador, Sesiones(almacen, ajustes, notificador.al_terminar)
    )
    for modulo in (api, caja, panel):
        app.register_blueprint(modulo.bp)
    if ajustes.control:
        app.register_blueprint(control.bp)
    app.add_url_rule("/salud", "salud", lambda: Response("ok", mimetype="text/plain"))
    app.extensions["simulador"].arrancar()
    return app
