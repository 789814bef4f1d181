"""`/gestion/liquidaciones`: the steps of an assessment. Amounts never travel: the server computes again at every step."""

import secrets
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from portal.blueprints.liquidaciones.actos import acto_liquidable, agrupar_actos
from portal.blueprints.liquidaciones.calculo import Calculo, calcular, previa_de
from portal.blueprints.liquidaciones.forms import BuscarForm, ContratoForm, EncargoForm, SinEfectoForm, TramiteForm
from portal.blueprints.liquidaciones.hechos import hechos_en_palabras
from portal.blueprints.liquidaciones.historia import contar
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.normativa import Normativa
from portal.dominio.palabras import CLASES_CONTRIBUYENTE
from portal.models import Liquidacion
from portal.models.usuario import Rol
from portal.operaciones import liquidaciones
from portal.operaciones.encargos import Previa
from portal.operaciones.normativa import normativa_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id

bp = Blueprint("liquidaciones", __name__, url_prefix="/gestion/liquidaciones")
LEEN = (Rol.RENTAS, Rol.ADMINISTRADOR, Rol.AUDITOR)


@bp.route("", methods=["GET", "POST"])
@requiere_rol(*LEEN)
def lista() -> Any:
    """The liquidaciones, newest first; what is searched travels in the body, because it may be an identity number."""
    form = BuscarForm()
    if request.method == "POST" and not form.validate():
        pagina, estado = liquidaciones.Lista((), None), 422
    else:
        texto = (form.buscar.leido if request.method == "POST" else "") or ""
        pagina, estado = liquidaciones.buscar(_departamento(), texto, antes_de=_antes()), 200
    return render_page_or_fragment(
        "liquidaciones/lista.html", "liquidaciones/_lista.html", estado, form=form, lista=pagina, hoy=hoy()
    )


@bp.get("/nueva")
@requiere_rol(Rol.RENTAS)
def nueva() -> Any:
    """Choose what to assess."""
    buscar = request.args.get("buscar", "")[:80]
    grupos = agrupar_actos(_normativa(), hoy(), buscar)
    return render_page_or_fragment(
        "liquidaciones/nueva.html", "liquidaciones/_actos.html", grupos=grupos, buscar=buscar
    )


@bp.route("/nueva/<acto>", methods=["GET", "POST"])
@requiere_rol(Rol.RENTAS)
def formulario(acto: str) -> Any:
    """Fill in; a POST is the button *Calcular* or the way back from the check, keeping what was typed."""
    form, normativa = _abrir(acto)
    calculo = calcular(form, normativa) if request.method == "POST" else Calculo()
    return _pagina_formulario(form, calculo, 422 if calculo.errores else 200)


@bp.post("/nueva/<acto>/calculo")
@requiere_rol(Rol.RENTAS)
def calculo(acto: str) -> Any:
    """The figures alone, for htmx while typing."""
    form, normativa = _abrir(acto)
    hecho = calcular(form, normativa)
    return render_template("liquidaciones/_calculo.html", calculo=hecho), 422 if hecho.errores else 200


@bp.post("/nueva/<acto>/hechos")
@requiere_rol(Rol.RENTAS)
def hechos(acto: str) -> Any:
    """The questions alone, for htmx when an answer opens or closes others."""
    form, _ = _abrir(acto)
    hay_errores = any(c.campo.errors for c in form.campos_hechos)
    return render_template("liquidaciones/_hechos.html", form=form, acto=form.principal), 422 if hay_errores else 200


@bp.get("/nueva/<acto>/revisar")
@bp.get("/nueva/<acto>/emitir")
@requiere_rol(Rol.RENTAS)
def recomenzar(acto: str) -> Any:
    """A step opened by its address has nothing to show: begin again."""
    return redirect(url_for("liquidaciones.formulario", acto=acto), 303)


@bp.post("/nueva/<acto>/revisar")
@requiere_rol(Rol.RENTAS)
def revisar(acto: str) -> Any:
    """Check your answers before issuing."""
    form, normativa = _abrir(acto)
    previa = _validar(form, normativa)
    if previa is None:
        return _pagina_formulario(form, Calculo(), 422)
    existente = liquidaciones.contrato_vigente(_departamento(), form.encargo)
    if existente is not None:
        return _ya_liquidado(form, liquidaciones.ContratoYaLiquidado(existente.numero, existente.codigo))
    return _pagina_revision(form, previa)


@bp.post("/nueva/<acto>/emitir")
@requiere_rol(Rol.RENTAS)
def emitir(acto: str) -> Any:
    """Issue, once per checked form, and only for the total that the officer saw."""
    form, normativa = _abrir(acto)
    previa = _validar(form, normativa)
    if previa is None:
        return _pagina_formulario(form, Calculo(), 422)
    if request.form.get("total_visto", "") != str(previa.resultado.total):
        return _pagina_revision(form, previa, cambio=True)
    try:
        with transaccion():
            nueva = _emitir(form, previa.resultado.total)
            codigo, numero = nueva.codigo, nueva.numero
    except liquidaciones.CifrasCambiaron:
        otra = _validar(form, _normativa())
        return _pagina_revision(form, otra, cambio=True) if otra else _pagina_formulario(form, Calculo(), 422)
    except liquidaciones.ContratoYaLiquidado as error:
        return _ya_liquidado(form, error)
    flash(f"La liquidación {numero} quedó emitida.", "exito")
    return redirect(url_for("liquidaciones.ver", codigo=codigo), 303)


def _emitir(form: EncargoForm, total_visto: Decimal) -> Liquidacion:
    return liquidaciones.emitir(
        form.encargo,
        departamento=_departamento(),
        plazo_dias=departamento_actual().dias_para_pagar,
        permitir_provisional=ajustes_actuales().es_demostracion,
        clave=_clave(),
        usuario=quien_ingreso(),
        ahora=ahora(),
        hoy=hoy(),
        peticion=peticion_id(),
        total_visto=total_visto,
    )


@bp.get("/<codigo>")
@requiere_rol(*LEEN)
def ver(codigo: str) -> Any:
    """One liquidación with everything that it stores and what happened to it."""
    hallada = liquidaciones.por_codigo(codigo)
    return render_template(
        "liquidaciones/ver.html",
        liquidacion=hallada,
        hechos=_hechos_de(hallada),
        historia=contar(hallada, liquidaciones.historia(hallada)),
        puede_anularse=quien_ingreso().rol is Rol.RENTAS and liquidaciones.puede_dejarse_sin_efecto(hallada),
        puede_emitir=quien_ingreso().rol is Rol.RENTAS,
        enlace=ajustes_actuales().url + url_for("publico.liquidacion", codigo=codigo),
        clases=CLASES_CONTRIBUYENTE,
        hoy=hoy(),
    )


@bp.route("/<codigo>/sin-efecto", methods=["GET", "POST"])
@requiere_rol(Rol.RENTAS)
def sin_efecto(codigo: str) -> Any:
    """Ask the reason, then void."""
    hallada = liquidaciones.por_codigo(codigo)
    form = SinEfectoForm()
    if not form.validate_on_submit():
        estado = 422 if form.is_submitted() else 200
        return render_template("liquidaciones/sin_efecto.html", form=form, liquidacion=hallada, hoy=hoy()), estado
    liquidacion_id, numero = hallada.id, hallada.numero
    with transaccion():
        liquidaciones.dejar_sin_efecto(
            liquidacion_id, motivo=form.motivo.leido, usuario=quien_ingreso(), ahora=ahora(), peticion=peticion_id()
        )
    flash(f"La liquidación {numero} quedó sin efecto.", "exito")
    return redirect(url_for("liquidaciones.ver", codigo=codigo), 303)


def _abrir(codigo: str) -> tuple[EncargoForm, Normativa]:
    normativa = _normativa()
    acto = acto_liquidable(normativa, codigo, hoy())
    form = ContratoForm() if acto.documento == "contrato" else TramiteForm()
    form.preparar(normativa, acto, hoy())
    return form, normativa


def _validar(form: EncargoForm, normativa: Normativa) -> Previa | None:
    """The figures of a complete form; None when something must be mended, said beside its field."""
    if not form.validate():
        return None
    try:
        return previa_de(form.encargo.asunto, normativa)
    except DatoInvalido as error:
        form.senalar(error)
    except NormaNoVigente as error:
        form.senalar(DatoInvalido(error.mensaje))
    return None


def _pagina_formulario(form: EncargoForm, calculo: Calculo, estado: int) -> Any:
    plantilla = "liquidaciones/contrato.html" if isinstance(form, ContratoForm) else "liquidaciones/tramite.html"
    return render_template(plantilla, form=form, acto=form.principal, calculo=calculo), estado


def _pagina_revision(form: EncargoForm, previa: Previa, *, cambio: bool = False) -> Any:
    pagina = render_template(
        "liquidaciones/revisar.html",
        form=form,
        acto=form.principal,
        encargo=form.encargo,
        previa=previa,
        clases=CLASES_CONTRIBUYENTE,
        clave=secrets.token_urlsafe(24),
        cambio=cambio,
    )
    return pagina, 409 if cambio else 200


def _hechos_de(hallada: Liquidacion) -> list[tuple[str, str]]:
    """What was answered about the act; a contract prints its kind and its contractor's among its data."""
    propios = ("contrato.tipo", "contratista.clase") if hallada.es_contrato else ()
    guardados = {clave: v for clave, v in hallada.solicitud.get("hechos", {}).items() if clave not in propios}
    return hechos_en_palabras(normativa_de(hallada.departamento), guardados) if guardados else []


def _ya_liquidado(form: EncargoForm, error: liquidaciones.ContratoYaLiquidado) -> Any:
    return render_template("liquidaciones/ya_liquidado.html", form=form, acto=form.principal, error=error), 409


def _normativa() -> Normativa:
    return normativa_de(_departamento())


def _departamento() -> str:
    return departamento_actual().codigo


def _clave() -> str:
    clave = request.form.get("clave", "")
    if not 20 <= len(clave) <= 64:
        abort(422, "Vuelva a la página anterior y revise la liquidación de nuevo.")
    return clave


def _antes() -> int | None:
    texto = request.form.get("antes", "")
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 15 else None
