"""`/gestion/validacion/adhesiones/<número>`: what was used, by whom and for what; and undoing it."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, url_for

from portal.blueprints.validacion.blueprint import LEEN, bp
from portal.blueprints.validacion.forms import BuscarForm, MotivoForm
from portal.db import transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Adhesion
from portal.models.usuario import Rol
from portal.operaciones import adhesiones, deshacer_adhesiones
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.firmas import firma
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import hoy


@bp.get("/adhesiones/<int:numero>")
@requiere_rol(*LEEN)
def adhesion(numero: int) -> Any:
    """One adhesion, its stamps as they are now, and whether it was undone; who looks is written down."""
    with transaccion():
        adhesiones.anotar_adhesion("adhesion.ver", adhesiones.por_numero(numero), firma())
    return _pagina(numero)


@bp.post("/adhesiones/<int:numero>/deshacer")
@requiere_rol(Rol.FUNCIONARIO)
def deshacer(numero: int) -> Any:
    """Undo it at once, when it is one's own of today; otherwise ask for it."""
    sola = deshacer_adhesiones.sin_otra_persona(adhesiones.por_numero(numero), quien_ingreso(), hoy())

    def hacer(una: Adhesion, motivo: str) -> None:
        if sola:
            deshacer_adhesiones.deshacer(una, motivo, firma=firma(), hoy=hoy())
        else:
            deshacer_adhesiones.proponer(una, motivo, firma=firma())

    frase = "La adhesión {} quedó deshecha: sus estampillas se pueden usar de nuevo."
    return _con_motivo(numero, hacer, frase if sola else "Pidió deshacer la adhesión {}. Otra persona debe aprobarlo.")


@bp.post("/adhesiones/<int:numero>/aprobar")
@requiere_rol(Rol.FUNCIONARIO)
def aprobar(numero: int) -> Any:
    """Undo it, as the second person."""
    try:
        with transaccion():
            deshacer_adhesiones.aprobar(adhesiones.por_numero(numero), firma=firma())
    except TransicionNoPermitida as error:
        return _pagina(numero, estado=409, problema=error.mensaje)
    flash(f"La adhesión {numero} quedó deshecha: sus estampillas se pueden usar de nuevo.", "exito")
    return redirect(url_for("validacion.adhesion", numero=numero), 303)


@bp.post("/adhesiones/<int:numero>/rechazar")
@requiere_rol(Rol.FUNCIONARIO)
def rechazar(numero: int) -> Any:
    """Leave it as it is; whoever asked takes it back, or another person says no."""

    def hacer(una: Adhesion, motivo: str) -> None:
        deshacer_adhesiones.rechazar(una, motivo, firma=firma())

    return _con_motivo(numero, hacer, "La adhesión {} queda como estaba.")


def _con_motivo(numero: int, hacer: Callable[[Adhesion, str], None], frase: str) -> Any:
    """Do what needs a reason; whatever is wrong is said on the page of the adhesion."""
    form = MotivoForm()
    if not form.validate():
        return _pagina(numero, form, estado=422)
    try:
        with transaccion():
            hacer(adhesiones.por_numero(numero), form.motivo.leido)
    except TransicionNoPermitida as error:
        return _pagina(numero, form, estado=409, problema=error.mensaje)
    flash(frase.format(numero), "exito")
    return redirect(url_for("validacion.adhesion", numero=numero), 303)


def _pagina(numero: int, form: MotivoForm | None = None, *, estado: int = 200, problema: str = "") -> Response:
    una, usuario = adhesiones.por_numero(numero), quien_ingreso()
    return render_page_or_fragment(
        "validacion/adhesion.html",
        "validacion/_deshacer.html",
        estado,
        adhesion=una,
        form=MotivoForm(None) if form is None else form,
        buscador=BuscarForm(None),
        problema=problema,
        sola=deshacer_adhesiones.sin_otra_persona(una, usuario, hoy()),
        pedida_por_usted=una.por_resolver is not None and una.por_resolver.propuesta_por == usuario.id,
        hoy=hoy(),
    )
