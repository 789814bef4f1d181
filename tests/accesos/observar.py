"""Asks every route as every role and writes down what it answers, one line for each route and method."""

import re
import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.db import db, transaccion
from portal.models.usuario import Rol
from portal.operaciones import usuarios
from portal.web.acceso import PUBLICO, acceso_de
from portal.web.reloj import ahora
from tests.accesos.mundo import Mundo, Valores

ANONIMO, CONTRIBUYENTE = "anónimo", "contribuyente"
ROLES = (Rol.AGENTE, Rol.FUNCIONARIO, Rol.RENTAS, Rol.TESORERIA, Rol.AUDITOR, Rol.ADMINISTRADOR)
# In the order of the columns. Whoever signed in is on a public page like anybody else, and asks as the strongest role.
QUIENES = (ANONIMO, CONTRIBUYENTE, *(rol.value for rol in ROLES))
EN_LO_PUBLICO = (ANONIMO, CONTRIBUYENTE, Rol.ADMINISTRADOR.value)
# A 303 to the sign-in page: nobody in particular is asking.
INGRESO = "ingreso"
MATRIZ = Path(__file__).with_name("matriz.toml")
# What a request that is refused may still write: the counters of limits, and that somebody asked for what is not theirs.
SIEMPRE = frozenset({"cuota", "bitacora"})
# The documents of the persons of the world, as pages write them.
DOCUMENTOS = re.compile(r"1\.?212\.?312\.?323|1\.?000\.?000\.?003|52\.?000\.?111")
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Observada:
    """What a route answered to whom it was asked as; `escribieron`, who changed what although they were refused.

    `sin_rastro`: somebody who signed in was shown a person's document, and the bitácora does not have it.
    """

    metodo: str
    ruta: str
    celdas: tuple[str, ...]
    escribieron: tuple[str, ...]
    sin_rastro: bool

    @property
    def llave(self) -> str:
        return f"{self.metodo} {self.ruta}"

    @property
    def linea(self) -> str:
        """As `matriz.toml` has it."""
        return f'"{self.llave}" = "{" ".join(self.celdas)}"'


class Base:
    """The SQLite file under the portal: which tables a request changed, and how to undo that."""

    def __init__(self, archivo: str) -> None:
        self._conexion = sqlite3.connect(archivo)
        self._copia = sqlite3.connect(":memory:")
        self._conexion.backup(self._copia)
        self._version = self._leer()
        tablas = self._copia.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        self._tablas = [nombre for (nombre,) in tablas]

    def _leer(self) -> int:
        return int(self._conexion.execute("PRAGMA data_version").fetchone()[0])

    def cambiadas(self, *, mirar: bool) -> list[str]:
        """Put everything back as it was at the beginning; with `mirar`, the tables that were different."""
        if self._leer() == self._version:
            return []
        db.session.remove()
        distintas = [t for t in self._tablas if mirar and self._filas(self._conexion, t) != self._filas(self._copia, t)]
        self._conexion.rollback()
        self._copia.backup(self._conexion)
        self._version = self._leer()
        return distintas

    @staticmethod
    def _filas(conexion: sqlite3.Connection, tabla: str) -> list[tuple[object, ...]]:
        return conexion.execute(f"SELECT * FROM {tabla}").fetchall()

    def close(self) -> None:
        self._conexion.close()
        self._copia.close()


def escrita() -> dict[str, str]:
    """The matrix as it is written: `METHOD route` → its cells."""
    return {k: " ".join(v.split()) for k, v in tomllib.loads(MATRIZ.read_text()).items()}


def rutas(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method of every route, in the order of their addresses."""
    for regla in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        for metodo in ("GET", "POST"):
            if metodo in (regla.methods or ()):
                yield metodo, regla


@dataclass(frozen=True)
class _Navegador:
    """Somebody's browser. Its cookie is always the one that it began with, whatever an answer does to it."""

    app: Flask
    cookie: str
    csrf: str = ""

    def pedir(self, metodo: str, direccion: str) -> TestResponse:
        """A POST carries the token of a form and nothing else. The request is made in a context of its own."""
        datos = {"csrf_token": self.csrf} if metodo == "POST" else None
        db.session.rollback()
        with self.app.app_context():
            cliente = FlaskClient(self.app, self.app.response_class, use_cookies=False)
            return cliente.open(direccion, method=metodo, data=datos, headers={"Cookie": self.cookie})


def observar(app: Flask, mundo: Mundo) -> list[Observada]:
    """Ask all of it. What each request changed is undone before the next one."""
    archivo = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database
    navegadores = {quien: _navegador(app, quien, mundo) for quien in QUIENES}
    with closing(Base(str(archivo))) as base:
        return [_una(base, mundo, _quienes(app, navegadores, regla), metodo, regla) for metodo, regla in rutas(app)]


def _quienes(app: Flask, navegadores: Mapping[str, "_Navegador"], regla: Rule) -> dict[str, "_Navegador"]:
    publica = acceso_de(app, regla.endpoint) == PUBLICO
    return {quien: navegadores[quien] for quien in (EN_LO_PUBLICO if publica else QUIENES)}


def sin_token(app: Flask) -> dict[str, int]:
    """What each form answers to a stranger who sends it without the token of its page."""
    cliente = FlaskClient(app, app.response_class)
    direcciones = {r.rule: re.sub(r"<[^>]+>", "1", r.rule) for metodo, r in rutas(app) if metodo == "POST"}
    return {regla: cliente.post(direccion).status_code for regla, direccion in direcciones.items()}


def _navegador(app: Flask, quien: str, mundo: Mundo) -> _Navegador:
    cliente = FlaskClient(app, app.response_class)
    with cliente.session_transaction() as sesion:
        if quien == CONTRIBUYENTE:
            sesion["pagos"] = list(mundo.pagos)
        elif quien != ANONIMO:
            with transaccion():
                sesion["_user_id"] = usuarios.abrir_sesion(mundo.cuentas[Rol(quien)], recordar=False, ahora=ahora())
    with app.app_context():
        hallado = _CSRF.search(cliente.get("/consulta").text)
    assert hallado, "the look-up has a form"
    galleta = cliente.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert galleta, "its token goes with a cookie"
    return _Navegador(app, f"{galleta.key}={galleta.value}", hallado[1])


def _una(base: Base, mundo: Mundo, navegadores: Mapping[str, _Navegador], metodo: str, regla: Rule) -> Observada:
    objeto = mundo.objeto_de(regla.endpoint, frozenset(regla.arguments - set(regla.defaults or ())))
    celdas, escribieron, sin_rastro = [], [], False
    for quien, navegador in navegadores.items():
        estados = []
        for valores in (objeto.propio, objeto.ajeno):
            if valores is None:
                continue
            with navegador.pedir(metodo, _direccion(regla, valores)) as respuesta:
                estado, muestra = _celda(respuesta), quien in set(Rol) and bool(DOCUMENTOS.search(_texto(respuesta)))
            no_entro = estado == INGRESO or int(estado) >= 400
            cambiadas = base.cambiadas(mirar=no_entro or muestra)
            escribieron += [f"{quien}: {t}" for t in cambiadas if no_entro and t not in SIEMPRE]
            sin_rastro = sin_rastro or (muestra and "bitacora" not in cambiadas)
            estados.append(estado)
        celdas.append("/".join(estados))
    return Observada(metodo, regla.rule, tuple(celdas), tuple(escribieron), sin_rastro)


def _direccion(regla: Rule, valores: Valores) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda lugar: str(valores[lugar[1]]), regla.rule)


def _texto(respuesta: TestResponse) -> str:
    return respuesta.text if respuesta.mimetype.startswith("text/") else ""


def _celda(respuesta: TestResponse) -> str:
    al_ingreso = respuesta.status_code == 303 and respuesta.location.startswith("/ingresar")
    return INGRESO if al_ingreso else str(respuesta.status_code)
