"""`/pago`: one thing per page. Identity numbers travel in bodies; every link holds an unguessable code."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for

from portal.blueprints.pago.forms import BuscarForm, PagadorForm, leer_facturas
from portal.blueprints.pago.pedido import Pedido, leer_pedido
from portal.db import db, transaccion
from portal.documentos.comprobante import pdf_comprobante
from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import ESTADOS_VIVOS, EstadoPago
from portal.operaciones import pagos, por_pagar
from portal.operaciones.desenlaces import Contacto, desenlace_de, texto_aprobada, texto_pendiente
from portal.operaciones.por_pagar import ActoPorPagar
from portal.web.acceso import publico
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.frenos import frenar_consulta
from portal.web.htmx import render_page_or_fragment
from portal.web.pasarela import enviar_a_pasarela, pasarela_actual, preguntar_si_conviene
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import client_ip

bp = Blueprint("pago", __name__, url_prefix="/pago")

_MIS_PAGOS = "pagos"  # key of the browser's own attempts in its signed cookie
_RECORDADOS = 5


@bp.get("")
@publico
def buscar() -> Any:
    """The known selector."""
    form = BuscarForm(None)
    if request.args.get("tipo_pago") == "contrato":
        form.tipo_pago.data = "contrato"
    return render_template("pago/buscar.html", form=form)


@bp.post("")
@publico
def resultados() -> Any:
    """What may be paid of one exact document, number or contract."""
    form = BuscarForm()
    if not form.validate():
        return render_template("pago/buscar.html", form=form), 422
    frenar_consulta()
    if form.es_contrato:
        actos = por_pagar.actos_por_contrato(form.vigencia.leido, form.nit.leido, form.numero_contrato.leido, hoy())
    else:
        actos = por_pagar.actos_por_documento(form.documento.leido, hoy())
    return render_template("pago/buscar.html", form=form, opciones=[_opcion(a) for a in actos])


@bp.get("/de/<codigo>")
@publico
def de_liquidacion(codigo: str) -> Any:
    """What may be paid of the assessment with that code."""
    return render_template("pago/elegir.html", opcion=_opcion(por_pagar.acto_por_codigo(codigo, hoy())))


@bp.post("/pagador")
@publico
def pagador() -> Any:
    """The stamps are chosen: who pays? Also reached again from the check page, with what was typed."""
    pedido = leer_pedido(request.form.get("pedido", ""))
    form = PagadorForm()
    if "tipo_documento" not in request.form:
        try:
            pedido = _elegido(pedido)
        except DatoInvalido as error:
            acto = por_pagar.acto_por_id(pedido.liquidacion_id, hoy())
            return render_template("pago/elegir.html", opcion=_opcion(acto), error=error.mensaje), 422
        form.tipo_persona.data, form.tipo_documento.data = "natural", "CC"
    form.pedido.data = pedido.firmado()
    return _pagina_pagador(form, pedido)


@bp.post("/revisar")
@publico
def revisar() -> Any:
    """Check your answers; the page carries the key that makes paying twice impossible."""
    pedido = leer_pedido(request.form.get("pedido", ""))
    form = PagadorForm()
    if not form.validate():
        return _pagina_pagador(form, pedido, 422)
    form.pedido.data = pedido.con_clave().firmado()
    return render_template("pago/revisar.html", form=form, quien=form.pagador(), **_por_pagar(pedido))


@bp.post("/confirmar")
@publico
def confirmar() -> Any:
    """Open the attempt, create it at the gateway, and go on to the page that announces the bank."""
    pedido = leer_pedido(request.form.get("pedido", ""))
    form = PagadorForm()
    if not form.validate():
        return _pagina_pagador(form, pedido, 422)
    if not pedido.clave:
        abort(422)
    try:
        with transaccion():
            pago = _abrir(pedido, form)
            pago_id, codigo = pago.id, pago.codigo
    except (pagos.PagoEnCurso, pagos.YaPagada) as error:
        return render_template("pago/ocupada.html", **_ocupada(error)), 409
    _recordar(codigo)
    enviar_a_pasarela(pago_id)
    return redirect(url_for("pago.banco", codigo=codigo), 303)


@bp.get("/pagador")
@bp.get("/revisar")
@bp.get("/confirmar")
@publico
def desde_el_comienzo() -> Any:
    """A step opened by its address has nothing to show: begin anew."""
    return redirect(url_for("pago.buscar"), 303)


@bp.get("/<codigo>/banco")
@publico
def banco(codigo: str) -> Any:
    """*Va a salir del portal*: a plain link to the gateway, in the same tab (R4)."""
    pago = pagos.por_codigo(codigo)
    desenlace = desenlace_de(pago, _contacto(), ahora())
    if not (desenlace.puede_continuar and _es_mio(codigo)):
        return redirect(url_for("pago.ver", codigo=codigo), 303)
    return render_template("pago/banco.html", pago=pago)


@bp.get("/<codigo>")
@publico
def ver(codigo: str) -> Any:
    """What became of the payment. The gateway is asked; nothing that the address brings is believed (R6)."""
    preguntar_si_conviene(pagos.por_codigo(codigo))
    db.session.expire_all()
    pago = pagos.por_codigo(codigo)
    desenlace = desenlace_de(pago, _contacto(), ahora())
    return render_page_or_fragment(
        "pago/ver.html",
        "pago/_estado.html",
        pago=pago,
        desenlace=desenlace,
        continuar=desenlace.puede_continuar and _es_mio(codigo),
        reintento=_reintento(pago) if desenlace.puede_reintentar else None,
        preguntar=pago.estado in ESTADOS_VIVOS,
    )


@bp.get("/<codigo>/comprobante.pdf")
@publico
def comprobante(codigo: str) -> Response:
    """The receipt, only of an approved payment."""
    pago = pagos.por_codigo(codigo)
    if pago.estado is not EstadoPago.APROBADO:
        abort(404)
    cuerpo = pdf_comprobante(
        pago, departamento=departamento_actual(), url=ajustes_actuales().url + url_for("pago.ver", codigo=codigo)
    )
    nombre = f"comprobante-{pago.referencia}.pdf"
    return Response(
        cuerpo, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{nombre}"'}
    )


def _elegido(pedido: Pedido) -> Pedido:
    """The choice with the ticked facturas, each payable now. Raises `DatoInvalido`."""
    numeros = leer_facturas(request.form.getlist("factura"))
    acto = por_pagar.acto_por_id(pedido.liquidacion_id, hoy())
    if not set(numeros) <= {r.factura for r in acto.pagables}:
        raise DatoInvalido("Alguna de esas estampillas ya no se puede pagar. Revise la lista y elija de nuevo.", "factura")
    return Pedido(pedido.liquidacion_id, tuple(numeros))


def _por_pagar(pedido: Pedido) -> dict[str, Any]:
    """What the choice adds up to today; the payer sees it, the server computes it again when it opens the attempt."""
    acto = por_pagar.acto_por_id(pedido.liquidacion_id, hoy())
    elegidos = [r for r in acto.renglones if r.factura in pedido.facturas]
    return {"acto": acto, "renglones": elegidos, "total": sum(r.valor for r in elegidos)}


def _pagina_pagador(form: PagadorForm, pedido: Pedido, estado: int = 200) -> Any:
    return render_template("pago/pagador.html", form=form, **_por_pagar(pedido)), estado


def _abrir(pedido: Pedido, form: PagadorForm) -> Any:
    return pagos.abrir_pago(
        pedido.liquidacion_id,
        pedido.facturas,
        form.pagador(),
        clave=pedido.clave,
        ip=client_ip(),
        agente=request.user_agent.string,
        pasarela=pasarela_actual().codigo,
        ahora=ahora(),
        hoy=hoy(),
    )


def _opcion(acto: ActoPorPagar) -> dict[str, Any]:
    """One act to choose from, with the mandated sentence of what is already at the bank or paid (R9)."""
    opcion: dict[str, Any] = {"acto": acto, "pedido": Pedido(acto.liquidacion_id).firmado()}
    if acto.en_verificacion or acto.pagada:
        anteriores = por_pagar.pagos_vivos(acto.liquidacion_id)
        vivo = next((p for p in anteriores if p.estado in ESTADOS_VIVOS), None)
        hecho = next((p for p in anteriores if p.estado is EstadoPago.APROBADO), None)
        if vivo:
            opcion["en_curso"] = vivo.codigo
            opcion["mandado"] = texto_pendiente(vivo.referencia, vivo.cus, _contacto())
        elif hecho and acto.pagada:
            opcion["mandado"] = texto_aprobada(hecho.referencia, hecho.cus, _contacto())
    return opcion


def _ocupada(error: pagos.PagoEnCurso | pagos.YaPagada) -> dict[str, Any]:
    if isinstance(error, pagos.PagoEnCurso):
        return {"mandado": texto_pendiente(error.referencia, None, _contacto()), "en_curso": error.codigo}
    return {"mandado": texto_aprobada(error.referencia, error.cus, _contacto()), "en_curso": None}


def _reintento(pago: pagos.Pago) -> dict[str, Any]:
    numeros = [r.factura.numero for r in pago.renglones]
    return {"pedido": Pedido(pago.liquidacion_id).firmado(), "facturas": numeros}


def _contacto() -> Contacto:
    departamento = departamento_actual()
    return Contacto(departamento.oficina, departamento.correo, departamento.telefono)


def _recordar(codigo: str) -> None:
    """Only the browser that opened an attempt is led on to the gateway, which shows the payer's data again."""
    session[_MIS_PAGOS] = [*session.get(_MIS_PAGOS, []), codigo][-_RECORDADOS:]


def _es_mio(codigo: str) -> bool:
    return codigo in session.get(_MIS_PAGOS, [])
