"""The list of accounts, each one, inviting, and changing who an account is."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.blueprints.usuarios.blueprint import ESTADOS, bp, pagina_de
from portal.blueprints.usuarios.forms import CuentaForm, FiltroForm, InvitarForm, con_listas, escrito
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_cuentas
from portal.dominio.errores import DatoInvalido
from portal.dominio.palabras import ROLES
from portal.models import Usuario
from portal.models.usuario import Rol
from portal.operaciones import personas
from portal.operaciones.agentes import registro
from portal.web.acceso import requiere_rol
from portal.web.cofre import cofre_actual
from portal.web.confirmacion import reautenticado
from portal.web.departamento import departamento_actual
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma


@bp.get("")
@requiere_rol(Rol.ADMINISTRADOR)
def lista() -> Any:
    """Accounts by name, those that the address asks for."""
    form = FiltroForm(formdata=request.args)
    if not form.validate():
        return render_template("usuarios/lista.html", form=form, pagina=None), 422
    pagina = personas.listar(form.filtro, **corte())
    if formato := formato_pedido():
        notas = notas_de_lista(f"{form.en_palabras}.", len(pagina.filas), hay_mas=pagina.paginas > 1)
        estados = {c.id: ESTADOS[personas.estado_de(c)] for c in pagina.filas}
        hoja = hoja_de_cuentas(pagina.filas, ROLES, estados, notas)
        return entregar_lista(escribir(formato, hoja), "cuentas", filas=len(pagina.filas))
    return render_template("usuarios/lista.html", form=form, pagina=pagina)


@bp.route("/invitar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def invitar() -> Any:
    """Create an account and send its person the link: nobody else knows its password."""
    form = InvitarForm()
    if not form.validate_on_submit():
        return _formulario(form, None, 422 if form.is_submitted() else 200)
    try:
        with transaccion():
            cuenta_id = personas.invitar(
                form.correo.leido,
                form.datos,
                departamento=departamento_actual().codigo,
                cofre=cofre_actual(),
                firma=firma(),
            ).id
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario(form, None, 422)
    flash("La cuenta quedó creada. El enlace para elegir la contraseña va por correo y sirve 72 horas.", "exito")
    return redirect(url_for("usuarios.ver", cuenta=cuenta_id), 303)


@bp.get("/<int:cuenta>")
@requiere_rol(Rol.ADMINISTRADOR)
def ver(cuenta: int) -> Any:
    """One account."""
    return pagina_de(personas.por_id(cuenta))


@bp.route("/<int:cuenta>/cambiar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
@reautenticado
def cambiar(cuenta: int) -> Any:
    """Change who an account is; its next request already finds it so."""
    una = personas.por_id(cuenta)
    form = CuentaForm(data=escrito(una, personas.agente_de(una)))
    if not form.validate_on_submit():
        return _formulario(form, una, 422 if form.is_submitted() else 200)
    try:
        with transaccion():
            personas.cambiar(
                personas.por_id(cuenta), form.datos, departamento=departamento_actual().codigo, firma=firma()
            )
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario(form, personas.por_id(cuenta), 422)
    flash("Los datos de la cuenta quedaron guardados.", "exito")
    return redirect(url_for("usuarios.ver", cuenta=cuenta), 303)


def _formulario(form: CuentaForm, cuenta: Usuario | None, estado: int) -> Any:
    con_listas(form, registro.listar(departamento_actual().codigo))
    return render_template("usuarios/formulario.html", form=form, cuenta=cuenta), estado
