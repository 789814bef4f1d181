"""Orders given to the driver itself, for the pages that everybody asks for: what SQLAlchemy does around one of them costs as
much as its answer.

SQLAlchemy still writes them, lends the connection and says how each type is read. Whoever listens to what it executes hears
them too, and what goes wrong is asked again through it, which knows how to tell it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, TextualSelect
from sqlalchemy.engine import Dialect

from portal.db import db, soltar_lectura

_Traducir = Callable[[Any], Any]


class _Orden(NamedTuple):
    """An order as a driver takes it. `lugares` names its values in their order, when they go by position."""

    texto: str
    fijos: Mapping[str, object]
    lugares: Sequence[str] | None
    al_escribir: Sequence[tuple[str, _Traducir]]
    al_leer: Sequence[tuple[int, _Traducir]]


def filas(orden: Select | TextualSelect, valores: Mapping[str, object]) -> list[list[Any]]:
    """The rows that an order gives, by position. It stands by itself, in no session and no transaction. A reading that the
    session has open ends first: nobody holds two connections.

    `orden` is built once and not for each request: how its driver takes it is remembered. One that writes may be done twice,
    if the connection is lost before its answer comes.
    """
    soltar_lectura()
    motor = db.engine
    if not motor.dispatch.before_cursor_execute:
        prestada = motor.raw_connection()
        try:
            with suppress(motor.dialect.loaded_dbapi.Error):
                return _pedir(prestada.dbapi_connection, _preparar(orden, motor.dialect), valores)
            prestada.invalidate()
        finally:
            prestada.close()
    with motor.begin() as conexion:
        return [list(fila) for fila in conexion.execute(orden, valores)]


def _pedir(conexion: Any, orden: _Orden, valores: Mapping[str, object]) -> list[list[Any]]:
    todos = {**orden.fijos, **valores}
    for nombre, traducir in orden.al_escribir:
        todos[nombre] = traducir(todos[nombre])
    if orden.lugares is not None:
        leidas = conexion.execute(orden.texto, [todos[nombre] for nombre in orden.lugares]).fetchall()
    else:
        # PostgreSQL's: without it a BEGIN and its end travel too. One that fails is not given back.
        conexion.autocommit = True
        leidas = conexion.execute(orden.texto, todos).fetchall()
        conexion.autocommit = False
    halladas = [list(fila) for fila in leidas]
    for fila in halladas:
        for lugar, traducir in orden.al_leer:
            fila[lugar] = traducir(fila[lugar])
    return halladas


@lru_cache(maxsize=64)
def _preparar(orden: Select | TextualSelect, dialecto: Dialect) -> _Orden:
    escrita = orden.compile(dialect=dialecto)
    de_ida = {
        nombre: bind.type.dialect_impl(dialecto).bind_processor(dialecto) for bind, nombre in escrita.bind_names.items()
    }
    de_vuelta = [c.type.dialect_impl(dialecto).result_processor(dialecto, None) for c in orden.selected_columns]
    fijos = {nombre: valor for nombre, valor in escrita.params.items() if valor is not None}
    return _Orden(
        str(escrita),
        {nombre: traducir(valor) if (traducir := de_ida[nombre]) else valor for nombre, valor in fijos.items()},
        escrita.positiontup,
        [(nombre, traducir) for nombre, traducir in de_ida.items() if traducir and nombre not in fijos],
        [(lugar, traducir) for lugar, traducir in enumerate(de_vuelta) if traducir],
    )
