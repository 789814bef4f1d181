"""`/gestion/tesoreria/ordenes`: those that wait for a second person, one with what it will do, and its end."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from portal.blueprints.tesoreria.blueprint import LEEN, bp
from portal.blueprints.tesoreria.forms import RechazarForm
from portal.blueprints.tesoreria.palabras import advertencias, efectos, reparos
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.tesoreria import hoja_de_ordenes
from portal.dominio.errores import TransicionNoPermitida
from portal.models import OrdenTesoreria
from portal.models.usuario import Rol
from portal.operaciones import colas, ordenes, rastreo
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.confirmacion import reautenticado
from portal.web.descargas import entregar_por_codigo
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma
from portal.web.htmx import render_page_or_fragment


@bp.get("/ordenes")
@requiere_rol(*LEEN)
def ordenes_lista() -> Any:
    """The orders that wait, or those that ended."""
    pendientes = request.args.get("filtro") != "resueltas"
    pagina = colas.ordenes_de(pendientes, **corte())
    if formato := formato_pedido():
        notas = notas_de_lista(
            "Por aprobar." if pendientes else "Resueltas.", len(pagina.filas), hay_mas=pagina.paginas > 1
        )
        contenido = escribir(formato, hoja_de_ordenes(pagina.filas, notas))
        return entregar_lista(contenido, "ordenes-de-tesoreria", filas=len(pagina.filas))
    return render_template("tesoreria/ordenes.html", pagina=pagina, pendientes=pendientes)


@bp.get("/ordenes/<int:numero>")
@requiere_rol(*LEEN)
def orden(numero: int) -> Any:
    """One order and what will happen to the money."""
    return _pagina(ordenes.por_numero(numero))


@bp.post("/ordenes/<int:numero>/aprobar")
@requiere_rol(Rol.TESORERIA)
@reautenticado
def aprobar(numero: int) -> Any:
    """The second person says yes, and the money moves."""
    orden_id = ordenes.por_numero(numero).id
    try:
        with transaccion():
            ordenes.aprobar(orden_id, firma=firma())
    except TransicionNoPermitida as error:
        return _pagina(ordenes.por_numero(numero), estado=409, problema=error.mensaje)
    flash(f"La orden {numero} quedó aprobada y el dinero se movió.", "exito")
    return redirect(url_for("tesoreria.orden", numero=numero), 303)


@bp.post("/ordenes/<int:numero>/rechazar")
@requiere_rol(Rol.TESORERIA)
def rechazar(numero: int) -> Any:
    """Its proposer withdraws it, or somebody else says no: nothing moves."""
    una, form = ordenes.por_numero(numero), RechazarForm()
    if not form.validate():
        return _pagina(una, form, estado=422)
    orden_id = una.id
    try:
        with transaccion():
            ordenes.rechazar(orden_id, motivo=form.motivo.leido, firma=firma())
    except TransicionNoPermitida as error:
        return _pagina(ordenes.por_numero(numero), form, estado=409, problema=error.mensaje)
    flash(f"La orden {numero} quedó rechazada. No se movió dinero.", "exito")
    return redirect(url_for("tesoreria.orden", numero=numero), 303)


@bp.get("/ordenes/evidencia/<codigo>")
@requiere_rol(*LEEN)
def evidencia(codigo: str) -> Response:
    """Hand the proof of an order back, always as a download: whatever it holds, it never runs as a page of the portal."""
    return entregar_por_codigo(codigo, ordenes.es_prueba)


def _pagina(
    una: OrdenTesoreria, form: RechazarForm | None = None, *, estado: int = 200, problema: str = ""
) -> Response:
    recaudos = [r.id for r in rastreo.otros_con_ese_comprobante(una)]
    return render_page_or_fragment(
        "tesoreria/orden.html",
        "tesoreria/_rechazar.html",
        estado,
        orden=una,
        form=RechazarForm(None) if form is None else form,
        problema=problema,
        efectos=efectos(una) if una.por_resolver else [],
        reparos=reparos(una) if una.por_resolver else [],
        advertencias=advertencias(una, recaudos, rastreo.otras_con_ese_archivo(una)),
        es_suya=una.propuesta_por == quien_ingreso().id,
    )
