"""The sheet of colours: three themes from one table, with those of the department."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ARCHIVO = Path(__file__).with_name("temas.toml")
# In the order of the table's columns.
TEMAS = ("claro", "oscuro", "contraste")
# What the browser is told to draw its own controls with.
_ESQUEMA = {"claro": "light", "oscuro": "dark", "contraste": "dark"}


def colores(propios: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The colours of each theme by token, `propios` being those a department's light theme changes.

    Raises KeyError for a token that the table lacks.
    """
    tabla: dict[str, list[str]] = _tabla()["colores"]
    for token in propios:
        tabla[token][0] = propios[token]
    return {tema: {token: fila[i] for token, fila in tabla.items()} for i, tema in enumerate(TEMAS)}


def pares() -> dict[str, list[tuple[str, str]]]:
    """What must be told apart: pairs of tokens by kind (`texto`, `forma`)."""
    return {clase: [(a, b) for a, b in filas] for clase, filas in _tabla()["pares"].items()}


def hoja(propios: Mapping[str, str]) -> str:
    """The style sheet: what the device prefers, unless the page says which theme was chosen."""
    por_tema = {tema: _reglas(tema, de_tema) for tema, de_tema in colores(propios).items()}
    return "".join(
        [
            f":root{{{por_tema['claro']}}}",
            f"@media (prefers-color-scheme:dark){{:root:not([data-tema]){{{por_tema['oscuro']}}}}}",
            f"@media (prefers-contrast:more){{:root:not([data-tema]){{{por_tema['contraste']}}}}}",
            *(f':root[data-tema="{tema}"]{{{por_tema[tema]}}}' for tema in TEMAS),
            # Paper is white whatever the screen is.
            f"@media print{{:root,:root[data-tema]{{{por_tema['claro']}}}}}",
        ]
    )


def _reglas(tema: str, de_tema: Mapping[str, str]) -> str:
    oscuro = _ESQUEMA[tema] == "dark"
    # The bar offers the scheme that is not seen: which one only the browser knows when nobody chose.
    interruptores = (
        f"--si-claro:{'none' if oscuro else 'inline-flex'};--si-oscuro:{'inline-flex' if oscuro else 'none'}"
    )
    tokens = ";".join(f"--{token}:{color}" for token, color in de_tema.items())
    return f"color-scheme:{_ESQUEMA[tema]};{interruptores};{tokens}"


def _tabla() -> dict[str, Any]:
    return tomllib.loads(ARCHIVO.read_text(encoding="utf-8"))
