"""Asking for a refund: which payment, why, to which account, how to answer, and the bank's certificate with the check.

Nothing is written before the last step: what was typed travels in the forms, is checked again at the end, and amounts
never travel. Account data are in no address.
"""

import secrets
from typing import Any

from flask import redirect, render_template, url_for

from portal.blueprints.devolucion.blueprint import bp
from portal.blueprints.devolucion.forms import CodigoPagoForm, SolicitudForm
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.models import Pago
from portal.operaciones import pagos
from portal.operaciones.solicitudes_devolucion import (
    Devolvible,
    YaSolicitada,
    devolvibles,
    hay_en_curso,
    pedida_con,
    solicitar,
)
from portal.web.acceso import publico
from portal.web.cuenta_bancaria import DEMASIADO, certificacion_enviada
from portal.web.frenos import frenar_consulta, frenar_envio
from portal.web.recepcion import CUERPO_MAXIMO, MAXIMO_MB
from portal.web.reloj import ahora
from portal.web.seguridad import admite_archivo, peticion_id


@bp.route("/devolucion", methods=["GET", "POST"])
@publico
def inicio() -> Any:
    """What a refund is, and which payment it is of."""
    form = CodigoPagoForm()
    if form.validate_on_submit():
        frenar_consulta(form.codigo.leido)
        try:
            pagos.por_codigo(form.codigo.leido)
        except NoExiste as error:
            form.senalar(DatoInvalido(error.mensaje, "codigo"))
        else:
            return redirect(url_for("devolucion.de_pago", codigo=form.codigo.leido), 303)
    return render_template("devolucion/inicio.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/devolucion/de/<codigo>")
@publico
def de_pago(codigo: str) -> Any:
    """The first step, reached from the payment's page or with its code."""
    pago = pagos.por_codigo(codigo)
    form, pedibles = SolicitudForm(), devolvibles(pago)
    form.pago.data = codigo
    form.preparar(pedibles)
    if not pedibles:
        return render_template("devolucion/nada.html", pago=pago, en_curso=hay_en_curso(pago))
    return _pagina("motivo", form, pago, pedibles)


@bp.get("/devolucion/motivo")
@bp.get("/devolucion/cuenta")
@bp.get("/devolucion/contacto")
@bp.get("/devolucion/revisar")
@bp.get("/devolucion/enviar")
@publico
def recomenzar() -> Any:
    """A step opened by its address has nothing to show: begin again."""
    return redirect(url_for("devolucion.inicio"), 303)


@bp.post("/devolucion/motivo", defaults={"paso": "motivo"})
@bp.post("/devolucion/cuenta", defaults={"paso": "cuenta"})
@bp.post("/devolucion/contacto", defaults={"paso": "contacto"})
@bp.post("/devolucion/revisar", defaults={"paso": "revisar"})
@publico
def avanzar(paso: str) -> Any:
    """Show a step once the ones before it are right; also the way back, keeping what was typed."""
    form, pago, pedibles = _abrir()
    fallo = form.primer_fallo(paso)
    return _pagina(fallo or paso, form, pago, pedibles), 422 if fallo else 200


@bp.post("/devolucion/enviar")
@publico
@admite_archivo(CUERPO_MAXIMO, DEMASIADO)
def enviar() -> Any:
    """Write the request down, with the bank's certificate."""
    form, pago, pedibles = _abrir()
    if hecha := pedida_con(form.clave_leida):
        return redirect(url_for("devolucion.ver", codigo=hecha.codigo), 303)
    if fallo := form.primer_fallo("revisar"):
        return _pagina(fallo, form, pago, pedibles), 422
    try:
        frenar_envio("devolucion")
        codigo = _solicitar(form, certificacion_enviada())
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina("revisar", form, pagos.por_codigo(pago.codigo), pedibles), 422
    except YaSolicitada:
        return render_template("devolucion/nada.html", pago=pago, en_curso=True), 409
    return redirect(url_for("devolucion.ver", codigo=codigo), 303)


def _solicitar(form: SolicitudForm, certificacion: tuple[str, bytes]) -> str:
    pedida, clave = form.solicitud(), form.clave_leida
    with transaccion():
        return solicitar(
            form.pago.data, pedida, certificacion, clave=clave, ahora=ahora(), peticion=peticion_id()
        ).codigo


def _abrir() -> tuple[SolicitudForm, Pago, list[Devolvible]]:
    form = SolicitudForm()
    pago = pagos.por_codigo((form.pago.data or "")[:64])
    pedibles = devolvibles(pago)
    form.preparar(pedibles)
    return form, pago, pedibles


def _pagina(paso: str, form: SolicitudForm, pago: Pago, pedibles: list[Devolvible]) -> str:
    if not form.clave.data:
        form.clave.data = secrets.token_urlsafe(24)
    por_causal = {d.causal.value: d for d in pedibles}
    return render_template(f"devolucion/{paso}.html", form=form, pago=pago, pedibles=por_causal, maximo_mb=MAXIMO_MB)
