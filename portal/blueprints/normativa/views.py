"""`/gestion/normativa`: yearly values. One administrator writes a draft; another one reads it and publishes it."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal.blueprints.normativa.forms import PropuestaForm, PublicarForm, RetirarForm
from portal.db import transaccion
from portal.documentos.simulacion import hallazgo_de
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import PropuestaIndicador
from portal.models.normativa import Indicador
from portal.models.usuario import Rol
from portal.operaciones import propuestas, simulaciones
from portal.operaciones.propuestas import PropuestaCambio
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id

bp = Blueprint("normativa", __name__, url_prefix="/gestion/normativa")
LEEN = (Rol.ADMINISTRADOR, Rol.AUDITOR)


@bp.get("")
@requiere_rol(*LEEN)
def lista() -> Any:
    """Every indicator with its values, newest first, what is missing, and the drafts that wait for somebody."""
    dia, codigo = hoy(), _departamento()
    indicadores = propuestas.indicadores_de(codigo)
    todas = propuestas.propuestas_de(codigo)
    return render_template(
        "normativa/lista.html",
        tablas=[(i, propuestas.valores_de(i)[::-1], propuestas.anos_sin_valor(i, dia)) for i in indicadores],
        borradores=[p for p in todas if p.es_borrador],
        terminadas=[p for p in todas if not p.es_borrador],
        publicadas=propuestas.publicadas_por_fila(codigo),
        puede_proponer=quien_ingreso().rol is Rol.ADMINISTRADOR,
        nombres={i.codigo: i.nombre for i in indicadores},
    )


@bp.route("/nueva/<indicador>", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def nueva(indicador: str) -> Any:
    """Write a draft. The button of the formula only fills in the value."""
    suyo = propuestas.indicador_de(_departamento(), indicador)
    form = PropuestaForm()
    if request.method == "GET":
        form.desde.data = _siguiente(suyo).isoformat()
        return _formulario(form, suyo)
    if "formula" in request.form:
        return _con_formula(form, suyo)
    if not form.validate():
        return _formulario(form, suyo, estado=422)
    try:
        with transaccion():
            una = propuestas.proponer(suyo, form.datos(), **_firma(), hoy=hoy())
            numero = una.id
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario(form, suyo, estado=422)
    flash(f"La propuesta {numero} quedó guardada. Para que se use debe publicarla otro administrador.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=numero), 303)


@bp.get("/propuestas/<int:propuesta_id>")
@requiere_rol(*LEEN)
def ver(propuesta_id: int) -> Any:
    """One proposal and what this person may do with it."""
    una = _buscar(propuesta_id)
    return _pagina("normativa/ver.html", una)


@bp.route("/propuestas/<int:propuesta_id>/editar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def editar(propuesta_id: int) -> Any:
    """Rewrite a draft; the second of two people is told and sees what the first one left."""
    una = _buscar(propuesta_id)
    suyo = propuestas.indicador_de(_departamento(), una.codigo)
    form = PropuestaForm()
    if request.method == "GET":
        form.llenar(una)
        return _formulario(form, suyo, una)
    if "formula" in request.form:
        return _con_formula(form, suyo, una)
    if not form.validate():
        return _formulario(form, suyo, una, estado=422)
    try:
        with transaccion():
            propuestas.editar(una, form.datos(), version=form.leida, **_firma(), hoy=hoy())
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario(form, suyo, _buscar(propuesta_id), estado=422)
    except PropuestaCambio as error:
        return _formulario(form, suyo, _buscar(propuesta_id), estado=409, cambio=error.mensaje)
    flash(f"La propuesta {propuesta_id} quedó guardada.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=propuesta_id), 303)


@bp.route("/propuestas/<int:propuesta_id>/publicar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def publicar(propuesta_id: int) -> Any:
    """Check everything that will rule, then sign it."""
    una = _buscar(propuesta_id)
    form = PublicarForm()
    if request.method == "GET":
        form.version.data = str(una.version)
        return _revision(una, form)
    try:
        with transaccion():
            simulaciones.exigir_simulacion(
                _departamento(), una, version=form.leida, sin_simular=bool(form.sin_simular.data)
            )
            propuestas.publicar(una, version=form.leida, **_firma(), hoy=hoy())
    except simulaciones.SinSimular as error:
        form.senalar(error)
        return _revision(_buscar(propuesta_id), form), 422
    except (DatoInvalido, TransicionNoPermitida) as error:
        return _pagina("normativa/ver.html", _buscar(propuesta_id), problema=error.mensaje), 409
    flash("El valor quedó publicado. Ya se usa para liquidar.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=propuesta_id), 303)


@bp.route("/propuestas/<int:propuesta_id>/retirar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def retirar(propuesta_id: int) -> Any:
    """Ask the reason, then end the draft."""
    una = _buscar(propuesta_id)
    form = RetirarForm()
    if request.method == "GET":
        form.version.data = str(una.version)
        return _pagina("normativa/retirar.html", una, form=form)
    if not form.validate():
        return _pagina("normativa/retirar.html", una, form=form), 422
    try:
        with transaccion():
            propuestas.retirar(una, version=form.leida, motivo=form.motivo.leido, **_firma())
    except TransicionNoPermitida as error:
        return _pagina("normativa/ver.html", _buscar(propuesta_id), problema=error.mensaje), 409
    flash(f"La propuesta {propuesta_id} quedó retirada.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=propuesta_id), 303)


def _formulario(
    form: PropuestaForm,
    indicador: Indicador,
    una: PropuestaIndicador | None = None,
    *,
    estado: int = 200,
    cambio: str = "",
) -> Any:
    valores = propuestas.valores_de(indicador)
    pagina = render_template(
        "normativa/formulario.html",
        form=form,
        indicador=indicador,
        propuesta=una,
        ultimo=valores[-1] if valores else None,
        cambio=cambio,
    )
    return pagina, estado


def _con_formula(form: PropuestaForm, indicador: Indicador, una: PropuestaIndicador | None = None) -> Any:
    """The form with the value that the norm's formula gives; nothing is saved."""
    if form.ajuste_leido() is None:
        return _formulario(form, indicador, una, estado=422)
    form.valor.data = escribir_pesos(propuestas.sugerir(indicador, form.ajuste.leido)).removeprefix("$")
    return _formulario(form, indicador, una)


def _pagina(plantilla: str, una: PropuestaIndicador, **contexto: Any) -> str:
    quien = quien_ingreso()
    return render_template(
        plantilla,
        propuesta=una,
        indicador=propuestas.indicador_de(_departamento(), una.codigo),
        administra=quien.rol is Rol.ADMINISTRADOR,
        es_autor=quien.id == una.autor_id,
        **contexto,
    )


def _revision(una: PropuestaIndicador, form: PublicarForm) -> str:
    """What somebody reads before signing: the draft, what it does to the row in force, and what it changes."""
    departamento = _departamento()
    efecto = simulaciones.efecto_de(departamento, una)
    return _pagina(
        "normativa/publicar.html",
        una,
        form=form,
        corta=_corta(una),
        efecto=efecto,
        hallazgo=hallazgo_de(efecto.simulacion) if efecto.simulacion else "",
        nombres=simulaciones.nombres_de(departamento),
    )


def _corta(una: PropuestaIndicador) -> str:
    """What publishing would do to the row in force, or why it cannot be published today, before anybody signs."""
    indicador = propuestas.indicador_de(_departamento(), una.codigo)
    try:
        cortada = propuestas.revisar(indicador, propuestas.datos_de(una), hoy())
    except DatoInvalido as error:
        return error.mensaje
    if cortada is None:
        return ""
    fin = (una.desde - timedelta(days=1)).strftime("%d/%m/%Y")
    return f"El valor vigente, {escribir_pesos(cortada.valor)} ({cortada.acto}), regirá solo hasta el {fin}."


def _siguiente(indicador: Indicador) -> date:
    """The first day that the next draft would cover: the one after the last published, or the first of the year."""
    valores = propuestas.en_rango(indicador)
    return valores[-1].hasta + timedelta(days=1) if valores else date(hoy().year, 1, 1)


def _firma() -> dict[str, Any]:
    return {"usuario": quien_ingreso(), "ahora": ahora(), "peticion": peticion_id()}


def _buscar(propuesta_id: int) -> PropuestaIndicador:
    return propuestas.por_id(_departamento(), propuesta_id)


def _departamento() -> str:
    return departamento_actual().codigo
