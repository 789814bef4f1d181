"""The lists of staff as files: the same address with `exportar=xlsx` or `csv` gives the whole of what its filter finds.

A view asks `corte()` which rows to read, and `formato_pedido()` whether they go in a page or in a file.
"""

from typing import TypedDict

from flask import Response, request

from portal.db import transaccion
from portal.dominio.calendario import instante_en_palabras
from portal.dominio.dinero import escribir_miles
from portal.operaciones.bitacora import anotar
from portal.operaciones.paginas import MAXIMO_EXPORTADO
from portal.web.departamento import departamento_actual
from portal.web.descargas import entregar_csv, entregar_libro
from portal.web.firmas import firma
from portal.web.preferencias import registros_elegidos
from portal.web.reloj import ahora
from portal.web.tablas import pagina_pedida


class Corte(TypedDict):
    """Which rows of a list: a page, and how many rows fit in one."""

    pagina: int
    registros: int


def formato_pedido() -> str:
    """`xlsx` or `csv` when the list is asked for as a file; empty when it is a page."""
    pedido = request.values.get("exportar", "")
    return pedido if pedido in ("xlsx", "csv") else ""


def corte() -> Corte:
    """The rows of the page that is asked for, or of the whole list when it goes in a file."""
    if formato_pedido():
        return {"pagina": 1, "registros": MAXIMO_EXPORTADO}
    return {"pagina": pagina_pedida(), "registros": registros_elegidos()}


def notas_de_lista(filtro: str, filas: int, *, hay_mas: bool = False) -> list[str]:
    """What a file says of itself: whose it is, by which filter, when, how many rows, and that not all of them fit."""
    notas = [
        departamento_actual().gobernacion,
        f"Filtro: {filtro}",
        f"Descargado el {instante_en_palabras(ahora())}. Registros: {escribir_miles(filas)}.",
    ]
    if hay_mas:
        notas.append("Hay más registros: no caben todos en un archivo. Descárguelos por partes, con otro filtro.")
    return notas


def entregar_lista(contenido: bytes, nombre: str, *, filas: int) -> Response:
    """A list as the file that was asked for. Who takes it away, and how many rows, is written down first."""
    formato, quien = formato_pedido(), firma()
    with transaccion():
        anotar(
            "lista.exportar",
            f"lista:{nombre}",
            ahora=quien.ahora,
            usuario_id=quien.usuario.id,
            peticion=quien.peticion,
            formato=formato,
            filas=filas,
        )
    return entregar_csv(contenido, nombre) if formato == "csv" else entregar_libro(contenido, nombre)
