"""Batches of requests, each on its own copy of the demonstration, and what must hold after each."""

import contextlib
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from flask import Flask
from sqlalchemy import select

from portal.blueprints.notificaciones import views as notificaciones
from portal.db import db
from portal.models import Pago
from portal.operaciones import normativa, verificacion
from portal.pasarelas.base import AvisoPasarela, EstadoPasarela, PasarelaNoDisponible, ResultadoPasarela
from portal.web.pasarela import pasarela_actual
from tests import fabricas
from tests.azar.campana import ANONIMO, ROLES, Campana, Saber
from tests.azar.juicio import Falla, Peticion
from tests.maquina.memoria import en_memoria
from tests.pasarela_guion import PasarelaGuion

CLAVE = "una clave de demostración"
# After the last of the demonstration's contracts, in a year whose values are published.
HOY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
# One seed each: what a batch finds is found again by that batch alone.
TANDA = 1000
# How many are opened for each role before anything is sent.
PAGINAS = 90
_PILA = contextlib.ExitStack()
_RESPUESTAS = (EstadoPasarela.APROBADO, EstadoPasarela.RECHAZADO, EstadoPasarela.PENDIENTE)


@dataclass
class Informe:
    """What some batches found: failures, and how often each endpoint answered each status."""

    peticiones: int = 0
    fallas: list[Falla] = field(default_factory=list)
    estados: dict[str, Counter[int]] = field(default_factory=dict)

    def sumar(self, otro: "Informe") -> None:
        self.peticiones += otro.peticiones
        self.fallas += otro.fallas
        for extremo, cuenta in otro.estados.items():
            self.estados.setdefault(extremo, Counter()).update(cuenta)

    def sin_alcanzar(self) -> list[str]:
        """Endpoints that never answered with a page, a file or a redirect."""
        return sorted(e for e, cuenta in self.estados.items() if not any(estado < 400 for estado in cuenta))

    def por_estado(self) -> Counter[int]:
        """How many answers there were of each status."""
        return sum(self.estados.values(), Counter())


@dataclass(frozen=True)
class Escenario:
    """A portal with the demonstration and its staff signed in, which `empezar` takes back to that moment."""

    app: Flask
    empezar: Callable[[], None]
    galletas: dict[str, str]
    saber: Saber


class PasarelaAlAzar(PasarelaGuion):
    """A gateway that says anything of what it is asked, and reads notifications as the real one does."""

    def __init__(self, verdadera: object) -> None:
        super().__init__()
        self._verdadera = verdadera

    def consultar(self, id_pasarela: str) -> ResultadoPasarela:
        self.preguntas.append(id_pasarela)
        pago = db.session.scalar(select(Pago).where(Pago.id_pasarela == id_pasarela))
        cual = len(self.preguntas) % 4
        if pago is None or cual == len(_RESPUESTAS):
            raise PasarelaNoDisponible
        resultado = fabricas.resultado(pago, _RESPUESTAS[cual], transaccion=f"t{id_pasarela}")
        db.session.rollback()
        return replace(resultado, id_pasarela=id_pasarela)

    def interpretar_notificacion(self, cabeceras: object, cuerpo: bytes) -> AvisoPasarela:
        return self._verdadera.interpretar_notificacion(cabeceras, cuerpo)  # type: ignore[attr-defined,no-any-return]


@contextlib.contextmanager
def en_su_dia() -> Iterator[None]:
    """The day of the rules, and a notification that is followed up before the next request."""
    aparte = notificaciones.encargar
    notificaciones.encargar = lambda *_: None
    logging.disable(logging.NOTSET)
    try:
        with time_machine.travel(HOY, tick=True):
            yield
    finally:
        notificaciones.encargar = aparte


def poblar(app: Flask) -> tuple[dict[str, str], Saber]:
    """Load the demonstration, sign its accounts in and open their pages; the cookie of each role, and what was found."""
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=100_000)
    app.extensions["pasarela"] = PasarelaAlAzar(pasarela_actual())
    os.environ["PORTAL_CLAVE_DEMO"] = CLAVE
    try:
        hecho = app.test_cli_runner().invoke(args=["demo", "cargar"])
    finally:
        del os.environ["PORTAL_CLAVE_DEMO"]
    assert hecho.exit_code == 0, hecho.exception or hecho.output
    una, galletas = Campana(app, {}, 0, clave=CLAVE, saber=Saber()), {}
    for rol in ROLES:
        if rol != ANONIMO:
            una._ingresar(rol)
        una.explorar(rol, PAGINAS)
        galleta = una._clientes[rol].get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert galleta is not None, rol
        galletas[rol] = galleta.value
    assert una.fallas == []
    return galletas, una.saber


@contextlib.contextmanager
def escenario_en_memoria(plantilla: Path, carpeta: Path) -> Iterator[Escenario]:
    """From a migrated SQLite file with the rules loaded."""
    with en_memoria(plantilla, carpeta) as portal, en_su_dia():
        conocido = poblar(portal.app)
        portal.guardar()
        yield Escenario(portal.app, portal.empezar, *conocido)


def correr_tanda(escenario: Escenario, semilla: int, cuantas: int, solo: Sequence[str] = ()) -> Informe:
    """One batch; what breaks an invariant of money afterwards is one more failure."""
    escenario.empezar()
    normativa._guardadas.clear()
    campana = Campana(escenario.app, escenario.galletas, semilla, clave=CLAVE, saber=escenario.saber, solo=solo)
    campana.correr(cuantas)
    db.session.rollback()
    propias = [i for i in verificacion.INVARIANTES if i.quiebres is not normativa.verificar]
    for invariante in propias:
        for fila in invariante.quiebres():
            campana.fallas.append(
                Falla("descuadre", semilla, cuantas, Peticion("", "", ""), f"{invariante.codigo}: {fila}")
            )
    db.session.rollback()
    # Also those that nobody asked for: they are not reached either.
    estados = {r.endpoint: Counter() for r in campana.reglas} | campana.estados
    return Informe(campana._numero, campana.fallas, estados)


_AQUI: list[Escenario] = []


def preparar_proceso(plantilla: Path) -> None:
    """Give a process of the pool its scenario, for as long as it lives."""
    carpeta = Path(tempfile.mkdtemp(dir=plantilla.parent))
    _AQUI.append(_PILA.enter_context(escenario_en_memoria(plantilla, carpeta)))


def correr_aparte(tarea: tuple[int, int]) -> Informe:
    """One batch in a process that was prepared."""
    return correr_tanda(_AQUI[0], *tarea)
