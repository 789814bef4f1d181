"""The three screens before the bank. What was chosen travels sealed, everything is checked again, amounts never travel."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for

from portal.blueprints.pago.blueprint import bp, propios, puede_ir_al_banco, recordar
from portal.blueprints.pago.exigencias import exigencias
from portal.blueprints.pago.forms import PagoForm
from portal.blueprints.pago.palabras import texto_en_curso
from portal.blueprints.pago.sellos import Eleccion, abrir, sellar
from portal.db import transaccion
from portal.dominio.estados import EstadoPublico
from portal.models import Liquidacion, Pago
from portal.operaciones import liquidaciones, pagos, por_pagar
from portal.web.acceso import publico
from portal.web.autoservicio import es_de_este_navegador
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.frenos import frenar_consulta
from portal.web.htmx import ir_a
from portal.web.pasarela import enviar_a_pasarela, espera_de_la_sonda, pasarela_actual, solicitud_de
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import cabeceras_hacia, client_ip
from portal.web.selector import CONTRATO, SelectorForm


@bp.route("/pago", methods=["GET", "POST"])
@publico
def buscar() -> Any:
    """Find what is owed, by document, factura or contract; what is found is the second screen."""
    form = SelectorForm()
    if request.method == "GET" and request.args.get("tipo_pago") == CONTRATO:
        form.tipo_pago.data = CONTRATO
    if not form.validate_on_submit():
        return render_template("pago/buscar.html", form=form), 422 if form.is_submitted() else 200
    frenar_consulta(form.asunto, identidad=form.identidad)
    if form.es_contrato:
        halladas = por_pagar.de_contrato(form.vigencia.leido, form.nit.leido, form.numero_contrato.leido)
    else:
        halladas = por_pagar.de_tramite(form.documento.leido)
    return _ofrecer(halladas, buscado=form)


@bp.get("/pago/de/<codigo>")
@publico
def de_liquidacion(codigo: str) -> Any:
    """The second screen of one liquidación, reached from its private page or its QR."""
    return _ofrecer([liquidaciones.por_codigo(codigo)])


@bp.get("/pago/<codigo>/otra-vez")
@publico
def otra_vez(codigo: str) -> Any:
    """The second screen with the stamps of a payment that did not go well; its payer too, in the browser where it began."""
    pago = pagos.por_codigo(codigo)
    return _ofrecer([pagos.con_facturas(pago.liquidacion_id)], anterior=pago)


def _ofrecer(
    halladas: Sequence[Liquidacion], *, buscado: SelectorForm | None = None, anterior: Pago | None = None
) -> Any:
    """The second screen as it is first seen, or why nothing of what was found can be paid."""
    pagables = [x for x in halladas if x.tiene_pagables(hoy())]
    otras = [x for x in halladas if x not in pagables]
    if not pagables:
        return _nada_por_pagar(otras, buscado)
    form = _formulario(vacio=True)
    numeros = tuple(r.factura.numero for r in anterior.renglones) if anterior else ()
    form.ofrecer(pagables, Eleccion((), pagables[0].id, numeros))
    if anterior is not None and anterior.codigo in propios():
        form.proponer(anterior)
    elif es_de_este_navegador(pagables[0]):
        form.proponer_contribuyente(pagables[0])
    elif buscado is not None:
        form.proponer_documento(buscado.nit.leido if buscado.es_contrato else buscado.documento.leido)
    return _pagina(form, otras=otras)


def _nada_por_pagar(otras: Sequence[Liquidacion], buscado: SelectorForm | None) -> str:
    suyo = por_pagar.vivo_de(otras, propios())
    vencidas = any(EstadoPublico.VENCIDA in x.estados_publicos(hoy()) for x in otras)
    return render_template("pago/nada.html", otras=otras, buscado=buscado, pago=suyo, vencidas=vencidas, hoy=hoy())


@bp.get("/pago/elegir")
@bp.get("/pago/revisar")
@bp.get("/pago/pagar")
@publico
def recomenzar() -> Any:
    """A step opened by its address has nothing to show: begin again."""
    return redirect(url_for("pago.buscar"), 303)


@bp.post("/pago/elegir")
@publico
def elegir() -> Any:
    """The way back from the check, keeping what was chosen and typed."""
    return _pagina(_abierto())


def _formulario(*, vacio: bool = False) -> PagoForm:
    """The form with what the gateway asks for; when it cannot be known, PSE's mandated words instead (R2)."""
    pedidas = exigencias("" if vacio else request.form.get("condiciones", ""))
    if pedidas is None:
        abort(make_response(render_template("pago/sin_bancos.html"), 503))
    form = PagoForm(formdata=None) if vacio else PagoForm()
    form.preparar(pedidas)
    return form


def _abierto() -> PagoForm:
    """The form as it was sent, with what its seal says was found and chosen. Raises `TransicionNoPermitida`."""
    eleccion = abrir(request.form.get("sello", ""))
    form = _formulario()
    form.ofrecer(por_pagar.por_ids(eleccion.halladas), eleccion)
    return form


def _pagina(form: PagoForm, estado: int = 200, *, otras: Sequence[Liquidacion] = ()) -> Any:
    form.sello.data = sellar([x.id for x in form.halladas])
    return render_template("pago/elegir.html", form=form, otras=otras, hoy=hoy()), estado


@bp.post("/pago/revisar")
@publico
def revisar() -> Any:
    """Check your answers: stamps, total, payer, what to know before leaving; the button says the act and the amount."""
    form = _abierto()
    if not form.validate() or form.elegida is None:
        return _pagina(form, 422)
    try:
        pagos.exigir_pagables(form.facturas, hoy())
    except pagos.PagoEnCurso as error:
        return _en_curso(pagos.por_codigo(error.codigo))
    form.sello.data = sellar([x.id for x in form.halladas], form.elegida.id, [f.numero for f in form.facturas])
    total = sum(f.valor for f in form.facturas)
    pagina = render_template("pago/revisar.html", form=form, total=total, clave=secrets.token_urlsafe(24))
    return make_response(pagina, cabeceras_hacia(pasarela_actual().destinos))


@bp.post("/pago/pagar")
@publico
def pagar() -> Any:
    """Commit the attempt, ask the gateway for a session, and go to the bank."""
    form = _abierto()
    if not form.validate():
        return _pagina(form, 422)
    try:
        pago_id, codigo, nuevo = _abrir_pago(form)
    except pagos.PagoEnCurso as error:
        return _en_curso(pagos.por_codigo(error.codigo))
    recordar(codigo)
    suya = url_for("pago.ver", codigo=codigo)
    if nuevo and not _enviar(pago_id, codigo, form):
        return ir_a(suya, vuelta=suya)
    return ir_a(_al_banco(pagos.por_codigo(codigo)), vuelta=suya)


def _al_banco(pago: Pago) -> str:
    """The bank's page, where the policy of the check lets the browser go; else the page with a link to it."""
    if pago.url_pasarela and pasarela_actual().destinos and puede_ir_al_banco(pago):
        return pago.url_pasarela
    return url_for("pago.banco", codigo=pago.codigo)


def _abrir_pago(form: PagoForm) -> tuple[int, str, bool]:
    """The attempt, and whether it was opened now: only who opened it asks the gateway, whatever is pressed twice."""
    momento = ahora()
    liquidacion_id = form.elegida.id if form.elegida else 0
    numeros = [f.numero for f in form.facturas]
    with transaccion():
        pago = pagos.abrir_pago(
            liquidacion_id,
            numeros,
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


def _enviar(pago_id: int, codigo: str, form: PagoForm) -> bool:
    solicitud = solicitud_de(
        pagos.por_codigo(codigo),
        descripcion="Estampillas departamentales",
        url_retorno=ajustes_actuales().url + url_for("pago.ver", codigo=codigo),
        banco=form.codigo_banco,
        aceptaciones=form.exigencias.condiciones,
    )
    return enviar_a_pasarela(pago_id, solicitud)


def _en_curso(pago: Pago) -> Any:
    """The mandated text; only the browser that began the payment is led to it."""
    texto = texto_en_curso(pago, departamento_actual())
    return render_template("pago/en_curso.html", pago=pago, texto=texto, propio=pago.codigo in propios()), 409


def _clave() -> str:
    clave = request.form.get("clave", "")
    if not 20 <= len(clave) <= 64:
        abort(422, "Vuelva a la página anterior y revise el pago de nuevo.")
    return clave
