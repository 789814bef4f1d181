"""`/gestion/calendario`: every account reads it; administrators declare days and outages, and end them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal.blueprints.calendario.forms import DiaForm, FallaForm, RevocarDiaForm, TerminarForm
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados_normativa import hoja_de_calendario
from portal.dominio.errores import DatoInvalido
from portal.dominio.festivos import DIAS_DE_LA_SEMANA, festivos
from portal.dominio.lectura import leer_vigencia
from portal.models.usuario import Rol
from portal.operaciones import calendario
from portal.operaciones.firmas import Firma
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.avisos import olvidar_contingencia
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.reloj import BOGOTA, ahora, hoy
from portal.web.seguridad import peticion_id

bp = Blueprint("calendario", __name__, url_prefix="/gestion/calendario")


@bp.get("")
@requiere_rol()
def ver() -> Any:
    """A year: its outages, its declared days, its holidays with their norms."""
    ano = leer_vigencia(request.args.get("ano") or str(hoy().year))
    semana = calendario.semana_de()
    del_ano, dias = festivos(ano, semana.reglas), calendario.dias_no_habiles(ano)
    fallas = calendario.contingencias(ano)
    if formato := formato_pedido():
        cuantos = sum(map(len, del_ano.values())) + len(dias) + len(fallas)
        hoja = hoja_de_calendario(del_ano, dias, fallas, notas_de_lista(f"año {ano}.", cuantos))
        return entregar_lista(escribir(formato, hoja), f"calendario-{ano}", filas=cuantos)
    return render_template(
        "calendario/ver.html",
        ano=ano,
        festivos=del_ano,
        sabado_habil=semana.sabado_habil,
        dias=dias,
        revocables={uno.id for uno in dias if calendario.puede_revocarse(uno, hoy())},
        fallas=fallas,
        administra=quien_ingreso().rol is Rol.ADMINISTRADOR,
        semana=DIAS_DE_LA_SEMANA,
    )


@bp.route("/dias/nuevo", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def declarar_dia() -> Any:
    """Declare a non-working day."""
    form = DiaForm()
    if form.validate_on_submit():
        try:
            with transaccion():
                uno = calendario.declarar_dia_no_habil(
                    form.dia.leido, motivo=form.motivo.leido, norma=form.norma.leido, firma=_firma()
                )
                ano = uno.dia.year
        except DatoInvalido as error:
            form.senalar(error)
        else:
            flash("El día quedó declarado no hábil.", "exito")
            return _al_calendario(ano)
    return render_template("calendario/dia.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/dias/<int:numero>/revocar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def revocar_dia(numero: int) -> Any:
    """Ask the reason, then take a declared day back."""
    uno = calendario.dia_por_id(numero)
    ano = uno.dia.year
    if not calendario.puede_revocarse(uno, hoy()):
        return _al_calendario(ano)
    form = RevocarDiaForm()
    if not form.validate_on_submit():
        return render_template("calendario/revocar.html", form=form, uno=uno), 422 if form.is_submitted() else 200
    with transaccion():
        calendario.revocar_dia_no_habil(numero, motivo=form.motivo.leido, firma=_firma())
    flash("El día quedó revocado: vuelve a ser hábil.", "exito")
    return _al_calendario(ano)


@bp.route("/fallas/nueva", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def declarar_falla() -> Any:
    """Declare an outage that goes on, or one that ended."""
    form = FallaForm()
    if not form.is_submitted():
        form.inicio.data = ahora().astimezone(BOGOTA).strftime("%Y-%m-%dT%H:%M")
    if form.validate_on_submit():
        try:
            with transaccion():
                calendario.declarar_contingencia(
                    form.inicio.leido, form.fin.leido, motivo=form.motivo.leido.rstrip(" ."), firma=_firma()
                )
        except DatoInvalido as error:
            form.senalar(error)
        else:
            olvidar_contingencia()
            flash("La falla quedó declarada.", "exito")
            return _al_calendario(form.inicio.leido.year)
    return render_template("calendario/falla.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/fallas/<int:numero>/terminar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def terminar_falla(numero: int) -> Any:
    """Confirm, then say that the outage is over."""
    una = calendario.contingencia_por_id(numero)
    ano = una.inicio.astimezone(BOGOTA).year
    if not una.abierta:
        return _al_calendario(ano)
    form = TerminarForm()
    if not form.validate_on_submit():
        return render_template("calendario/terminar.html", form=form, una=una), 422 if form.is_submitted() else 200
    with transaccion():
        calendario.terminar_contingencia(numero, firma=_firma())
    olvidar_contingencia()
    flash("La falla quedó terminada.", "exito")
    return _al_calendario(ano)


def _al_calendario(ano: int) -> Any:
    return redirect(url_for("calendario.ver", ano=ano), 303)


def _firma() -> Firma:
    return Firma(quien_ingreso(), ahora(), peticion_id())
