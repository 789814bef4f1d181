"""`/consulta`: one address, one form; a full page without JavaScript, the result alone for htmx.

The identity number travels in the body of a POST; only a contract, whose data are public, can be linked.
"""

from typing import Any

from flask import Blueprint, request
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from portal.blueprints.consulta.columnas import columnas_contrato, columnas_tramite
from portal.blueprints.consulta.encabezados import encabezados
from portal.blueprints.consulta.renglones import razones, renglones
from portal.dominio.estados import SIGNIFICADO, EstadoPublico
from portal.operaciones import consultas
from portal.operaciones.consultas import TODO, Franja, Hallado
from portal.web.acceso import publico, usuario_actual
from portal.web.departamento import ajustes_actuales
from portal.web.frenos import frenar_consulta
from portal.web.htmx import render_page_or_fragment
from portal.web.miradas import anotar_mirada
from portal.web.reloj import hoy
from portal.web.selector import CONTRATO, SelectorForm
from portal.web.tablas import TAMANOS, leer_pedido, mostrar, paginar

bp = Blueprint("consulta", __name__)
# Of what an official found, as many as say whose it was.
_ANOTADAS = 50
# States that are explained even when no row has them.
_SIEMPRE = (EstadoPublico.LIQUIDADO, EstadoPublico.LEGALIZADO)


@bp.route("/consulta", methods=["GET", "POST"])
@publico
def consultar() -> Any:
    """The known screen *Consultar Contratos y Trámites*."""
    enlazada = (
        request.method == "GET" and request.args.get("tipo_pago") == CONTRATO and "numero_contrato" in request.args
    )
    pedido: MultiDict[str, str] = CombinedMultiDict([request.form, request.args]) if enlazada else request.form
    form = SelectorForm(pedido if request.method == "POST" or enlazada else None)
    if request.method == "GET" and not enlazada:
        if request.args.get("tipo_pago") == CONTRATO:
            form.tipo_pago.data = CONTRATO
        return _pagina(form)
    if not form.validate():
        return _pagina(form, estado=422)
    ficha = frenar_consulta(form.asunto, pedido.get("ficha", ""), identidad=form.identidad)
    return _pagina(form, **_resultado(form, pedido), ficha=ficha)


def _pagina(form: SelectorForm, estado: int = 200, **resultado: Any) -> Any:
    # Who orders, filters or turns the page of a table changes nothing else.
    solo_tabla = request.headers.get("HX-Target") == "tabla" and resultado
    fragmento = "consulta/_tabla.html" if solo_tabla else "consulta/_resultados.html"
    return render_page_or_fragment("consulta/consultar.html", fragmento, estado, form=form, **resultado)


def _resultado(form: SelectorForm, pedido: MultiDict[str, str]) -> dict[str, Any]:
    """The rows as columns; names are hidden unless an official asks or the department chose today's behaviour."""
    completos = usuario_actual() is not None or ajustes_actuales().nombres_completos
    columnas = columnas_contrato(completos) if form.es_contrato else columnas_tramite(completos)
    pide = leer_pedido(pedido.to_dict(), columnas)
    hallado = _hallar(form, Franja(pide.desde, pide.registros) if pide.es_natural else TODO)
    anotar_mirada("consulta.buscar", "consulta", facturas=[f.factura for f in hallado.filas[:_ANOTADAS]])
    if pide.es_natural:
        pagina = mostrar(
            hallado.filas, columnas, pide, desde=hallado.desde, filtradas=hallado.total, total=hallado.total
        )
    else:
        pagina = paginar(hallado.filas, columnas, pide)
    return {
        "pagina": pagina,
        "encabezados": encabezados(columnas, pagina.orden, pagina.sentido),
        "renglones": renglones(pagina),
        "razones": razones(pagina.filas),
        "leyenda": [(e, dice) for e, dice in SIGNIFICADO.items() if e in hallado.estados or e in _SIEMPRE],
        "tamanos": TAMANOS,
        "provisional": hallado.provisional,
    }


def _hallar(form: SelectorForm, franja: Franja) -> Hallado:
    if form.es_contrato:
        return consultas.de_contrato(form.vigencia.leido, form.nit.leido, form.numero_contrato.leido, hoy(), franja)
    return consultas.de_tramite(form.documento.leido, hoy(), franja)
