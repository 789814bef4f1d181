"""The steps of a payment. What was chosen travels sealed, who pays is checked again at the end, amounts never travel."""

import secrets
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, session, url_for

from portal.blueprints.pago.exigencias import exigencias
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
from portal.operaciones.saldos_a_favor import partes_a_favor
from portal.operaciones.solicitudes_devolucion import hay_en_curso
from portal.web.acceso import publico
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.frenos import frenar_consulta
from portal.web.htmx import render_page_or_fragment
from portal.web.pasarela import (
    cancelar_en_pasarela,
    enviar_a_pasarela,
    espera_de_la_sonda,
    pasarela_actual,
    preguntar_a_pasarela,
    solicitud_de,
)
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
    if not facturas:
        halladas = [pagos.con_facturas(eleccion.liquidacion_id)]
        return _elegir(halladas), 422
    form = _formulario()
    form.sello.data = sellar(eleccion.liquidacion_id, [f.numero for f in facturas])
    return _pedir_pagador(form, facturas, 200)


def _formulario() -> PagadorForm:
    """The form with what the gateway asks for; when it cannot be known, PSE's mandated words instead (R2)."""
    pedidas = exigencias(request.form.get("condiciones", ""))
    if pedidas is None:
        abort(make_response(render_template("pago/sin_bancos.html"), 503))
    form = PagadorForm()
    form.preparar(pedidas)
    return form


def _pedir_pagador(form: PagadorForm, facturas: list[Any], estado: int) -> Any:
    total = sum(f.valor for f in facturas)
    return render_template("pago/pagador.html", form=form, facturas=facturas, total=total), estado


@bp.post("/pago/revisar")
@publico
def revisar() -> Any:
    """Check your answers: stamps, total, payer; the button says the act and the amount."""
    facturas = _facturas(abrir(request.form.get("sello", "")))
    form = _formulario()
    if not form.validate():
        return _pedir_pagador(form, facturas, 422)
    total = sum(f.valor for f in facturas)
    clave = secrets.token_urlsafe(24)
    return render_template("pago/revisar.html", form=form, facturas=facturas, total=total, clave=clave)


@bp.post("/pago/pagar")
@publico
def pagar() -> Any:
    """Commit the attempt, ask the gateway for a session, and announce the bank."""
    eleccion = abrir(request.form.get("sello", ""))
    form = _formulario()
    if not form.validate():
        return _pedir_pagador(form, _facturas(eleccion), 422)
    try:
        pago_id, codigo, nuevo = _abrir_pago(form, eleccion)
    except pagos.PagoEnCurso as error:
        return _en_curso(pagos.por_codigo(error.codigo))
    session["pagos"] = [codigo, *session.get("pagos", [])][:_PAGOS_RECORDADOS]
    if nuevo and not _enviar(pago_id, codigo, form):
        return redirect(url_for("pago.ver", codigo=codigo), 303)
    return redirect(url_for("pago.banco", codigo=codigo), 303)


def _abrir_pago(form: PagadorForm, eleccion: Eleccion) -> tuple[int, str, bool]:
    """The attempt, and whether it was opened now: only who opened it asks the gateway, whatever is pressed twice."""
    momento = ahora()
    with transaccion():
        pago = pagos.abrir_pago(
            eleccion.liquidacion_id,
            eleccion.facturas,
            form.pagador,
            clave=_clave(),
            puerta=_puerta(form.nombre_banco),
            espera=espera_de_la_sonda(),
            ahora=momento,
            hoy=hoy(),
        )
        return pago.id, pago.codigo, pago.creado_en == momento


def _puerta(banco: str | None) -> pagos.Puerta:
    agente = request.user_agent.string or "desconocido"
    return pagos.Puerta(client_ip()[:46], agente[:255], ajustes_actuales().pasarela, banco)


def _enviar(pago_id: int, codigo: str, form: PagadorForm) -> bool:
    solicitud = solicitud_de(
        pagos.por_codigo(codigo),
        descripcion="Estampillas departamentales",
        url_retorno=ajustes_actuales().url + url_for("pago.ver", codigo=codigo),
        banco=form.codigo_banco,
        aceptaciones=form.exigencias.condiciones,
    )
    return enviar_a_pasarela(pago_id, solicitud)


@bp.get("/pago/<codigo>/banco")
@publico
def banco(codigo: str) -> Any:
    """Announce that the next page is the bank's; a plain link in the same tab (R4). Its address may still be on its way."""
    pago = pagos.por_codigo(codigo)
    if pago.url_pasarela is None:
        pago = _preguntado(pago)
    if not _puede_ir_al_banco(pago):
        return redirect(url_for("pago.ver", codigo=codigo), 303)
    return render_page_or_fragment("pago/banco.html", "pago/_banco.html", pago=pago)


def _puede_ir_al_banco(pago: Pago) -> bool:
    """Whether the bank's page is of use. Where the bank was chosen here, session and debit are one: while the debit is pending
    its page may be opened again, and cannot charge twice."""
    return pago.estado is EstadoPago.ENVIADO or (pago.estado is EstadoPago.PENDIENTE and pasarela_actual().pide_banco)


@bp.get("/pago/<codigo>")
@publico
def ver(codigo: str) -> Any:
    """State of a payment. Nothing in the address is believed: the gateway itself is asked."""
    pago = _preguntado(pagos.por_codigo(codigo))
    return render_page_or_fragment(
        "pago/ver.html",
        "pago/_estado.html",
        pago=pago,
        en_devolucion=hay_en_curso(pago),
        a_favor=sum(p.valor for p in partes_a_favor(pago.id)),
        palabras=palabras(pago),
        texto_obligatorio=texto_en_curso(pago, departamento_actual()),
        puede_volver=pago.estado is EstadoPago.PENDIENTE and _puede_ir_al_banco(pago),
        puede_cancelar=_puede_cancelar(pago),
    )


@bp.post("/pago/<codigo>/cancelar")
@publico
def cancelar(codigo: str) -> Any:
    """Give up a payment that is not at the bank: the gateway ends its session, and the stamps are free at once."""
    pago = pagos.por_codigo(codigo)
    if _puede_cancelar(pago):
        cancelar_en_pasarela(pago.id)
    return redirect(url_for("pago.ver", codigo=codigo), 303)


def _puede_cancelar(pago: Pago) -> bool:
    return pago.estado is EstadoPago.ENVIADO and pasarela_actual().cancela


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


def _preguntado(pago: Pago) -> Pago:
    """The attempt after asking the gateway about it, if it is open and was not asked about a moment ago."""
    if pago.estado.es_final or not _toca_preguntar(pago):
        return pago
    codigo = pago.codigo
    preguntar_a_pasarela(pago.id, Causa.RETORNO)
    return pagos.por_codigo(codigo)


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
