"""`/gestion/cuenta/llaves`: the passkeys of an administrator, which stand for the code of its telephone."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, url_for

from portal.blueprints.cuenta.blueprint import bp
from portal.blueprints.cuenta.forms import LlaveForm
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models.usuario import Rol
from portal.operaciones import llaves
from portal.operaciones.cofre import SelloRoto
from portal.operaciones.llaves import Sitio
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.cofre import cofre_actual
from portal.web.confirmacion import reautenticado
from portal.web.firmas import firma
from portal.web.llaves import sitio_actual

# For how long the browser may take to make a key.
_ESPERA_SEGUNDOS = 5 * 60


@bp.route("/llaves", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def mis_llaves() -> Any:
    """The keys that there are, and another."""
    form, sitio = LlaveForm(), sitio_actual()
    if not form.validate_on_submit():
        return _pagina(form, sitio, 422 if form.is_submitted() else 200)
    try:
        _registrar(form, sitio)
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, sitio, 422)
    flash("La llave de acceso quedó registrada.", "exito")
    return redirect(url_for("cuenta.mis_llaves"), 303)


@bp.post("/llaves/<int:numero>/quitar")
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def quitar_llave(numero: int) -> Any:
    """Forget one."""
    with transaccion():
        llaves.quitar_llave(numero, firma())
    flash("La llave de acceso ya no sirve.", "exito")
    return redirect(url_for("cuenta.mis_llaves"), 303)


def _registrar(form: LlaveForm, sitio: Sitio | None) -> None:
    if sitio is None or not quien_ingreso().tiene_segundo_factor:
        raise TransicionNoPermitida("Antes de agregar una llave de acceso active el segundo factor.")
    try:
        ficha = cofre_actual().abrir(form.sello.data or "", para=_para(), segundos=_ESPERA_SEGUNDOS)
    except SelloRoto:
        raise DatoInvalido("La página estuvo abierta demasiado tiempo. Inténtelo de nuevo.") from None
    with transaccion():
        llaves.registrar(
            form.nombre.leido, form.respuesta.data or "", sitio=sitio, reto=llaves.reto_de(ficha), firma=firma()
        )


def _para() -> str:
    return f"llave:{quien_ingreso().id}"


def _pagina(form: LlaveForm, sitio: Sitio | None, estado: int) -> Any:
    usuario, ficha = quien_ingreso(), secrets.token_urlsafe(32)
    form.sello.data = cofre_actual().sellar(ficha, para=_para())
    opciones = ""
    if sitio is not None and usuario.tiene_segundo_factor:
        opciones = llaves.opciones_de_registro(usuario, sitio=sitio, reto=llaves.reto_de(ficha))
    pagina = render_template(
        "cuenta/llaves.html",
        form=form,
        cuenta=usuario,
        llaves=llaves.llaves_de(usuario.id),
        hay_sitio=sitio is not None,
        opciones=opciones,
    )
    return pagina, estado
