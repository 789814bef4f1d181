"""What is done with a month: the agent files and corrects it; Rentas accepts it or gives it back."""

from typing import Any

from flask import flash, redirect, render_template, request

from portal.blueprints.agentes.blueprint import bp, direccion_del_mes, mes_de_la_direccion, pagina_del_mes, vence_la
from portal.db import transaccion
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.identificacion import leer_texto
from portal.models import Declaracion
from portal.models.usuario import Rol
from portal.operaciones.agentes import declaraciones, versiones
from portal.operaciones.agentes.declaraciones import MesCambio
from portal.web.acceso import requiere_rol
from portal.web.agentes import agente_de_la_direccion
from portal.web.estampillas import firmante_actual
from portal.web.firmas import firma
from portal.web.formularios import CampoTexto, Formulario, leer
from portal.web.reloj import hoy


class MotivoForm(Formulario):
    """Why a version is given back or corrected."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=500, campo="motivo")])


@bp.post("/gestion/agentes/<codigo>/<mes>/presentar")
@requiere_rol(Rol.AGENTE)
def presentar(codigo: str, mes: str) -> Any:
    """File the version that the page showed, only if it is what it showed."""
    una = _version(codigo, mes)
    try:
        with transaccion():
            declaraciones.presentar(
                una,
                firma=firma(),
                firmante=firmante_actual(),
                vence=vence_la(una),
                huella_vista=request.form.get("visto", ""),
                hoy=hoy(),
            )
    except MesCambio as error:
        return pagina_del_mes(una.agente, una, estado=409, aviso=error.mensaje)
    flash(f"La declaración de {mes_en_palabras(una.mes)} quedó presentada con el número {una.numero}.", "exito")
    return redirect(direccion_del_mes(una), 303)


@bp.route("/gestion/agentes/<codigo>/<mes>/corregir", methods=["GET", "POST"])
@requiere_rol(Rol.AGENTE)
def corregir(codigo: str, mes: str) -> Any:
    """Ask the reason, then open the next version."""
    una = _version(codigo, mes)
    form = MotivoForm()
    if not form.validate_on_submit():
        return _pedir_motivo("agentes/corregir.html", una, form)
    with transaccion():
        nueva = declaraciones.abrir_correccion(una.agente, una.mes, motivo=form.motivo.leido, firma=firma())
    flash("La corrección quedó abierta. Registre lo que falte, revísela y preséntela.", "exito")
    return redirect(direccion_del_mes(nueva), 303)


@bp.post("/gestion/agentes/<codigo>/<mes>/aceptar")
@requiere_rol(Rol.RENTAS)
def aceptar(codigo: str, mes: str) -> Any:
    """Accept the version that the page showed."""
    una = _version(codigo, mes)
    with transaccion():
        declaraciones.aceptar(una, firma=firma())
    flash(f"La declaración {una.numero} quedó aceptada.", "exito")
    return redirect(direccion_del_mes(una), 303)


@bp.route("/gestion/agentes/<codigo>/<mes>/devolver", methods=["GET", "POST"])
@requiere_rol(Rol.RENTAS)
def devolver(codigo: str, mes: str) -> Any:
    """Ask the reason, then give it back; of one that was accepted, ask for its correction."""
    una = _version(codigo, mes)
    form = MotivoForm()
    if not form.validate_on_submit():
        return _pedir_motivo("agentes/devolver.html", una, form)
    with transaccion():
        declaraciones.devolver(una, motivo=form.motivo.leido, firma=firma())
    flash(f"La declaración {una.numero} quedó devuelta. La entidad ve el motivo.", "exito")
    return redirect(direccion_del_mes(una), 303)


def _version(codigo: str, mes: str) -> Declaracion:
    """The version that the page showed. Raises `NoExiste`."""
    version = request.values.get("version", type=int)
    return versiones.de_mes(agente_de_la_direccion(codigo), mes_de_la_direccion(mes), version)


def _pedir_motivo(plantilla: str, una: Declaracion, form: MotivoForm) -> Any:
    pagina = render_template(plantilla, form=form, declaracion=una, regreso=direccion_del_mes(una))
    return pagina, 422 if form.is_submitted() else 200
