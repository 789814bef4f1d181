"""`/gestion/liquidaciones`: the steps of an assessment. Amounts never travel: the server computes again at every step."""

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from portal.blueprints.liquidaciones.actos import agrupar_actos
from portal.blueprints.liquidaciones.blueprint import LIQUIDAN, bp
from portal.blueprints.liquidaciones.calculo import Calculo, calcular, previa_de
from portal.blueprints.liquidaciones.forms import ContratoForm, EncargoForm, TramiteForm
from portal.blueprints.liquidaciones.soportes import (
    PorReconocer,
    abrir_soportes,
    declarar,
    exigir_declarables,
)
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido, NoExiste, NormaNoVigente
from portal.dominio.normativa import Normativa
from portal.dominio.palabras import CLASES_CONTRIBUYENTE
from portal.models import Agente, Liquidacion
from portal.operaciones import liquidaciones
from portal.operaciones.agentes.alcance import entidad_que_limita
from portal.operaciones.datos_encargo import acto_liquidable
from portal.operaciones.encargos import Previa
from portal.operaciones.exigencias import Declaracion
from portal.operaciones.normativa import normativa_de
from portal.operaciones.reconocimientos import YaReconocido
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id

_OTRAS_CIFRAS = "El cálculo cambió mientras usted revisaba. Compruebe el nuevo total."
_SIN_RECONOCIMIENTO = "El reconocimiento que usted vio ya no está vigente. Escriba el soporte o cambie los datos."


@bp.get("/nueva")
@requiere_rol(*LIQUIDAN)
def nueva() -> Any:
    """Choose what to assess; an agent that was not linked to its entity learns it here."""
    entidad_actual()
    buscar = request.args.get("buscar", "")[:80]
    grupos = agrupar_actos(_normativa(), hoy(), buscar)
    return render_page_or_fragment(
        "liquidaciones/nueva.html", "liquidaciones/_actos.html", grupos=grupos, buscar=buscar
    )


@bp.route("/nueva/<acto>", methods=["GET", "POST"])
@requiere_rol(*LIQUIDAN)
def formulario(acto: str) -> Any:
    """Fill in; a POST is the button *Calcular* or the way back from the check, keeping what was typed."""
    form, normativa = _abrir(acto)
    calculo = calcular(form, normativa) if request.method == "POST" else Calculo()
    return _pagina_formulario(form, calculo, 422 if calculo.errores else 200)


@bp.post("/nueva/<acto>/calculo")
@requiere_rol(*LIQUIDAN)
def calculo(acto: str) -> Any:
    """The figures alone, for htmx while typing."""
    form, normativa = _abrir(acto)
    hecho = calcular(form, normativa)
    return render_template("liquidaciones/_calculo.html", calculo=hecho), 422 if hecho.errores else 200


@bp.post("/nueva/<acto>/hechos")
@requiere_rol(*LIQUIDAN)
def hechos(acto: str) -> Any:
    """The questions alone, for htmx when an answer opens or closes others."""
    form, _ = _abrir(acto)
    hay_errores = any(c.campo.errors for c in form.campos_hechos)
    return render_template("liquidaciones/_hechos.html", form=form, acto=form.principal), 422 if hay_errores else 200


@bp.post("/nueva/<acto>/integrantes")
@requiere_rol(*LIQUIDAN)
def integrantes(acto: str) -> Any:
    """The members of a consorcio alone, for htmx when one more row is asked for."""
    form, _ = _abrir(acto)
    if not isinstance(form, ContratoForm):
        raise NoExiste("Un trámite no tiene integrantes.")
    return render_template("liquidaciones/_integrantes_campos.html", form=form, acto=form.principal)


@bp.get("/nueva/<acto>/revisar")
@bp.get("/nueva/<acto>/emitir")
@requiere_rol(*LIQUIDAN)
def recomenzar(acto: str) -> Any:
    """A step opened by its address has nothing to show: begin again."""
    entidad_actual()
    return redirect(url_for("liquidaciones.formulario", acto=acto), 303)


@bp.post("/nueva/<acto>/revisar")
@requiere_rol(*LIQUIDAN)
def revisar(acto: str) -> Any:
    """Check your answers before issuing."""
    form, normativa = _abrir(acto)
    previa = _validar(form, normativa)
    if previa is None:
        return _pagina_formulario(form, Calculo(), 422)
    existente = liquidaciones.contrato_vigente(_departamento(), form.encargo, quien_ingreso())
    if existente is not None:
        return _ya_liquidado(form, liquidaciones.ContratoYaLiquidado(existente, quien_ingreso()))
    return _pagina_revision(form, previa)


@bp.post("/nueva/<acto>/emitir")
@requiere_rol(*LIQUIDAN)
def emitir(acto: str) -> Any:
    """Issue, once per checked form, and only for the total that the officer saw."""
    form, normativa = _abrir(acto)
    previa = _validar(form, normativa)
    if previa is None:
        return _pagina_formulario(form, Calculo(), 422)
    soportes = abrir_soportes(form.encargo, previa)
    if request.form.get("total_visto", "") != str(previa.resultado.total):
        return _pagina_revision(form, previa, soportes, cambio=_OTRAS_CIFRAS)
    if any(soporte.falta for soporte in soportes):
        return _pagina_revision(form, previa, soportes, cambio=_SIN_RECONOCIMIENTO)
    declaraciones = declarar(soportes)
    if declaraciones is None:
        return _pagina_revision(form, previa, soportes)
    try:
        with transaccion():
            nueva = _emitir(form, previa.resultado.total, declaraciones)
            codigo, numero = nueva.codigo, nueva.numero
    except liquidaciones.CifrasCambiaron:
        otra = _validar(form, _normativa())
        return _pagina_revision(form, otra, cambio=_OTRAS_CIFRAS) if otra else _pagina_formulario(form, Calculo(), 422)
    except liquidaciones.ContratoYaLiquidado as error:
        return _ya_liquidado(form, error)
    except (YaReconocido, DatoInvalido) as error:
        return _pagina_revision(form, previa, cambio=error.mensaje)
    flash(f"La liquidación {numero} quedó emitida.", "exito")
    return redirect(url_for("liquidaciones.ver", codigo=codigo), 303)


def _emitir(form: EncargoForm, total_visto: Decimal, declaraciones: Sequence[Declaracion]) -> Liquidacion:
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
        declaraciones=declaraciones,
    )


def _abrir(codigo: str) -> tuple[EncargoForm, Normativa]:
    normativa = _normativa()
    acto = acto_liquidable(normativa, codigo, hoy())
    form = ContratoForm() if acto.documento == "contrato" else TramiteForm()
    form.preparar(normativa, acto, hoy(), entidad_actual())
    return form, normativa


def _validar(form: EncargoForm, normativa: Normativa) -> Previa | None:
    """The figures of a complete form; None when something must be mended, said beside its field."""
    if not form.validate():
        return None
    try:
        previa = previa_de(form.encargo.asunto, normativa)
        exigir_declarables(abrir_soportes(form.encargo, previa))
        return previa
    except DatoInvalido as error:
        form.senalar(error)
    except NormaNoVigente as error:
        form.senalar(DatoInvalido(error.en_palabras))
    return None


def _pagina_formulario(form: EncargoForm, calculo: Calculo, estado: int) -> Any:
    plantilla = "liquidaciones/contrato.html" if isinstance(form, ContratoForm) else "liquidaciones/tramite.html"
    return render_template(plantilla, form=form, acto=form.principal, calculo=calculo), estado


def _pagina_revision(
    form: EncargoForm, previa: Previa, soportes: Sequence[PorReconocer] | None = None, *, cambio: str = ""
) -> Any:
    """The check; `cambio` says why the officer must look again."""
    soportes = abrir_soportes(form.encargo, previa) if soportes is None else soportes
    con_errores = any(soporte.form.errors for soporte in soportes)
    pagina = render_template(
        "liquidaciones/revisar.html",
        form=form,
        acto=form.principal,
        encargo=form.encargo,
        previa=previa,
        soportes=soportes,
        clases=CLASES_CONTRIBUYENTE,
        clave=secrets.token_urlsafe(24),
        cambio=cambio,
        hoy=hoy(),
    )
    return pagina, 409 if cambio else 422 if con_errores else 200


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


def entidad_actual() -> Agente | None:
    """The entity outside of which whoever signed in sees nothing; None for the department."""
    return entidad_que_limita(quien_ingreso())
