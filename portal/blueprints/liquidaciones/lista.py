"""`/gestion/liquidaciones`: the list, what is searched in it, and the whole of it as a file."""

from typing import Any

from flask import request

from portal.blueprints.liquidaciones.blueprint import LEEN, bp
from portal.blueprints.liquidaciones.forms import BuscarForm
from portal.blueprints.liquidaciones.views import entidad_actual
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_liquidaciones
from portal.operaciones import listado_liquidaciones
from portal.operaciones.listado_liquidaciones import Cuales, Lista
from portal.web.acceso import requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.htmx import render_page_or_fragment
from portal.web.miradas import anotar_mirada
from portal.web.reloj import hoy

CUALES = {
    Cuales.TODAS: "Todas",
    Cuales.POR_VENCER: "Sin pagar, vencen en 7 días",
    Cuales.VENCIDAS: "Sin pagar, vencidas en los últimos 30 días",
}


@bp.route("", methods=["GET", "POST"])
@requiere_rol(*LEEN)
def lista() -> Any:
    """The liquidaciones, newest first; what is searched travels in the body, because it may be an identity number."""
    form, estado, cuales = BuscarForm(), 200, _cuales()
    buscar = (form.buscar.data or "").strip() if request.method == "POST" else ""
    if request.method == "POST" and not form.validate():
        hallada, estado = Lista((), None), 422
    else:
        hallada = _buscar((form.buscar.leido if buscar else "") or "", cuales)
        if formato := formato_pedido():
            filtro = f"{CUALES[cuales]}." + (f" Buscar: {buscar}." if buscar else "")
            notas = notas_de_lista(filtro, len(hallada.filas), hay_mas=hallada.siguiente is not None)
            contenido = escribir(formato, hoja_de_liquidaciones(hallada.filas, hoy(), notas))
            return entregar_lista(contenido, "liquidaciones", filas=len(hallada.filas))
    contexto = {"form": form, "lista": hallada, "cuales": cuales, "filtros": CUALES, "buscar": buscar, "hoy": hoy()}
    return render_page_or_fragment("liquidaciones/lista.html", "liquidaciones/_lista.html", estado, **contexto)


def _buscar(texto: str, cuales: Cuales) -> Lista:
    """What was found; that somebody was looked for is written down, and not what was typed."""
    if texto:
        anotar_mirada("liquidacion.buscar", "liquidaciones", halladas=[x.id for x in _leer(texto, cuales).filas])
    return _leer(texto, cuales)


def _leer(texto: str, cuales: Cuales) -> Lista:
    return listado_liquidaciones.buscar(
        departamento_actual().codigo,
        texto,
        de=entidad_actual(),
        debidas=(cuales, hoy()),
        antes_de=antes_de(),
        limite=corte()["registros"],
    )


def _cuales() -> Cuales:
    pedidas = request.values.get("cuales", "")
    return Cuales(pedidas) if pedidas in set(Cuales) else Cuales.TODAS


def antes_de() -> int | None:
    """The number that *Ver más antiguas* goes on from; None for the first page, or for anything else."""
    texto = request.form.get("antes", "")
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 15 else None
