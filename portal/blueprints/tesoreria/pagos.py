"""`/gestion/tesoreria/buscar` and `/pagos/<referencia>`: finding money, and all that is known of a payment."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from portal.blueprints.tesoreria.blueprint import LEEN, bp, descarga
from portal.blueprints.tesoreria.forms import RastrearForm
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.tesoreria import hojas_de_hallazgos, hojas_de_un_pago
from portal.dominio.palabras import nombre_de
from portal.dominio.palabras_tesoreria import EVENTOS_PAGO
from portal.models.usuario import Rol
from portal.operaciones import ordenes, rastreo
from portal.operaciones.resultados import Causa
from portal.web.acceso import requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma
from portal.web.htmx import render_page_or_fragment
from portal.web.pasarela import preguntar_a_pasarela
from portal.web.reloj import hoy


@bp.route("/buscar", methods=["GET", "POST"])
@requiere_rol(*LEEN)
def buscar() -> Any:
    """Find payments, credits, facturas and cases; what is typed travels in the body, because it may be an identity number."""
    form = RastrearForm()
    hallazgos, estado = None, 200
    if request.method == "POST" and not form.validate():
        estado = 422
    elif request.method == "POST":
        with transaccion():
            rastro = rastreo.rastrear(departamento_actual().codigo, form.buscar.leido, **vars(firma()))
        hallazgos = rastreo.leer(rastro)
        if formato := formato_pedido():
            hojas = hojas_de_hallazgos(hallazgos, notas_de_lista("lo que se buscó en Tesorería.", 0))
            filas = sum(len(hoja.filas) for hoja in hojas)
            return entregar_lista(escribir(formato, *hojas), "busqueda-de-tesoreria", filas=filas)
    return render_page_or_fragment(
        "tesoreria/buscar.html",
        "tesoreria/_hallazgos.html",
        estado,
        form=form,
        hallazgos=hallazgos,
        maximo=rastreo.MAXIMO,
        hoy=hoy(),
    )


@bp.get("/pagos/<referencia>")
@requiere_rol(*LEEN)
def pago(referencia: str) -> str:
    """One attempt: what it covers, what happened, the credits with their asientos, the gateway's callbacks, its cases."""
    uno = rastreo.pago_entero(_anotado(referencia))
    return render_template(
        "tesoreria/pago.html",
        pago=uno,
        eventos=rastreo.eventos_de(uno.id),
        notificaciones=rastreo.notificaciones_de(uno),
        casos=rastreo.casos_del_pago(uno),
        hoy=hoy(),
    )


@bp.get("/pagos/<referencia>.xlsx")
@requiere_rol(*LEEN)
def pago_xlsx(referencia: str) -> Response:
    """The same as a spreadsheet."""
    uno = rastreo.pago_entero(_anotado(referencia))
    return descarga(
        hojas_de_un_pago(uno, rastreo.eventos_de(uno.id), rastreo.casos_del_pago(uno)), f"pago-{uno.referencia}"
    )


@bp.post("/pagos/<referencia>/consultar")
@requiere_rol(Rol.TESORERIA)
def consultar(referencia: str) -> Any:
    """Ask the gateway now, whatever the probe's turn."""
    estado = preguntar_a_pasarela(_anotado(referencia), Causa.TESORERIA)
    if estado is None:
        flash("La pasarela no respondió, o nunca recibió este pago. No cambió nada.", "alerta")
    else:
        flash(f"La pasarela respondió. El pago está en estado «{nombre_de(EVENTOS_PAGO, estado.value)}».", "exito")
    return redirect(url_for("tesoreria.pago", referencia=referencia), 303)


@bp.get("/recaudos/<int:recaudo_id>")
@requiere_rol(*LEEN)
def recaudo(recaudo_id: int) -> str:
    """One credit, whether an attempt brought it or not."""
    uno = ordenes.recaudo_por_id(recaudo_id)
    return render_template("tesoreria/recaudo.html", recaudo=uno, casos=rastreo.casos_del_recaudo(uno))


def _anotado(referencia: str) -> int:
    """The payment's id, once it is written down who reads it."""
    with transaccion():
        return rastreo.ver_pago(referencia, **vars(firma()))
