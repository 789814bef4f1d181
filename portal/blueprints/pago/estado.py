"""What became of a payment, from its own page: state, the way back to the bank, giving it up, receipt."""

from typing import Any

from flask import Response, redirect, url_for

from portal.blueprints.pago.blueprint import bp, puede_ir_al_banco
from portal.blueprints.pago.palabras import palabras, texto_en_curso
from portal.documentos.comprobante import pdf_comprobante
from portal.documentos.turnos import por_turnos
from portal.dominio.errores import NoExiste
from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.operaciones import pagos
from portal.operaciones.resultados import Causa
from portal.operaciones.saldos_a_favor import partes_a_favor
from portal.operaciones.solicitudes_devolucion import hay_en_curso
from portal.web.acceso import publico
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.htmx import render_page_or_fragment
from portal.web.pasarela import cancelar_en_pasarela, pasarela_actual, preguntar_a_pasarela
from portal.web.reloj import ahora

# The gateway is asked at most this often on behalf of one page.
_SEGUNDOS_ENTRE_PREGUNTAS = 1


@bp.get("/pago/<codigo>/banco")
@publico
def banco(codigo: str) -> Any:
    """Announce that the next page is the bank's, to who comes back or could not be sent there at once; a plain link in the same
    tab (R4). Its address may still be on its way."""
    pago = pagos.por_codigo(codigo)
    if pago.url_pasarela is None:
        pago = _preguntado(pago)
    if not puede_ir_al_banco(pago):
        return redirect(url_for("pago.ver", codigo=codigo), 303)
    return render_page_or_fragment("pago/banco.html", "pago/_banco.html", pago=pago)


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
        palabras=palabras(pago, tarde=pagos.llego_tarde(pago)),
        texto_obligatorio=texto_en_curso(pago, departamento_actual()),
        puede_volver=pago.estado is EstadoPago.PENDIENTE and puede_ir_al_banco(pago),
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
@por_turnos
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
    # Before it is laid out, which lets go of what was read.
    nombre = f"comprobante-{pago.referencia}.pdf"
    cuerpo = pdf_comprobante(pago, departamento=departamento_actual(), url=direccion)
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
