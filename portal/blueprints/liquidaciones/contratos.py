"""`/gestion/liquidaciones/<código>/contrato`: the whole life of a contract, and the acts that change it."""

import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from portal.blueprints.liquidaciones.blueprint import LEEN, LIQUIDAN, bp, pedida, puede_liquidar
from portal.blueprints.liquidaciones.cambios import CAMBIOS, CalculoCambio, Cambio, Vista, calcular, senalar, validar
from portal.blueprints.liquidaciones.cambios_forms import CambioForm
from portal.db import db, transaccion
from portal.dominio.errores import ErrorDominio, NoExiste, TransicionNoPermitida
from portal.dominio.normativa import Normativa
from portal.models import Liquidacion
from portal.operaciones import contratos, expedientes, liquidaciones
from portal.operaciones.agentes.alcance import exigir_visibles, movimientos_visibles
from portal.operaciones.contratos import Despacho
from portal.operaciones.expedientes import Expediente
from portal.operaciones.normativa import normativa_de
from portal.operaciones.saldos_a_favor import devuelto_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.miradas import anotar_mirada
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id


@bp.get("/<codigo>/contrato")
@requiere_rol(*LEEN)
def contrato(codigo: str) -> Any:
    """Everything that happened to the contract of a liquidación, and where it stands."""
    hallada, expediente = _pedido(codigo)
    anotar_mirada("contrato.ver", f"contrato:{expediente.id}")
    posibles = [c for c in CAMBIOS.values() if not c.impedimento(expediente)]
    return render_template(
        "contratos/ver.html",
        liquidacion=expediente.inicial or hallada,
        expediente=expediente,
        saldo=contratos.saldo_excluido(expediente),
        saldo_devuelto=devuelto_de(expediente.id),
        movimientos=movimientos_visibles(expediente, quien_ingreso()),
        cambios=posibles if puede_liquidar() else [],
        puede_liquidar=puede_liquidar(),
        hoy=hoy(),
    )


@dataclass(frozen=True)
class _Abierto:
    """What a step works on."""

    de: Liquidacion
    expediente: Expediente
    cambio: Cambio
    form: CambioForm
    normativa: Normativa
    despacho: Despacho

    @property
    def pasos(self) -> tuple[Cambio, Expediente, CambioForm, Normativa, Despacho]:
        return self.cambio, self.expediente, self.form, self.normativa, self.despacho


@bp.route("/<codigo>/contrato/<cambio>", methods=["GET", "POST"])
@requiere_rol(*LIQUIDAN)
def cambiar(codigo: str, cambio: str) -> Any:
    """Fill in, check, and do it; only for the figures that the officer saw."""
    pedida(codigo)
    paso = request.form.get("paso", "") if request.method == "POST" else "llenar"
    if paso == "confirmar" and liquidaciones.por_clave(_clave()) is not None:
        # The same confirmation sent twice.
        return redirect(url_for("liquidaciones.contrato", codigo=codigo), 303)
    abierto = _abrir(codigo, cambio)
    if paso in ("llenar", "calcular"):
        calculo = calcular(*abierto.pasos) if request.method == "POST" else CalculoCambio()
        return _pagina(abierto, calculo, 422 if calculo.errores else 200)
    vista = validar(*abierto.pasos)
    if vista is None:
        return _pagina(abierto, CalculoCambio(), 422)
    if paso != "confirmar":
        return _revision(abierto, vista)
    if request.form.get("visto", "") != str(vista.cifra):
        return _revision(abierto, vista, cambio=True)
    return _hacer(abierto, vista.cifra)


@bp.post("/<codigo>/contrato/<cambio>/calculo")
@requiere_rol(*LIQUIDAN)
def calculo_del_cambio(codigo: str, cambio: str) -> Any:
    """The figures alone, for htmx while typing."""
    abierto = _abrir(codigo, cambio)
    hecho = calcular(*abierto.pasos)
    pagina = render_template("contratos/_calculo.html", calculo=hecho, cambio=abierto.cambio)
    return pagina, 422 if hecho.errores else 200


@bp.post("/<codigo>/contrato/<cambio>/hechos")
@requiere_rol(*LIQUIDAN)
def hechos_del_cambio(codigo: str, cambio: str) -> Any:
    """The questions alone, for htmx when an answer or the date opens or closes others."""
    form = _abrir(codigo, cambio).form
    return render_template("liquidaciones/_hechos.html", form=form)


def _hacer(abierto: _Abierto, cifra: Decimal) -> Any:
    de, cambio, form = abierto.de, abierto.cambio, abierto.form
    codigo = de.codigo
    try:
        with transaccion():
            frase = cambio.hacer(de, form, _despacho(_clave()), cifra)
    except liquidaciones.CifrasCambiaron:
        otro = _abrir(codigo, cambio.nombre)
        vista = validar(*otro.pasos)
        return _revision(otro, vista, cambio=True) if vista else _pagina(otro, CalculoCambio(), 409)
    except ErrorDominio as error:
        db.session.rollback()
        senalar(form, error)
        return _pagina(abierto, CalculoCambio(), 409)
    flash(frase, "exito")
    return redirect(url_for("liquidaciones.contrato", codigo=codigo), 303)


def _pedido(codigo: str) -> tuple[Liquidacion, Expediente]:
    """The liquidación that an address names, and all of its contract, which is seen whole or not at all."""
    hallada = pedida(codigo)
    expediente = expedientes.leer(hallada)
    exigir_visibles(expediente.liquidaciones, quien_ingreso())
    return hallada, expediente


def _abrir(codigo: str, nombre: str) -> _Abierto:
    if nombre not in CAMBIOS:
        raise NoExiste("Un contrato no tiene esa página. Vuelva al contrato y siga sus enlaces.")
    cambio = CAMBIOS[nombre]
    de, expediente = _pedido(codigo)
    impedimento = cambio.impedimento(expediente)
    if impedimento:
        raise TransicionNoPermitida(impedimento)
    normativa = normativa_de(departamento_actual().codigo)
    form = cambio.formulario()
    form.preparar(contratos.exigir_inicial(expediente), normativa, hoy(), quien_ingreso())
    return _Abierto(de, expediente, cambio, form, normativa, _despacho(""))


def _despacho(clave: str) -> Despacho:
    return Despacho(
        departamento=departamento_actual().codigo,
        plazo_dias=departamento_actual().dias_para_pagar,
        permitir_provisional=ajustes_actuales().es_demostracion,
        clave=clave,
        usuario=quien_ingreso(),
        ahora=ahora(),
        hoy=hoy(),
        peticion=peticion_id(),
    )


def _clave() -> str:
    clave = request.form.get("clave", "")
    if not 20 <= len(clave) <= 64:
        abort(422, "Vuelva a la página anterior y revise los datos de nuevo.")
    return clave


def _pagina(abierto: _Abierto, calculo: CalculoCambio, estado: int) -> Any:
    return render_template("contratos/cambiar.html", calculo=calculo, **_comun(abierto)), estado


def _revision(abierto: _Abierto, vista: Vista, *, cambio: bool = False) -> Any:
    pagina = render_template(
        "contratos/revisar.html",
        vista=vista,
        clave=secrets.token_urlsafe(24),
        cambiaron=cambio,
        **_comun(abierto),
    )
    return pagina, 409 if cambio else 200


def _comun(abierto: _Abierto) -> dict[str, Any]:
    return {
        "de": abierto.de,
        "expediente": abierto.expediente,
        "cambio": abierto.cambio,
        "form": abierto.form,
        "saldo": contratos.saldo_excluido(abierto.expediente),
    }
