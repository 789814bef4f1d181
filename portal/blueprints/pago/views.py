"""The steps of a payment. What was chosen travels sealed, who pays is checked again at the end, amounts never travel."""

import secrets
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for

from portal.blueprints.pago.forms import PagadorForm
from portal.blueprints.pago.palabras import palabras, texto_en_curso
from portal.blueprints.pago.sellos import Eleccion, abrir, sellar
from portal.db import transaccion
from portal.documentos.comprobante import pdf_comprobante
from portal.dominio.errores import NoExiste
from portal.dominio.estados import EstadoPago
from portal.models import Liquidacion, Pago
from portal.operaciones import liquidaciones, pagos
from portal.operaciones.resultados import Causa
from portal.operaciones.solicitudes_devolucion import hay_en_curso
from portal.web.acceso import publico
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.frenos import frenar_consulta
from portal.web.htmx import render_page_or_fragment
from portal.web.pasarela import enviar_a_pasarela, espera_de_la_sonda, preguntar_a_pasarela, solicitud_de
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import client_ip
from portal.web.selector import SelectorForm

bp = Blueprint("pago", __name__)
# The gateway is asked at most this often on behalf of one page.
_SEGUNDOS_ENTRE_PREGUNTAS = 1
_PAGOS_RECORDADOS = 8


@bp.route("/pago", methods=["GET", "POST"])
@publico
def buscar() -> Any:
    """Find what is owed, by document, factura or contract."""
    form = SelectorForm()
    if not form.validate_on_submit():
        return render_template("pago/buscar.html", form=form), 422 if form.is_submitted() else 200
    frenar_consulta(form.asunto)
    if form.es_contrato:
        halladas = pagos.de_contrato(form.vigencia.leido, form.nit.leido, form.numero_contrato.leido)
    else:
        halladas = pagos.de_tramite(form.documento.leido)
    return _elegir(halladas)


@bp.get("/pago/de/<codigo>")
@publico
def de_liquidacion(codigo: str) -> Any:
    """Choose among the stamps of one liquidación, reached from its private page or its QR."""
    return _elegir([liquidaciones.por_codigo(codigo)])


def _elegir(halladas: list[Liquidacion]) -> str:
    dia = hoy()
    pagables = [x for x in halladas if x.tiene_pagables(dia)]
    otras = [x for x in halladas if x not in pagables]
    return render_template(
        "pago/elegir.html", pagables=pagables, otras=otras, hoy=dia, sellos={x.id: sellar(x.id) for x in pagables}
    )


@bp.get("/pago/pagador")
@bp.get("/pago/revisar")
@bp.get("/pago/pagar")
@publico
def recomenzar() -> Any:
    """A step opened by its address has nothing to show: begin again."""
    return redirect(url_for("pago.buscar"), 303)


@bp.post("/pago/pagador")
@publico
def pagador() -> Any:
    """Who pays? Also the way back from the check, keeping what was typed."""
    eleccion = abrir(request.form.get("sello", ""))
    numeros = _numeros(request.form.getlist("factura")) or eleccion.facturas
    facturas = _facturas(Eleccion(eleccion.liquidacion_id, tuple(numeros)))
    form = PagadorForm()
    form.sello.data = sellar(eleccion.liquidacion_id, [f.numero for f in facturas])
    if not facturas:
        halladas = [pagos.con_facturas(eleccion.liquidacion_id)]
        return _elegir(halladas), 422
    return render_template("pago/pagador.html", form=form, facturas=facturas, total=sum(f.valor for f in facturas))


@bp.post("/pago/revisar")
@publico
def revisar() -> Any:
    """Check your answers: stamps, total, payer; the button says the act and the amount."""
    form = PagadorForm()
    facturas = _facturas(abrir(form.sello.data or ""))
    total = sum(f.valor for f in facturas)
    if not form.validate():
        return render_template("pago/pagador.html", form=form, facturas=facturas, total=total), 422
    clave = secrets.token_urlsafe(24)
    return render_template("pago/revisar.html", form=form, facturas=facturas, total=total, clave=clave)


@bp.post("/pago/pagar")
@publico
def pagar() -> Any:
    """Commit the attempt, ask the gateway for a session, and announce the bank."""
    form = PagadorForm()
    eleccion = abrir(form.sello.data or "")
    if not form.validate():
        facturas = _facturas(eleccion)
        total = sum(f.valor for f in facturas)
        return render_template("pago/pagador.html", form=form, facturas=facturas, total=total), 422
    try:
        pago_id, codigo, nuevo = _abrir_pago(form, eleccion)
    except pagos.PagoEnCurso as error:
        return _en_curso(pagos.por_codigo(error.codigo))
    session["pagos"] = [codigo, *session.get("pagos", [])][:_PAGOS_RECORDADOS]
    if nuevo and not _enviar(pago_id, codigo):
        return redirect(url_for("pago.ver", codigo=codigo), 303)
    return redirect(url_for("pago.banco", codigo=codigo), 303)


def _abrir_pago(form: PagadorForm, eleccion: Eleccion) -> tuple[int, str, bool]:
    with transaccion():
        pago = pagos.abrir_pago(
            eleccion.liquidacion_id,
            eleccion.facturas,
            form.pagador,
            clave=_clave(),
            puerta=_puerta(),
            espera=espera_de_la_sonda(),
            ahora=ahora(),
            hoy=hoy(),
        )
        return pago.id, pago.codigo, pago.estado is EstadoPago.CREADO


def _puerta() -> pagos.Puerta:
    agente = request.user_agent.string or "desconocido"
    return pagos.Puerta(client_ip()[:46], agente[:255], ajustes_actuales().pasarela)


def _enviar(pago_id: int, codigo: str) -> bool:
    pago = pagos.por_codigo(codigo)
    retorno = ajustes_actuales().url + url_for("pago.ver", codigo=codigo)
    solicitud = solicitud_de(pago, descripcion="Estampillas departamentales", url_retorno=retorno)
    return enviar_a_pasarela(pago_id, solicitud)


@bp.get("/pago/<codigo>/banco")
@publico
def banco(codigo: str) -> Any:
    """Announce that the next page is the bank's; a plain link in the same tab (R4)."""
    pago = pagos.por_codigo(codigo)
    if pago.estado is not EstadoPago.ENVIADO:
        return redirect(url_for("pago.ver", codigo=codigo), 303)
    return render_template("pago/banco.html", pago=pago)


@bp.get("/pago/<codigo>")
@publico
def ver(codigo: str) -> Any:
    """State of a payment. Nothing in the address is believed: the gateway itself is asked."""
    pago = pagos.por_codigo(codigo)
    if not pago.estado.es_final and _toca_preguntar(pago):
        preguntar_a_pasarela(pago.id, Causa.RETORNO)
        pago = pagos.por_codigo(codigo)
    return render_page_or_fragment(
        "pago/ver.html",
        "pago/_estado.html",
        pago=pago,
        en_devolucion=hay_en_curso(pago),
        palabras=palabras(pago),
        texto_obligatorio=texto_en_curso(pago, departamento_actual()),
    )


@bp.get("/pago/<codigo>/comprobante.pdf")
@publico
def comprobante(codigo: str) -> Response:
    """The receipt of an approved payment."""
    pago = pagos.por_codigo(codigo)
    if pago.estado is not EstadoPago.APROBADO:
        raise NoExiste("Este pago no tiene comprobante porque no está aprobado.")
    if pago.reversion is not None:
        raise NoExiste("Este pago ya no tiene comprobante: el banco lo devolvió y las estampillas se deben de nuevo.")
    if pago.devuelto_entero:
        raise NoExiste("Este pago ya no tiene comprobante: su dinero se devolvió.")
    direccion = ajustes_actuales().url + url_for("pago.ver", codigo=codigo)
    cuerpo = pdf_comprobante(pago, departamento=departamento_actual(), url=direccion)
    nombre = f"comprobante-{pago.referencia}.pdf"
    return Response(cuerpo, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{nombre}"'})


def _toca_preguntar(pago: Pago) -> bool:
    return pago.consultado_en is None or (ahora() - pago.consultado_en).total_seconds() >= _SEGUNDOS_ENTRE_PREGUNTAS


def _en_curso(pago: Pago) -> Any:
    """The mandated text; only the browser that began the payment is led to it."""
    propio = pago.codigo in session.get("pagos", [])
    texto = texto_en_curso(pago, departamento_actual())
    return render_template("pago/en_curso.html", pago=pago, texto=texto, propio=propio), 409


def _facturas(eleccion: Eleccion) -> list[Any]:
    liquidacion = pagos.con_facturas(eleccion.liquidacion_id)
    return [f for f in liquidacion.facturas if f.numero in eleccion.facturas]


def _numeros(textos: list[str]) -> list[int]:
    if not all(t.isascii() and t.isdigit() and len(t) <= 15 for t in textos):
        abort(422, "Elija las estampillas de la lista.")
    return [int(t) for t in textos]


def _clave() -> str:
    clave = request.form.get("clave", "")
    if not 20 <= len(clave) <= 64:
        abort(422, "Vuelva a la página anterior y revise el pago de nuevo.")
    return clave
