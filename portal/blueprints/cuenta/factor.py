"""The second factor of one's account: enrol an application, its recovery codes, take it away where it is not mandatory."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from portal.blueprints.cuenta.blueprint import bp
from portal.blueprints.cuenta.forms import FactorForm
from portal.db import transaccion
from portal.documentos.qr import svg_qr
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.operaciones import segundo_factor
from portal.operaciones.cofre import SelloRoto
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.cofre import cofre_actual
from portal.web.confirmacion import reautenticado
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.firmas import firma
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id
from portal.web.sesiones import token_actual

# For how long a secret may wait to be confirmed.
_ESPERA_SEGUNDOS = 15 * 60


@bp.route("/segundo-factor", methods=["GET", "POST"])
@requiere_rol()
@reautenticado
def segundo_factor_nuevo() -> Any:
    """Show a secret, as a QR and as text; whoever writes its code has it from then on, and sees its recovery codes once."""
    form = FactorForm()
    secreto = _secreto_de(form) or segundo_factor.nuevo_secreto()
    if not form.validate_on_submit():
        return _pagina(form, secreto, 422 if form.is_submitted() else 200)
    try:
        with transaccion():
            codigos = segundo_factor.enrolar(
                quien_ingreso(),
                secreto,
                form.codigo.data or "",
                cofre=cofre_actual(),
                ahora=ahora(),
                salvo=token_actual(),
                peticion=peticion_id(),
            )
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, secreto, 422)
    return render_template("cuenta/codigos.html", codigos=codigos, nuevo=True)


@bp.post("/segundo-factor/codigos")
@requiere_rol()
@reautenticado
def codigos() -> Any:
    """Other recovery codes, shown once."""
    _exigir_que_tenga()
    with transaccion():
        nuevos = segundo_factor.regenerar_codigos(firma())
    return render_template("cuenta/codigos.html", codigos=nuevos, nuevo=False)


@bp.post("/segundo-factor/quitar")
@requiere_rol()
@reautenticado
def quitar_factor() -> Any:
    """Go back to the password alone, where the installation lets."""
    _exigir_que_tenga()
    if ajustes_actuales().personas.segundo_factor_obligatorio:
        raise TransicionNoPermitida("En este portal el segundo factor es obligatorio.")
    with transaccion():
        quien = firma()
        segundo_factor.quitar(quien.usuario, ahora=quien.ahora, por=quien.usuario.id, peticion=quien.peticion)
    flash("Su cuenta ya no tiene segundo factor.", "exito")
    return redirect(url_for("cuenta.ver"), 303)


def _exigir_que_tenga() -> None:
    if not quien_ingreso().tiene_segundo_factor:
        raise TransicionNoPermitida("Su cuenta no tiene segundo factor.")


def _secreto_de(form: FactorForm) -> str:
    """The secret that the page showed to this account; empty when it waited too long."""
    try:
        return cofre_actual().abrir(form.sello.data or "", para=_para(), segundos=_ESPERA_SEGUNDOS)
    except SelloRoto:
        return ""


def _para() -> str:
    return f"enrolar:{quien_ingreso().id}"


def _pagina(form: FactorForm, secreto: str, estado: int) -> Any:
    usuario, emisor = quien_ingreso(), f"Estampillas {departamento_actual().nombre}"
    form.sello.data = cofre_actual().sellar(secreto, para=_para())
    pagina = render_template(
        "cuenta/segundo_factor.html",
        form=form,
        cuenta=usuario,
        secreto=" ".join(secreto[i : i + 4] for i in range(0, len(secreto), 4)),
        qr=svg_qr(
            segundo_factor.direccion_otp(secreto, usuario.correo, emisor),
            titulo="Código QR del segundo factor, para la aplicación del teléfono",
        ),
    )
    return pagina, estado
