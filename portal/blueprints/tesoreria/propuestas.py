"""Proposing an order: what the bank's slip paid, a credit to undo, or money in wait for a factura. Another person approves."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.blueprints.tesoreria.blueprint import bp
from portal.blueprints.tesoreria.forms import AplicarForm, LegalizarForm, SustentoForm
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.dominio.ordenes import leer_facturas
from portal.models import Caso, OrdenTesoreria
from portal.models.usuario import Rol
from portal.operaciones import casos, ordenes, rastreo
from portal.operaciones.facturas import se_debe
from portal.operaciones.ordenes import Sustento
from portal.web.acceso import requiere_rol
from portal.web.confirmacion import reautenticado
from portal.web.firmas import firma
from portal.web.htmx import render_page_or_fragment
from portal.web.recepcion import CUERPO_MAXIMO, MAXIMO_MB
from portal.web.reloj import hoy
from portal.web.seguridad import admite_archivo

_DEMASIADO = (
    f"El archivo pesa demasiado: el máximo es {MAXIMO_MB} MB. No se guardó nada; vuelva a la página anterior, "
    "donde está lo que escribió, y elija un archivo más liviano."
)


@bp.route("/ordenes/legalizar", methods=["GET", "POST"])
@requiere_rol(Rol.TESORERIA)
@admite_archivo(CUERPO_MAXIMO, _DEMASIADO)
@reautenticado
def legalizar() -> Any:
    """Facturas that a slip of the bank paid."""
    form = LegalizarForm()
    caso = _caso(form)
    if request.method == "GET":
        form.facturas.data = ", ".join(_facturas_del(caso))

    def proponer(sustento: Sustento) -> OrdenTesoreria:
        return ordenes.proponer_legalizacion(form.facturas.leido, form.comprobante, sustento, firma=firma(), hoy=hoy())

    return _recibir(form, caso, proponer, "legalizar")


@bp.route("/recaudos/<int:recaudo_id>/revertir", methods=["GET", "POST"])
@requiere_rol(Rol.TESORERIA)
@admite_archivo(CUERPO_MAXIMO, _DEMASIADO)
@reautenticado
def revertir(recaudo_id: int) -> Any:
    """A credit that the bank took back."""
    recaudo, form = ordenes.recaudo_por_id(recaudo_id), SustentoForm()

    def proponer(sustento: Sustento) -> OrdenTesoreria:
        return ordenes.proponer_reversion(recaudo_id, sustento, firma=firma())

    return _recibir(
        form,
        _caso(form, recaudo_id),
        proponer,
        "revertir",
        recaudo=recaudo,
        facturas=rastreo.facturas_del_recaudo(recaudo),
    )


@bp.route("/recaudos/<int:recaudo_id>/aplicar", methods=["GET", "POST"])
@requiere_rol(Rol.TESORERIA)
@admite_archivo(CUERPO_MAXIMO, _DEMASIADO)
@reautenticado
def aplicar(recaudo_id: int) -> Any:
    """Money in wait, for a factura: first its number, which shows it; then why."""
    recaudo, form = ordenes.recaudo_por_id(recaudo_id), AplicarForm()
    form.factura.data = form.factura.data or request.args.get("factura", "")

    def proponer(sustento: Sustento) -> OrdenTesoreria:
        return ordenes.proponer_aplicacion(recaudo_id, form.factura.leido, sustento, firma=firma())

    factura, problema = _factura_elegida(form.factura.data)
    return _recibir(
        form,
        _caso(form, recaudo_id),
        proponer,
        "aplicar",
        recaudo=recaudo,
        factura=factura,
        sin_factura=problema,
        se_debe=factura is not None and se_debe(factura),
        hoy=hoy(),
    )


def _recibir(
    form: SustentoForm,
    caso: Caso | None,
    proponer: Callable[[Sustento], OrdenTesoreria],
    plantilla: str,
    **contexto: Any,
) -> Any:
    """Show the form, or propose what it says; whatever is wrong is said beside its field and nothing typed is lost."""
    form.caso.data = str(caso.numero) if caso else ""
    caso_id = caso.id if caso else None
    if request.method == "POST" and form.validate():
        try:
            sustento = form.sustento(caso_id)
            with transaccion():
                numero = proponer(sustento).numero
        except DatoInvalido as error:
            form.senalar(error)
        else:
            flash(f"La orden {numero} quedó propuesta. Otra persona de Tesorería debe aprobarla.", "exito")
            return redirect(url_for("tesoreria.orden", numero=numero), 303)
    if request.method == "GET":
        # What the address fills in has not been judged yet.
        pagina = render_template(f"tesoreria/{plantilla}.html", **_lo_suyo(form, caso, contexto))
        return pagina, 200
    return render_page_or_fragment(
        f"tesoreria/{plantilla}.html", f"tesoreria/_{plantilla}.html", 422, **_lo_suyo(form, caso, contexto)
    )


def _lo_suyo(form: SustentoForm, caso: Caso | None, contexto: dict[str, Any]) -> dict[str, Any]:
    return {"form": form, "caso": caso, "maximo_mb": MAXIMO_MB, **contexto}


def _caso(form: SustentoForm, recaudo_id: int | None = None) -> Caso | None:
    """The case that the order settles: the one named by the address or the form, if it is about the same credit."""
    texto = form.caso.data or request.args.get("caso", "")
    if not (texto.isascii() and texto.isdigit() and len(texto) <= 15):
        return None
    try:
        caso = casos.por_numero(int(texto))
    except NoExiste:
        return None
    return caso if recaudo_id in (None, caso.recaudo_id) else None


def _facturas_del(caso: Caso | None) -> list[str]:
    """Numbers of what a case speaks of and is still owed."""
    if caso is None:
        return []
    suyas = [r.factura for r in caso.pago.renglones] if caso.pago else [caso.factura] if caso.factura else []
    return [str(f.numero) for f in suyas if se_debe(f)]


def _factura_elegida(texto: str) -> tuple[Any, str]:
    """The factura whose number was typed, to be shown; or why it cannot be."""
    if not texto.strip():
        return None, ""
    try:
        numeros = leer_facturas(texto)
        if len(numeros) != 1:
            return None, "Escriba el número de una sola factura."
        with transaccion():
            factura = rastreo.ver_factura(numeros[0], **vars(firma()))
    except DatoInvalido as error:
        return None, error.mensaje
    return factura, ""
