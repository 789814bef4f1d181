"""The rows of both look-ups as HTML.

Written here and not in the template: a table has a hundred texts, and each expression of a template costs as much as all of
them made safe together.
"""

from collections.abc import Sequence
from functools import cache
from itertools import cycle

from flask import get_template_attribute
from markupsafe import Markup, escape

from portal.operaciones.consultas import FilaConsulta
from portal.web.filtros import etiqueta
from portal.web.tablas import Columna, Pagina

# What no text of the portal holds: forms refuse it, and PostgreSQL has no place for it.
_ENTRE = "\x00"
_NINGUNA = '<span><span aria-hidden="true">–</span><span class="oculto-visual">Ninguna</span></span>'


def renglones(pagina: Pagina[FilaConsulta]) -> Markup:
    """A `<tr>` for each row of the page: its columns, its state and what can be done with it."""
    columnas = [c for c in pagina.columnas if not c.dibujada]
    textos = a_salvo([c.texto(fila) for fila in pagina.filas for c in columnas])
    celdas = [f"{abre}{texto}</span></td>" for abre, texto in zip(cycle(map(_abre, columnas)), textos)]
    filas = [
        f"<tr>{''.join(celdas[n * len(columnas) : (n + 1) * len(columnas)])}"
        f'<td data-titulo="Estado"><span>{etiqueta(fila.estado)}{_uso(fila)}</span></td>'
        f'<td data-titulo="Acciones">{_accion(fila)}</td></tr>\n'
        for n, fila in enumerate(pagina.filas)
    ]
    return Markup("".join(filas))  # noqa: S704  what people wrote was escaped above


def razones(filas: Sequence[FilaConsulta]) -> Markup:
    """An `<li>` for each row: why its value is what it is."""
    textos = iter(a_salvo([texto for fila in filas for texto in (fila.estampilla, fila.explicacion)]))
    dichas = [f"<li><strong>{next(textos)}, factura {fila.factura:d}.</strong> {next(textos)}</li>\n" for fila in filas]
    return Markup("".join(dichas))  # noqa: S704  what people wrote was escaped above


def a_salvo(textos: Sequence[str]) -> list[str]:
    """The texts escaped for HTML, in their order; all at once unless one of them holds what goes between."""
    juntos = str(escape(_ENTRE.join(textos))).split(_ENTRE)
    return juntos if len(juntos) == len(textos) else [str(escape(texto)) for texto in textos]


@cache
def _abre(columna: Columna[FilaConsulta]) -> str:
    """The beginning of the cells of a column."""
    clase = ' class="importe"' if columna.importe else ""
    return f'<td data-titulo="{escape(columna.titulo)}"{clase}><span>'


def _uso(fila: FilaConsulta) -> str:
    if fila.usada_en is None:
        return ""
    usada = get_template_attribute("componentes/etiquetas.html", "usada")
    return str(usada(fila.estado, fila.usada_en, fila.usada_donde))


def _accion(fila: FilaConsulta) -> str:
    if not fila.pagable:
        return _NINGUNA
    return (
        f'<button class="boton boton-chico" type="submit" form="pagar" name="documento" value="{fila.factura:d}">'
        f'Pagar<span class="oculto-visual"> la factura {fila.factura:d}</span></button>'
    )
