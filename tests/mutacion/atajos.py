"""Work that every test repeats and that depends on no test, done once in each process: it is most of what a small test costs.

Each test makes the portal anew: Werkzeug writes and compiles a function for each of its routes, SQLAlchemy the text of each
statement for each new engine, and the client of the gateway reads every certificate of the machine.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from httpx2._transports import default
from sqlalchemy import Engine
from werkzeug.routing import Rule


def tomar_atajos() -> None:
    """From now on, in this process and its children, what is compiled for one portal serves the next."""
    Rule._compile_builder = _una_vez_por_ruta(Rule._compile_builder)
    default.create_ssl_context = cache(default.create_ssl_context)
    SQLAlchemy._make_engine = _con_un_dialecto(SQLAlchemy._make_engine)


def _una_vez_por_ruta(compilar: Callable[..., Any]) -> Callable[..., Any]:
    compiladas: dict[object, Any] = {}

    @wraps(compilar)
    def compilar_una_vez(ruta: Rule, append_unknown: bool = True) -> Any:
        llave = str(ruta._trace), repr(ruta.defaults), append_unknown
        if llave not in compiladas:
            compiladas[llave] = compilar(ruta, append_unknown)
        return compiladas[llave]

    return compilar_una_vez


def _con_un_dialecto(hacer: Callable[..., Engine]) -> Callable[..., Engine]:
    primeros: dict[str, Engine] = {}

    @wraps(hacer)
    def hacer_con_el_primero(*args: Any) -> Engine:
        motor = hacer(*args)
        primero = primeros.setdefault(motor.name, motor)
        motor.dialect = motor.pool._dialect = primero.dialect
        motor._compiled_cache = primero._compiled_cache
        return motor

    return hacer_con_el_primero
