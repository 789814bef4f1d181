"""`/gestion/normativa`: yearly values, and the life of every proposal. One administrator writes; another one publishes."""

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.blueprints.normativa.blueprint import (
    LEEN,
    administra,
    bp,
    buscar,
    codigo_departamento,
    firma,
    nombre_de,
    pagina,
)
from portal.blueprints.normativa.forms import PropuestaForm, PublicarForm, RetirarForm
from portal.blueprints.normativa.listas import archivo_de_valores
from portal.blueprints.normativa.tarifas import editar_tarifa
from portal.db import transaccion
from portal.documentos.simulacion import hallazgo_de
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import PropuestaIndicador, PropuestaTarifa
from portal.models.normativa import Indicador
from portal.models.usuario import Rol
from portal.operaciones import ciclo_propuestas, propuestas, publicaciones, simulaciones
from portal.operaciones.borradores import Borrador
from portal.operaciones.ciclo_propuestas import PropuestaCambio
from portal.web.acceso import requiere_rol
from portal.web.confirmacion import reautenticado
from portal.web.exportacion import formato_pedido
from portal.web.reloj import hoy


@bp.get("")
@requiere_rol(*LEEN)
def lista() -> Any:
    """Every indicator with its values, newest first, what is missing, and the drafts that wait for somebody."""
    dia, codigo = hoy(), codigo_departamento()
    tablas = [_tabla(i, dia) for i in propuestas.indicadores_de(codigo)]
    if formato_pedido():
        return archivo_de_valores([(indicador, filas) for indicador, filas, *_ in tablas])
    todas = ciclo_propuestas.propuestas_de(codigo)
    return render_template(
        "normativa/lista.html",
        tablas=tablas,
        borradores=[p for p in todas if p.es_borrador],
        terminadas=[p for p in todas if not p.es_borrador],
        publicadas=publicaciones.publicadas_por_fila(codigo),
        puede_proponer=administra(),
        nombres={p.id: nombre_de(p) for p in todas},
    )


@bp.route("/nueva/<indicador>", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def nueva(indicador: str) -> Any:
    """Write a draft. The button of the formula only fills in the value."""
    suyo = propuestas.indicador_de(codigo_departamento(), indicador)
    form = PropuestaForm()
    if request.method == "GET":
        _empezar(form, suyo)
        return _formulario(form, suyo)
    if "formula" in request.form:
        return _con_formula(form, suyo)
    if not form.validate():
        return _formulario(form, suyo, estado=422)
    try:
        with transaccion():
            una = propuestas.proponer(suyo, form.datos(), **firma(), hoy=hoy())
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
    return pagina("normativa/ver.html", buscar(propuesta_id))


@bp.route("/propuestas/<int:propuesta_id>/editar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def editar(propuesta_id: int) -> Any:
    """Rewrite a draft; the second of two people is told and sees what the first one left."""
    una = buscar(propuesta_id)
    return editar_tarifa(una) if isinstance(una, PropuestaTarifa) else _editar_valor(una)


@bp.route("/propuestas/<int:propuesta_id>/publicar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def publicar(propuesta_id: int) -> Any:
    """Check everything that will rule, then sign it."""
    una = buscar(propuesta_id)
    form = PublicarForm()
    if request.method == "GET":
        form.version.data = str(una.version)
        return _revision(una, form)
    try:
        with transaccion():
            simulaciones.exigir_simulacion(
                codigo_departamento(), una, version=form.leida, sin_simular=bool(form.sin_simular.data)
            )
            publicaciones.publicar(una, version=form.leida, **firma(), hoy=hoy())
    except simulaciones.SinSimular as error:
        form.senalar(error)
        return _revision(buscar(propuesta_id), form), 422
    except (DatoInvalido, TransicionNoPermitida) as error:
        return pagina("normativa/ver.html", buscar(propuesta_id), problema=error.mensaje), 409
    flash("La propuesta quedó publicada. Ya se usa para liquidar.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=propuesta_id), 303)


@bp.route("/propuestas/<int:propuesta_id>/retirar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def retirar(propuesta_id: int) -> Any:
    """Ask the reason, then end the draft."""
    una = buscar(propuesta_id)
    form = RetirarForm()
    if request.method == "GET":
        form.version.data = str(una.version)
        return pagina("normativa/retirar.html", una, form=form)
    if not form.validate():
        return pagina("normativa/retirar.html", una, form=form), 422
    try:
        with transaccion():
            ciclo_propuestas.retirar(una, version=form.leida, motivo=form.motivo.leido, **firma())
    except TransicionNoPermitida as error:
        return pagina("normativa/ver.html", buscar(propuesta_id), problema=error.mensaje), 409
    flash(f"La propuesta {propuesta_id} quedó retirada.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=propuesta_id), 303)


def _revision(una: Borrador, form: PublicarForm) -> str:
    """What somebody reads before signing: the draft, what it does to the rows in force, and what it changes."""
    departamento = codigo_departamento()
    efecto = simulaciones.efecto_de(departamento, una)
    return pagina(
        "normativa/publicar.html",
        una,
        form=form,
        efecto=efecto,
        hallazgo=hallazgo_de(efecto.simulacion) if efecto.simulacion else "",
        nombres=simulaciones.nombres_de(departamento),
    )


def _editar_valor(una: PropuestaIndicador) -> Any:
    numero = una.id
    suyo = propuestas.indicador_de(codigo_departamento(), una.codigo)
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
            propuestas.editar(una, form.datos(), version=form.leida, **firma(), hoy=hoy())
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario(form, suyo, _valor(numero), estado=422)
    except PropuestaCambio as error:
        return _formulario(form, suyo, _valor(numero), estado=409, cambio=error.mensaje)
    flash(f"La propuesta {numero} quedó guardada.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=numero), 303)


def _valor(numero: int) -> PropuestaIndicador:
    una = buscar(numero)
    assert isinstance(una, PropuestaIndicador), "a proposal never changes its kind"
    return una


def _tabla(indicador: Indicador, dia: date) -> tuple[Any, ...]:
    filas = propuestas.valores_de(indicador)[::-1]
    anteriores = publicaciones.versiones_anteriores(indicador.departamento, "valor_indicador", [indicador.codigo])
    return indicador, filas, propuestas.anos_sin_valor(indicador, dia), anteriores


def _empezar(form: PropuestaForm, indicador: Indicador) -> None:
    """The days of the next value, or those of the published one that is to be corrected."""
    corregida = next(
        (v for v in propuestas.valores_de(indicador) if v.desde.isoformat() == request.args.get("corrige")), None
    )
    if corregida is None:
        form.desde.data = _siguiente(indicador).isoformat()
        return
    form.corrige.data = form.desde.data = corregida.desde.isoformat()
    form.hasta.data = corregida.hasta.isoformat() if corregida.hasta else ""


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
        corregida=next((v for v in valores if v.desde.isoformat() == form.corrige.data), None),
        cambio=cambio,
    )
    return pagina, estado


def _con_formula(form: PropuestaForm, indicador: Indicador, una: PropuestaIndicador | None = None) -> Any:
    """The form with the value that the norm's formula gives; nothing is saved."""
    if form.ajuste_leido() is None:
        return _formulario(form, indicador, una, estado=422)
    form.valor.data = escribir_pesos(propuestas.sugerir(indicador, form.ajuste.leido)).removeprefix("$")
    return _formulario(form, indicador, una)


def _siguiente(indicador: Indicador) -> date:
    """The first day that the next draft would cover: the one after the last published, or the first of the year."""
    valores = propuestas.en_rango(indicador)
    return valores[-1].hasta + timedelta(days=1) if valores else date(hoy().year, 1, 1)
