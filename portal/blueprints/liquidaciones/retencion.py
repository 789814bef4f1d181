"""`/gestion/liquidaciones/<código>/retener`: an agent records what it took for the stamps of its liquidación, or undoes it."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from portal.blueprints.liquidaciones.blueprint import bp, pedida
from portal.blueprints.liquidaciones.una import abrir_retencion, pagina
from portal.db import db, transaccion
from portal.dominio.declaraciones import FORMAS
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.models import Liquidacion, Retencion
from portal.models.usuario import Rol
from portal.operaciones.agentes import retener as operacion
from portal.web.acceso import requiere_rol
from portal.web.firmas import firma
from portal.web.formularios import CampoTexto, Formulario, leer
from portal.web.reloj import hoy


class DeshacerForm(Formulario):
    """Why a withholding is taken back."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=300, campo="motivo")])


@bp.get("/<codigo>/retener")
@requiere_rol(Rol.AGENTE)
def volver(codigo: str) -> Any:
    """The act opened by its address has nothing to show: the form is in the page of the liquidación."""
    return redirect(url_for("liquidaciones.ver", codigo=pedida(codigo).codigo, _anchor="retener"), 303)


@bp.post("/<codigo>/retener")
@requiere_rol(Rol.AGENTE)
def retener(codigo: str) -> Any:
    """Record it, once per form."""
    hallada = pedida(codigo)
    form = abrir_retencion(hallada)
    if form is None or not form.validate():
        return pagina(hallada, form, 422)
    try:
        with transaccion():
            hecha = operacion.retener(
                hallada, form.numeros, form.descuento, clave=form.clave.data or "", firma=firma(), hoy=hoy()
            )
            valor = hecha.recaudo.valor
    except (DatoInvalido, TransicionNoPermitida) as error:
        db.session.rollback()
        form.senalar(error if isinstance(error, DatoInvalido) else DatoInvalido(error.mensaje))
        return pagina(hallada, form, 422 if isinstance(error, DatoInvalido) else 409)
    flash(f"La retención por {escribir_pesos(valor)} quedó registrada.", "exito")
    return redirect(url_for("liquidaciones.ver", codigo=codigo), 303)


@bp.route("/<codigo>/retenciones/<int:numero>/deshacer", methods=["GET", "POST"])
@requiere_rol(Rol.AGENTE)
def deshacer(codigo: str, numero: int) -> Any:
    """Ask the reason, then take it back."""
    hallada = pedida(codigo)
    una = operacion.una_de(hallada, numero)
    form = DeshacerForm()
    if not form.validate_on_submit():
        return _pagina_deshacer(hallada, una, form, 422 if form.is_submitted() else 200)
    try:
        with transaccion():
            operacion.deshacer(una, motivo=form.motivo.leido, firma=firma())
    except TransicionNoPermitida:
        # Its page says why, as it would have said before.
        db.session.rollback()
        return _pagina_deshacer(hallada, una, form, 409)
    flash("La retención quedó deshecha: sus estampillas se deben de nuevo.", "exito")
    return redirect(url_for("liquidaciones.ver", codigo=codigo), 303)


def _pagina_deshacer(hallada: Liquidacion, una: Retencion, form: DeshacerForm, estado: int) -> Any:
    cuerpo = render_template(
        "liquidaciones/deshacer_retencion.html",
        liquidacion=hallada,
        retencion=una,
        form=form,
        impedimento=operacion.impedimento(una),
        formas=FORMAS,
    )
    return cuerpo, estado
