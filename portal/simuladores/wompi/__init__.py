"""A stand-in for Wompi's PSE: its API, the bank's page, the documents to accept, and a panel to play the bank.

Run as `gunicorn "portal.simuladores.wompi:create_app()"` with one worker; settings in `ajustes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from portal.simuladores.maquinaria.almacen import Almacen
from portal.simuladores.maquinaria.paginas import nueva_aplicacion
from portal.simuladores.maquinaria.reloj import Reloj
from portal.simuladores.wompi.ajustes import Ajustes, leer_ajustes
from portal.simuladores.wompi.esquema import ESQUEMA, PRIMEROS
from portal.simuladores.wompi.eventos import Notificador
from portal.simuladores.wompi.fichas import Fichas
from portal.simuladores.wompi.transacciones import Transacciones


@dataclass(frozen=True)
class Simulador:
    """The parts of one running simulator."""

    ajustes: Ajustes
    almacen: Almacen
    fichas: Fichas
    notificador: Notificador
    transacciones: Transacciones
    reloj: Reloj

    def detener(self) -> None:
        """Stop the clock and wait for the events on their way."""
        self.reloj.detener()
        self.notificador.esperar()


def simulador() -> Simulador:
    """The simulator of the current application."""
    actual: Simulador = current_app.extensions["simulador"]
    return actual


def create_app(entorno: Mapping[str, str] | None = None) -> Flask:
    """Build the simulator with the settings of `entorno`, by default the process's environment."""
    from portal.simuladores.wompi import api, caja, control, panel

    ajustes = leer_ajustes(entorno)
    almacen = Almacen(ajustes.base_datos, ESQUEMA, PRIMEROS)
    notificador = Notificador(almacen, ajustes)
    transacciones = Transacciones(almacen, ajustes, notificador.anunciar)

    def avanzar() -> None:
        transacciones.avanzar()
        notificador.repetir()

    app = nueva_aplicacion(__name__)
    app.extensions["simulador"] = Simulador(
        ajustes, almacen, Fichas(almacen, ajustes), notificador, transacciones, Reloj(avanzar)
    )
    for modulo in (api, caja, panel):
        app.register_blueprint(modulo.bp)
    if ajustes.control:
        app.register_blueprint(control.bp)
    app.extensions["simulador"].reloj.arrancar()
    return app
