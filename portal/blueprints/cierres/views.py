"""`/gestion/tesoreria/cierre`: the days of each account, one day with its lines, signing it, reopening it with a reason."""

import re
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from portal.blueprints.cierres.libros import hojas_del_dia
from portal.db import transaccion
from portal.documentos.libro import escribir, escribir_xlsx
from portal.documentos.listados import hoja_de_cierres
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.cierre import SIGNIFICADOS, EstadoCierre
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.errores import NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.models.usuario import Rol
from portal.operaciones import dispersiones, simulaciones
from portal.operaciones.cierres import cotejo, firma
from portal.operaciones.cierres.cotejo import Dia
from portal.operaciones.cuentas import plan_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.descargas import entregar_libro
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.formularios import CampoTexto, Formulario, leer
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id

bp = Blueprint("cierres", __name__, url_prefix="/gestion/tesoreria/cierre")
LEEN = (Rol.TESORERIA, Rol.AUDITOR, Rol.ADMINISTRADOR)
# Lines of one page; a spreadsheet has them all.
EN_PANTALLA = 200


class FirmarForm(Formulario):
    """Nothing to type: the page carries what it showed."""

    visto = CampoTexto("Lo que se vio")


class ReabrirForm(Formulario):
    """Why a signed day counts no more."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=500, campo="motivo")])


@bp.get("")
@requiere_rol(*LEEN)
def lista() -> Any:
    """A month of days, by account, with the state of each."""
    primero = _mes(request.args.get("mes", ""))
    siguiente = (primero + timedelta(days=31)).replace(day=1)
    ultimo = min(siguiente - timedelta(days=1), hoy())
    dias = cotejo.dias_entre(_plan(), primero, ultimo, hoy=hoy())
    if formato := formato_pedido():
        nombres = {cuenta.codigo: cuenta.nombre for cuenta in _plan().cuentas}
        hoja = hoja_de_cierres(dias, nombres, notas_de_lista(f"{mes_en_palabras(primero)}.", len(dias)))
        return entregar_lista(escribir(formato, hoja), f"cierres-{primero:%Y-%m}", filas=len(dias))
    return render_template(
        "cierres/lista.html",
        dias=dias,
        plan=_plan(),
        mes=primero,
        anterior=primero - timedelta(days=1),
        siguiente=siguiente if siguiente <= hoy() else None,
    )


@bp.get("/<cuenta>/<dia>")
@requiere_rol(*LEEN)
def ver(cuenta: str, dia: str) -> Any:
    """One account's day."""
    return _pagina(_dia(cuenta, dia))


@bp.post("/<cuenta>/<dia>/firmar")
@requiere_rol(Rol.TESORERIA)
def firmar(cuenta: str, dia: str) -> Any:
    """Sign it, only if it is what the page showed."""
    visto = FirmarForm().visto.data or ""
    try:
        with transaccion():
            firmado = firma.firmar(
                _plan(),
                cuenta,
                _leer_dia(dia),
                visto=visto,
                usuario=quien_ingreso(),
                ahora=ahora(),
                hoy=hoy(),
                permitir_provisional=ajustes_actuales().es_demostracion,
                peticion=peticion_id(),
            )
            version = firmado.version
    except TransicionNoPermitida as error:
        return _pagina(_dia(cuenta, dia), aviso=error.mensaje), 409
    flash(f"El día quedó firmado, versión {version}.", "exito")
    return redirect(url_for("cierres.ver", cuenta=cuenta, dia=dia), 303)


@bp.route("/<cuenta>/<dia>/reabrir", methods=["GET", "POST"])
@requiere_rol(Rol.TESORERIA)
def reabrir(cuenta: str, dia: str) -> Any:
    """Ask the reason, then reopen it."""
    uno = _dia(cuenta, dia)
    if uno.estado is not EstadoCierre.FIRMADO:
        return redirect(url_for("cierres.ver", cuenta=cuenta, dia=dia), 303)
    form = ReabrirForm()
    if not form.validate_on_submit():
        pagina = render_template("cierres/reabrir.html", form=form, uno=uno, cuenta=_plan().por_codigo(cuenta))
        return pagina, 422 if form.is_submitted() else 200
    with transaccion():
        firma.reabrir(
            _plan(),
            cuenta,
            _leer_dia(dia),
            motivo=form.motivo.leido,
            usuario=quien_ingreso(),
            ahora=ahora(),
            hoy=hoy(),
            peticion=peticion_id(),
        )
    flash("El día quedó reabierto. Revíselo y fírmelo de nuevo.", "exito")
    return redirect(url_for("cierres.ver", cuenta=cuenta, dia=dia), 303)


@bp.get("/<cuenta>/<dia>/cierre.xlsx")
@requiere_rol(*LEEN)
def libro(cuenta: str, dia: str) -> Response:
    """One day with every line, as a spreadsheet."""
    uno = _dia(cuenta, dia)
    return entregar_libro(escribir_xlsx(hojas_del_dia(uno)), f"cierre-{uno.actual.cuenta}-{uno.actual.dia}")


@bp.get("/creditos/<int:numero>")
@requiere_rol(*LEEN)
def credito(numero: int) -> str:
    """One credit, and how its money is split among stamps and accounts."""
    nombres = simulaciones.nombres_de(departamento_actual().codigo).estampillas
    return render_template(
        "cierres/credito.html", d=dispersiones.de_recaudo(_plan(), numero), plan=_plan(), nombres=nombres
    )


def _pagina(uno: Dia, *, aviso: str = "") -> str:
    mostrado = uno.mostrado
    return render_template(
        "cierres/dia.html",
        uno=uno,
        mostrado=mostrado,
        renglones=sorted(mostrado.renglones, key=lambda r: r not in mostrado.novedades)[:EN_PANTALLA],
        significados=SIGNIFICADOS,
        plan=_plan(),
        cuenta=_plan().por_codigo(mostrado.cuenta),
        versiones=cotejo.versiones(mostrado.cuenta, mostrado.dia),
        visto=firma.resumen_visto(uno),
        termino=mostrado.dia < hoy(),
        es_tesoreria=quien_ingreso().rol is Rol.TESORERIA,
        aviso=aviso,
        form=FirmarForm(),
    )


def _dia(cuenta: str, dia: str) -> Dia:
    return cotejo.dia_de(_plan(), cuenta, _leer_dia(dia), hoy=hoy())


def _leer_dia(texto: str) -> date:
    """A day of the address, as it writes them. Raises `NoExiste`."""
    try:
        if re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", texto, re.ASCII):
            return date.fromisoformat(texto)
    except ValueError:
        pass
    raise NoExiste("No encontramos ese día.")


def _mes(texto: str) -> date:
    """The first day of a month of the address; of this one when it says none that can be shown."""
    try:
        if re.fullmatch(r"20[0-9]{2}-[0-9]{2}", texto, re.ASCII):
            return min(date.fromisoformat(f"{texto}-01"), hoy().replace(day=1))
    except ValueError:
        pass
    return hoy().replace(day=1)


def _plan() -> PlanDeCuentas:
    return plan_de(departamento_actual().codigo)
