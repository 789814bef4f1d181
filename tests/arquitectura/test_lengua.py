"""No sentence of ours, wherever it is written, is English, *tutea*, lacks its accents or writes days and money in other forms.

The strict client looks at each page that a test receives; here is what no page may have shown yet.
"""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from jinja2 import Environment

from portal.cli import TODOS
from tests.lengua import faltas

PORTAL = Path(__file__).resolve().parents[2] / "portal"
PLANTILLAS = sorted((PORTAL / "templates").rglob("*.html")) + sorted((PORTAL / "templates").rglob("*.txt"))
# Gateways, their simulators and the facts of `cotizar` speak with machines, in the words of their protocols.
_DE_MAQUINAS = {"pasarelas", "simuladores", "hechos.py"}
MODULOS = sorted(m for m in PORTAL.rglob("*.py") if not _DE_MAQUINAS & set(m.parts))
# A sentence, and no key, path, pattern, query or annotation: a capital, small letters, and more words.
_FRASE = re.compile(r"[¿¡«(]?[A-ZÁÉÍÓÚÑ][a-záéíóúñ»]*[,.;:]? [^|_=]+$")
# What only a programmer or the log of the server receives, in the language of the code.
_DE_PROGRAMADOR = {
    "ValueError",
    "RuntimeError",
    "TypeError",
    "KeyError",
    "AssertionError",
    "NotImplementedError",
    "text",
}


def _texto_de(plantilla: str) -> str:
    """What the template itself says: its text, and the sentences that its expressions quote."""
    piezas, citas = [], []
    for _, clase, valor in Environment(autoescape=True).lex(plantilla):
        if clase == "data":
            piezas.append(valor)
        elif clase == "variable_begin":
            piezas.append("X")  # a value: it joins what is beside it
        elif clase == "string" and " " in valor.strip("'\""):
            citas.append(valor.strip("'\""))
    texto = re.sub(r"<(script|style|code)\b.*?</\1>|<[^>]*>", "\n", "".join(piezas), flags=re.DOTALL)
    # Where a condition was, no space before a stop is anybody's fault: the pages are looked at as they come out.
    return re.sub(r"\s+(?=[,.;:)])|(?<=\()\s+|,(?=\s*,)", "", "\n".join([texto, *citas]))


def _con_faltas(textos: dict[Path, str]) -> dict[str, list[str]]:
    return {str(de.relative_to(PORTAL)): halladas for de, texto in textos.items() if (halladas := faltas(texto))}


def _oraciones(textos: Iterable[str]) -> str:
    return "\n".join(texto for texto in textos if _FRASE.match(texto))


def test_ninguna_plantilla_dice_lo_que_no_debe() -> None:
    assert _con_faltas({archivo: _texto_de(archivo.read_text()) for archivo in PLANTILLAS}) == {}


def _cadenas(arbol: ast.AST) -> Iterator[str]:
    """The sentences of a module that are no documentation: labels, messages, titles."""
    for nodo in ast.iter_child_nodes(arbol):
        if isinstance(nodo, ast.Expr) and isinstance(nodo.value, ast.Constant):
            continue
        if isinstance(nodo, ast.Assert):
            continue
        if isinstance(nodo, ast.Call) and getattr(nodo.func, "id", "") in _DE_PROGRAMADOR:
            continue
        if isinstance(nodo, ast.Dict):
            for valor in nodo.values:  # a key is somebody's code, or the message that its value replaces
                yield from _cadenas(ast.Module([ast.Return(valor)], []))
        elif isinstance(nodo, ast.JoinedStr):
            yield "".join(v.value if isinstance(v, ast.Constant) else "X" for v in nodo.values)
            for valor in nodo.values:
                yield from _cadenas(valor) if isinstance(valor, ast.FormattedValue) else ()
        elif isinstance(nodo, ast.Constant):
            yield nodo.value if isinstance(nodo.value, str) else ""
        else:
            yield from _cadenas(nodo)


def test_ningun_modulo_dice_lo_que_no_debe() -> None:
    assert _con_faltas({archivo: _oraciones(_cadenas(ast.parse(archivo.read_text()))) for archivo in MODULOS}) == {}


def _textos(dato: Any) -> Iterator[str]:
    if isinstance(dato, str):
        yield dato
    for uno in dato.values() if isinstance(dato, dict) else dato if isinstance(dato, list) else ():
        yield from _textos(uno)


def test_los_datos_de_la_norma_se_leen_bien() -> None:
    archivos = (PORTAL / "normativa").rglob("*.toml")
    assert _con_faltas({archivo: _oraciones(_textos(tomllib.loads(archivo.read_text()))) for archivo in archivos}) == {}


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_la_ayuda_de_las_ordenes_se_lee_bien(app: Flask, runner: FlaskCliRunner) -> None:
    ayudas = []
    for raiz in TODOS:
        for orden in (raiz, *getattr(raiz, "commands", {}).values()):
            ayudas += [str(orden.help or "")] + [
                str(getattr(parametro, "help", "") or "") for parametro in orden.params
            ]
    assert len(ayudas) > 50
    # An example of what a machine writes is in the machine's words.
    assert faltas(re.sub(r"\{.*\}", "", "\n".join(ayudas))) == []


@pytest.mark.parametrize(
    "frase",
    [
        "Page not available", "Loading…", "Login", "El valor es None", "undefined", "Escriba su password",
        "Please wait", "Escriba tu documento", "Haz clic", "Si tienes dudas", "Elige el banco", "Tramite",
        "Numero de contrato", "Pago en linea", "Consulta Publica", "la liquidacion", "su posesion",
        "el año y el dia", "el 12/05/2026", "el 2026-11-21", "a las 15:30", "a las 3:30 pm", "$4000", "$ 4.000",
        "$1,000", "$1.000.50", "1,000.50", "1,000,000", "1 estampillas", "Pague , por favor", "( una nota )",
        "a las 2:05 p. m..", "Decimal('4')",
    ],
)  # fmt: skip
def test_lo_que_no_se_debe_decir_se_halla(frase: str) -> None:
    assert faltas(frase) != []


def test_lo_que_se_dice_bien_no_se_halla() -> None:
    """Money, days, hours, addresses, codes, capitals of data, and what is also Spanish."""
    assert (
        faltas(
            "Pague $235.000 hasta el 21 de noviembre de 2026, 2:05 p. m.\n¿Hay un error? Escriba a rentas@putumayo.gov.co.\n"
            "GOBERNACION DEL PUTUMAYO\nMostrando registros del 1 al 1 de un total de 1 registros\nNo hay más de 1 facturas.\n"
            "Una base de 46.911.499,50 con el 0,125 %\nliquidacion-12-2026-11-21.pdf\n"
            "Escriba una fecha que exista, por ejemplo 03/02/2025 14:30.\n21 estampillas\nEl total real, una vez, con la red."
        )
        == []
    )
