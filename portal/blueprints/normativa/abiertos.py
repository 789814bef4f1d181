"""`/gestion/normativa/tramites-abiertos`: the trámites that people assess by themselves, and for which entity."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from portal.blueprints.normativa.blueprint import LEEN, administra, bp, codigo_departamento, firma
from portal.blueprints.normativa.forms import AbrirTramiteForm
from portal.blueprints.normativa.listas import archivo_de_abiertos
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido
from portal.models import TramiteAbierto
from portal.models.usuario import Rol
from portal.operaciones import tramites_abiertos
from portal.operaciones.firmas import Firma
from portal.operaciones.normativa import normativa_de
from portal.web.acceso import requiere_rol
from portal.web.exportacion import formato_pedido
from portal.web.reloj import hoy


@bp.get("/tramites-abiertos")
@requiere_rol(*LEEN)
def abiertos() -> Any:
    """What is open, and the form to open another."""
    return archivo_de_abiertos(_filas()) if formato_pedido() else _pagina(_form())


@bp.post("/tramites-abiertos")
@requiere_rol(Rol.ADMINISTRADOR)
def abrir_tramite() -> Any:
    """Open an act to whoever an entity asks for it."""
    form = _form()
    if not form.validate():
        return _pagina(form, 422)
    normativa = normativa_de(codigo_departamento())
    try:
        with transaccion():
            tramites_abiertos.abrir(normativa, form.actos.data, form.entidad.leido, firma=Firma(**firma()), hoy=hoy())
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, 422)
    flash("El trámite quedó abierto: ya se puede liquidar por internet.", "exito")
    return redirect(url_for("normativa.abiertos"), 303)


@bp.post("/tramites-abiertos/<int:numero>/cerrar")
@requiere_rol(Rol.ADMINISTRADOR)
def cerrar_tramite(numero: int) -> Any:
    """Close it; what was assessed stays."""
    with transaccion():
        tramites_abiertos.cerrar(codigo_departamento(), numero, firma=Firma(**firma()))
    flash("El trámite quedó cerrado: desde ahora lo liquida un funcionario.", "exito")
    return redirect(url_for("normativa.abiertos"), 303)


def _form() -> AbrirTramiteForm:
    form = AbrirTramiteForm()
    form.preparar(tramites_abiertos.se_pueden_abrir(normativa_de(codigo_departamento()), hoy()))
    return form


def _pagina(form: AbrirTramiteForm, estado: int = 200) -> Any:
    return render_template("normativa/abiertos.html", form=form, filas=_filas(), administra=administra()), estado


def _filas() -> list[tuple[TramiteAbierto, str]]:
    normativa = normativa_de(codigo_departamento())
    return [
        (uno, tramites_abiertos.nombre_de(normativa, uno)) for uno in tramites_abiertos.abiertos(normativa.departamento)
    ]
