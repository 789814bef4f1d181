"""`/tramites`: a contributor assesses a trámite of fixed value, of those that the department opened. Amounts never travel."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal.blueprints.tramites.forms import QuienForm
from portal.db import transaccion
from portal.dominio.normativa import Normativa
from portal.models import TramiteAbierto
from portal.operaciones.autoliquidaciones import (
    YaTieneLiquidacion,
    encargo_de_tramite,
    liquidar_tramite,
    prever,
    sin_pagar,
)
from portal.operaciones.encargos import Encargo, Previa
from portal.operaciones.liquidaciones import CifrasCambiaron
from portal.operaciones.normativa import normativa_de
from portal.operaciones.tramites_abiertos import exigir_abierto, nombre_de, por_entidad
from portal.web.acceso import publico
from portal.web.autoservicio import autoservicio, es_de_este_navegador, recordar_liquidacion
from portal.web.departamento import departamento_actual
from portal.web.frenos import frenar_consulta, frenar_envio
from portal.web.reloj import hoy

bp = Blueprint("tramites", __name__, url_prefix="/tramites")
_OTRAS_CIFRAS = "El valor cambió mientras usted revisaba. Compruebe el nuevo total."


@bp.get("")
@publico
def elegir() -> str:
    """Which entity asked for the stamp; then, which of the trámites that it asks for."""
    normativa = _normativa()
    grupos = por_entidad(normativa, hoy())
    entidad = request.args.get("entidad", "")
    suyos = [(uno, nombre_de(normativa, uno)) for uno in grupos.get(entidad, ())]
    return render_template("tramites/elegir.html", entidades=list(grupos), entidad=entidad, suyos=suyos)


@bp.route("/<int:numero>", methods=["GET", "POST"])
@publico
def quien(numero: int) -> Any:
    """Whose it is. A POST is the way back from the check, keeping what was typed."""
    return _pagina(_abierto(numero), QuienForm())


@bp.get("/<int:numero>/revisar")
@bp.get("/<int:numero>/liquidar")
@publico
def recomenzar(numero: int) -> Any:
    """A step opened by its address has nothing to show: begin again."""
    return redirect(url_for("tramites.quien", numero=numero), 303)


@bp.post("/<int:numero>/revisar")
@publico
def revisar(numero: int) -> Any:
    """Each stamp with its reason, and whose it will be, before issuing."""
    abierto, form = _abierto(numero), QuienForm()
    if not form.validate():
        return _pagina(abierto, form, 422)
    # The answer tells what /consulta would, and costs the same.
    persona = form.contribuyente.documento
    frenar_consulta(f"tramite|{numero}|{persona}", identidad=persona)
    puerta, encargo = autoservicio(), encargo_de_tramite(abierto, form.contribuyente)
    previa = prever(encargo, puerta)
    if (otra := sin_pagar(encargo, puerta)) is not None:
        return _ya_tiene(YaTieneLiquidacion(otra))
    return _revision(abierto, form, previa)


@bp.post("/<int:numero>/liquidar")
@publico
def liquidar(numero: int) -> Any:
    """Issue, for the total that was seen, once for each person while it is not paid."""
    abierto, form = _abierto(numero), QuienForm()
    if not form.validate():
        return _pagina(abierto, form, 422)
    frenar_envio("liquidar")
    encargo = encargo_de_tramite(abierto, form.contribuyente)
    previa = prever(encargo, autoservicio())
    if request.form.get("total_visto", "") != str(previa.resultado.total):
        return _revision(abierto, form, previa, cambio=_OTRAS_CIFRAS)
    try:
        codigo = _emitir(encargo, previa.resultado.total)
    except YaTieneLiquidacion as error:
        return _ya_tiene(error)
    except CifrasCambiaron:
        return _revision(abierto, form, prever(encargo, autoservicio()), cambio=_OTRAS_CIFRAS)
    recordar_liquidacion(codigo)
    flash("Su liquidación está lista. Páguela en línea o guarde su dirección para hacerlo después.", "exito")
    return redirect(url_for("publico.liquidacion", codigo=codigo), 303)


def _emitir(encargo: Encargo, total_visto: Decimal) -> str:
    with transaccion():
        return liquidar_tramite(encargo, autoservicio(), total_visto=total_visto).codigo


def _normativa() -> Normativa:
    return normativa_de(departamento_actual().codigo)


def _abierto(numero: int) -> TramiteAbierto:
    return exigir_abierto(_normativa(), numero, hoy())


def _pagina(abierto: TramiteAbierto, form: QuienForm, estado: int = 200) -> Any:
    nombre = nombre_de(_normativa(), abierto)
    return render_template("tramites/quien.html", abierto=abierto, nombre=nombre, form=form), estado


def _revision(abierto: TramiteAbierto, form: QuienForm, previa: Previa, *, cambio: str = "") -> Any:
    nombre = nombre_de(_normativa(), abierto)
    pagina = render_template(
        "tramites/revisar.html", abierto=abierto, nombre=nombre, form=form, previa=previa, cambio=cambio
    )
    return pagina, 409 if cambio else 200


def _ya_tiene(error: YaTieneLiquidacion) -> Any:
    """Whoever assessed it in this browser goes to it; anybody else learns what /consulta says, and no private address."""
    suya = error.liquidacion
    if es_de_este_navegador(suya):
        return redirect(url_for("publico.liquidacion", codigo=suya.codigo), 303)
    facturas = [f for f in suya.facturas if f.valor > 0]
    return render_template("tramites/ya_tiene.html", liquidacion=suya, facturas=facturas, hoy=hoy()), 409
