"""A stand-in for PlacetoPay WebCheckout: its API, the page where people pay, and a panel to play the bank.

Run as `gunicorn "portal.simuladores.placetopay:create_app()"` with one worker; settings in `ajustes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from portal.simuladores.maquinaria.almacen import Almacen
from portal.simuladores.maquinaria.paginas import nueva_aplicacion
from portal.simuladores.maquinaria.reloj import Reloj
from portal.simuladores.placetopay.ajustes import Ajustes, leer_ajustes
from portal.simuladores.placetopay.esquema import ESQUEMA, PRIMEROS
from portal.simuladores.placetopay.notificaciones import Notificador
from portal.simuladores.placetopay.sesiones import Sesiones


@dataclass(frozen=True)
class Simulador:
    """The parts of one running simulator."""

    ajustes: Ajustes
    almacen: Almacen
    notificador: Notificador
    sesiones: Sesiones
    reloj: Reloj

    def detener(self) -> None:
        """Stop the clock and wait for the notifications on their way."""
        self.reloj.detener()
        self.notificador.esperar()


def simulador() -> Simulador:
    """The simulator of the current application."""
    actual: Simulador = current_app.extensions["simulador"]
    return actual


def create_app(entorno: Mapping[str, str] | None = None) -> Flask:
    """Build the simulator with the settings of `entorno`, by default the process's environment."""
    from portal.simuladores.placetopay import api, caja, control, panel

    ajustes = leer_ajustes(entorno)
    almacen = Almacen(ajustes.base_datos, ESQUEMA, PRIMEROS)
    notificador = Notificador(almacen, ajustes)
    sesiones = Sesiones(almacen, ajustes, notificador.al_terminar)
    app = nueva_aplicacion(__name__)
    app.extensions["simulador"] = Simulador(ajustes, almacen, notificador, sesiones, Reloj(sesiones.avanzar))
    for modulo in (api, caja, panel):
        app.register_blueprint(modulo.bp)
    if ajustes.control:
        app.register_blueprint(control.bp)
    app.extensions["simulador"].reloj.arrancar()
    return app
