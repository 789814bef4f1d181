"""`/gestion/agentes/registro`: the entities that collect, their offices, and the accounts that work for them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from portal.blueprints.agentes_registro.forms import (
    AgenteForm,
    CuentaForm,
    SedeForm,
    formulario_de,
    formulario_de_cuenta,
)
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_agentes
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.models import Agente, Sede
from portal.models.usuario import Rol
from portal.operaciones import simulaciones, usuarios
from portal.operaciones.agentes import registro
from portal.operaciones.cuentas import plan_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma

bp = Blueprint("agentes_registro", __name__, url_prefix="/gestion/agentes/registro")
LEEN = (Rol.ADMINISTRADOR, Rol.RENTAS, Rol.TESORERIA, Rol.AUDITOR)


@bp.get("")
@requiere_rol(*LEEN)
def lista() -> Any:
    """Every agent."""
    codigo = departamento_actual().codigo
    agentes, cuentas, clases = (
        registro.listar(codigo),
        registro.contar_cuentas(codigo),
        registro.reglas_de(codigo).clases,
    )
    if formato := formato_pedido():
        hoja = hoja_de_agentes(agentes, cuentas, clases, notas_de_lista("todas las entidades.", len(agentes)))
        return entregar_lista(escribir(formato, hoja), "agentes-recaudadores", filas=len(agentes))
    return render_template(
        "agentes_registro/lista.html",
        agentes=agentes,
        cuentas=cuentas,
        clases=clases,
        administra=_administra(),
    )


@bp.route("/nuevo", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def nuevo() -> Any:
    """Register an entity."""
    form = _formulario(None)
    if not form.validate_on_submit():
        return _formulario_en_pagina(form, None, 422 if form.is_submitted() else 200)
    try:
        with transaccion():
            codigo = registro.crear(
                form.datos, departamento=departamento_actual().codigo, conocidas=_estampillas(), firma=firma()
            ).codigo
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario_en_pagina(form, None, 422)
    flash("La entidad quedó registrada. Ahora vincule las cuentas de las personas que trabajan para ella.", "exito")
    return redirect(url_for("agentes_registro.ver", codigo=codigo), 303)


@bp.get("/<codigo>")
@requiere_rol(*LEEN)
def ver(codigo: str) -> Any:
    """One entity, with its offices and its accounts."""
    return _pagina(_agente(codigo))


@bp.route("/<codigo>/cambiar", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def cambiar(codigo: str) -> Any:
    """Change what is written of an entity."""
    agente = _agente(codigo)
    form = _formulario(agente)
    if not form.validate_on_submit():
        return _formulario_en_pagina(form, agente, 422 if form.is_submitted() else 200)
    try:
        with transaccion():
            registro.cambiar(_agente(codigo), form.datos, conocidas=_estampillas(), firma=firma())
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario_en_pagina(form, _agente(codigo), 422)
    flash("Los datos de la entidad quedaron guardados.", "exito")
    return redirect(url_for("agentes_registro.ver", codigo=codigo), 303)


@bp.post("/<codigo>/sedes")
@requiere_rol(Rol.ADMINISTRADOR)
def agregar_sede(codigo: str) -> Any:
    """Add an office."""
    form = SedeForm()
    if not form.validate():
        return _pagina(_agente(codigo), sede=form), 422
    try:
        with transaccion():
            registro.agregar_sede(_agente(codigo), form.sede.leido, firma=firma())
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(_agente(codigo), sede=form), 422
    flash("La sede quedó agregada.", "exito")
    return redirect(url_for("agentes_registro.ver", codigo=codigo, _anchor="sedes"), 303)


@bp.post("/<codigo>/sedes/<int:sede>/cerrar")
@requiere_rol(Rol.ADMINISTRADOR)
def cerrar_sede(codigo: str, sede: int) -> Any:
    """An office collects no more; its history stays."""
    with transaccion():
        registro.cerrar_sede(registro.sede_de(_agente(codigo), sede), firma=firma())
    flash("La sede quedó cerrada. Lo que recaudó se conserva.", "exito")
    return redirect(url_for("agentes_registro.ver", codigo=codigo, _anchor="sedes"), 303)


@bp.post("/<codigo>/sedes/<int:sede>/reabrir")
@requiere_rol(Rol.ADMINISTRADOR)
def reabrir_sede(codigo: str, sede: int) -> Any:
    """A closed office collects again."""
    with transaccion():
        registro.reabrir_sede(registro.sede_de(_agente(codigo), sede), firma=firma())
    flash("La sede quedó abierta de nuevo.", "exito")
    return redirect(url_for("agentes_registro.ver", codigo=codigo, _anchor="sedes"), 303)


@bp.post("/<codigo>/cuentas")
@requiere_rol(Rol.ADMINISTRADOR)
def vincular(codigo: str) -> Any:
    """An account works for the entity from its next request on, wherever it is signed in."""
    form = formulario_de_cuenta(_agente(codigo).sedes)
    if not form.validate():
        return _pagina(_agente(codigo), cuenta=form), 422
    try:
        with transaccion():
            _vincular(codigo, form)
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(_agente(codigo), cuenta=form), 422
    flash("La cuenta quedó vinculada a la entidad.", "exito")
    return redirect(url_for("agentes_registro.ver", codigo=codigo, _anchor="cuentas"), 303)


@bp.post("/<codigo>/cuentas/<int:cuenta>/desvincular")
@requiere_rol(Rol.ADMINISTRADOR)
def desvincular(codigo: str, cuenta: int) -> Any:
    """An account works no more for the entity."""
    with transaccion():
        registro.desvincular(_agente(codigo), cuenta, firma=firma())
    flash("La cuenta ya no está vinculada a la entidad.", "exito")
    return redirect(url_for("agentes_registro.ver", codigo=codigo, _anchor="cuentas"), 303)


def _vincular(codigo: str, form: CuentaForm) -> None:
    agente = _agente(codigo)
    try:
        cuenta = usuarios.cuenta_de(form.correo.leido)
    except NoExiste as error:
        raise DatoInvalido(error.mensaje, "correo") from None
    registro.vincular(agente, cuenta, _sede(agente, form.sede_id.data or ""), firma=firma())


def _sede(agente: Agente, elegida: str) -> Sede | None:
    if not elegida:
        return None
    hallada = next((s for s in agente.sedes if str(s.id) == elegida and s.activa), None)
    if hallada is None:
        raise DatoInvalido("Elija una sede abierta de la lista.", "sede_id")
    return hallada


def _pagina(agente: Agente, *, sede: SedeForm | None = None, cuenta: CuentaForm | None = None) -> str:
    plan, reglas = plan_de(agente.departamento), registro.reglas_de(agente.departamento)
    return render_template(
        "agentes_registro/ver.html",
        agente=agente,
        clase=reglas.clases.get(agente.clase, agente.clase),
        estampillas=simulaciones.nombres_de(agente.departamento).estampillas,
        cuenta=plan.por_codigo(agente.cuenta),
        personas=registro.cuentas_de(agente),
        nombres_de_sedes={s.id: s.nombre for s in agente.sedes},
        form_sede=sede or SedeForm(formdata=None),
        form_cuenta=cuenta or formulario_de_cuenta(agente.sedes, vacio=True),
        administra=_administra(),
    )


def _formulario(agente: Agente | None) -> AgenteForm:
    codigo = departamento_actual().codigo
    return formulario_de(
        agente, registro.reglas_de(codigo), plan_de(codigo), simulaciones.nombres_de(codigo).estampillas
    )


def _formulario_en_pagina(form: AgenteForm, agente: Agente | None, estado: int) -> Any:
    return render_template("agentes_registro/formulario.html", form=form, agente=agente), estado


def _estampillas() -> tuple[str, ...]:
    return tuple(simulaciones.nombres_de(departamento_actual().codigo).estampillas)


def _agente(codigo: str) -> Agente:
    return registro.por_codigo(codigo, departamento_actual().codigo)


def _administra() -> bool:
    return quien_ingreso().rol is Rol.ADMINISTRADOR
