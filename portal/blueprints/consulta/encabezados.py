"""The headings of both look-ups: the same for everybody who orders them alike, so that they are written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import render_template
from markupsafe import Markup

from portal.web.tablas import Columna


@dataclass(frozen=True)
class Encabezados:
    """Those of the table, and those in their place where a phone shows cards."""

    de_tabla: Markup
    de_tarjetas: Markup


@lru_cache(maxsize=64)
def encabezados(columnas: Sequence[Columna[Any]], orden: str, sentido: str) -> Encabezados:
    """Of a table that is ordered by the column with that key (none when it is empty), in that `sentido`."""

    def escribir(plantilla: str) -> Markup:
        return Markup(render_template(plantilla, columnas=columnas, orden=orden, sentido=sentido))  # noqa: S704  our template

    return Encabezados(escribir("consulta/_encabezados.html"), escribir("consulta/_ordenar.html"))
