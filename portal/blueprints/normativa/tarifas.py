"""`/gestion/normativa/tarifas`: what each stamp charges on each act, its history, and the drafts that change it."""

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from portal.blueprints.normativa.blueprint import (
    LEEN,
    administra,
    bp,
    buscar,
    codigo_departamento,
    firma,
    nombre_de,
)
from portal.blueprints.normativa.forms import TarifaForm
from portal.blueprints.normativa.listas import archivo_de_tarifas
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido
from portal.dominio.planes import Fila
from portal.models import CambioTarifa, PropuestaTarifa
from portal.models.usuario import Rol
from portal.operaciones import ciclo_propuestas, publicaciones, tarifas
from portal.operaciones.borradores import cifra_de_fila, gravamen_de
from portal.operaciones.ciclo_propuestas import PropuestaCambio
from portal.operaciones.normativa import normativa_de
from portal.operaciones.tarifas import Sujeto
from portal.web.acceso import requiere_rol
from portal.web.exportacion import formato_pedido
from portal.web.formularios import leer_fecha
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import hoy
from portal.web.tablas import contiene

# Up to this many rows are shown open; more are grouped under their stamps.
_ABIERTAS = 15


@bp.get("/tarifas")
@requiere_rol(*LEEN)
def lista_tarifas() -> Any:
    """The tariffs in force on a day, by stamp, with the drafts that wait for somebody."""
    codigo, fecha = codigo_departamento(), _fecha_pedida()
    pedida, texto = request.args.get("estampilla", "")[:60], request.args.get("buscar", "")[:80]
    halladas = [v for v in tarifas.vigentes_en(codigo, fecha) if _es_pedida(v[0], pedida, texto)] if fecha else []
    estampillas = {e.codigo: e.nombre for e in normativa_de(codigo).estampillas}
    if fecha and formato_pedido():
        return archivo_de_tarifas(halladas, fecha, estampillas.get(pedida, pedida), texto)
    grupos: dict[str, list[Any]] = {}
    for sujeto, suyas in halladas:
        grupos.setdefault(sujeto.estampilla.nombre, []).append((sujeto, suyas))
    todas = [p for p in ciclo_propuestas.propuestas_de(codigo) if isinstance(p, PropuestaTarifa)]
    return render_page_or_fragment(
        "normativa/tarifas.html",
        "normativa/_tarifas.html",
        200 if fecha else 422,
        grupos=grupos,
        abiertas=bool(pedida or texto) or sum(map(len, grupos.values())) <= _ABIERTAS,
        estampillas=estampillas,
        estampilla=pedida,
        buscar=texto,
        fecha=request.args.get("fecha", "")[:10] or hoy().isoformat(),
        fecha_leida=fecha,
        borradores=[p for p in todas if p.es_borrador],
        nombres={p.id: nombre_de(p) for p in todas},
        puede_proponer=administra(),
    )


def _es_pedida(sujeto: Sujeto, estampilla: str, texto: str) -> bool:
    return estampilla in ("", sujeto.estampilla.codigo) and contiene(
        f"{sujeto.gravamen.acto} {sujeto.acto_nombre}", texto
    )


@bp.get("/tarifas/de/<path:codigo>")
@requiere_rol(*LEEN)
def tarifa(codigo: str) -> Any:
    """One stamp on one act: every tariff that rules or ruled, what replaced it, and what may be proposed."""
    departamento = codigo_departamento()
    sujeto = tarifas.sujeto_de(departamento, codigo)
    filas = tarifas.tarifas_de(departamento, sujeto.gravamen)
    codigos = {sujeto.gravamen.codigo, *(f["codigo"] for f in filas)}
    todas = ciclo_propuestas.propuestas_de(departamento)
    propias = [p for p in todas if isinstance(p, PropuestaTarifa) and gravamen_de(p) == sujeto.gravamen]
    return render_template(
        "normativa/tarifa.html",
        sujeto=sujeto,
        filas=[(f, cifra_de_fila("tarifa", f)) for f in filas],
        redondeos={r.codigo: r.nombre for r in normativa_de(departamento).redondeos},
        publicadas=publicaciones.publicadas_por_fila(departamento),
        anteriores=publicaciones.versiones_anteriores(departamento, "tarifa", sorted(codigos)),
        propuestas=propias,
        nombres={p.id: nombre_de(p) for p in propias},
        puede_proponer=administra(),
        hoy=hoy(),
    )


@bp.get("/tarifas/nueva")
@requiere_rol(Rol.ADMINISTRADOR)
def elegir_tarifa() -> Any:
    """Choose the stamp and the act of a tariff that is not in the list."""
    normativa = normativa_de(codigo_departamento())
    estampilla, acto = request.args.get("estampilla", ""), request.args.get("acto", "")
    estampillas = {e.codigo: e.nombre for e in normativa.estampillas}
    actos = {a.codigo: f"{a.codigo}: {a.nombre}" for a in normativa.actos if a.activo}
    if estampilla in estampillas and acto in actos:
        destino = url_for("normativa.nueva_tarifa", cambio="fijar", codigo=f"{estampilla}/{acto}")
        return redirect(destino, 303)
    errado = bool(request.args)
    elegido = {"estampillas": estampillas, "actos": actos, "estampilla": estampilla, "acto": acto}
    return render_template("normativa/elegir_tarifa.html", errado=errado, **elegido), 422 if errado else 200


@bp.route("/tarifas/proponer/<cambio>/<path:codigo>", methods=["GET", "POST"])
@requiere_rol(Rol.ADMINISTRADOR)
def nueva_tarifa(cambio: str, codigo: str) -> Any:
    """Write a draft: fix a figure (or correct one), choose between variants, or end a tariff."""
    if cambio not in set(CambioTarifa):
        abort(404)
    departamento = codigo_departamento()
    sujeto = tarifas.sujeto_de(departamento, codigo)
    form = _form(sujeto, CambioTarifa(cambio))
    if request.method == "GET":
        _empezar(form, tarifas.tarifas_de(departamento, sujeto.gravamen))
        return _formulario(form, sujeto)
    if not form.validate():
        return _formulario(form, sujeto, estado=422)
    try:
        with transaccion():
            una = tarifas.proponer(sujeto, form.datos(), departamento=departamento, **firma(), hoy=hoy())
            numero = una.id
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario(form, sujeto, estado=422)
    flash(f"La propuesta {numero} quedó guardada. Para que se use debe publicarla otro administrador.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=numero), 303)


def editar_tarifa(una: PropuestaTarifa) -> Any:
    """The page of `editar` for a tariff's draft."""
    numero = una.id
    sujeto = tarifas.sujeto_de(una.departamento, gravamen_de(una).codigo)
    form = _form(sujeto, una.cambio)
    if request.method == "GET":
        form.llenar(una)
        return _formulario(form, sujeto, una)
    if not form.validate():
        return _formulario(form, sujeto, una, estado=422)
    try:
        with transaccion():
            tarifas.editar(una, form.datos(), version=form.leida, **firma(), hoy=hoy())
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario(form, sujeto, _tarifa(numero), estado=422)
    except PropuestaCambio as error:
        return _formulario(form, sujeto, _tarifa(numero), estado=409, cambio=error.mensaje)
    flash(f"La propuesta {numero} quedó guardada.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=numero), 303)


def _tarifa(numero: int) -> PropuestaTarifa:
    una = buscar(numero)
    assert isinstance(una, PropuestaTarifa), "a proposal never changes its kind"
    return una


def _form(sujeto: Sujeto, cambio: CambioTarifa) -> TarifaForm:
    departamento = codigo_departamento()
    filas = tarifas.tarifas_de(departamento, sujeto.gravamen)
    variantes = [
        (
            f["variante"],
            f"{cifra_de_fila('tarifa', f)} ({f['norma']}, {f['articulo']}, {f['variante'].replace('_', ' ')})",
        )
        for f in sorted(filas, key=lambda f: f["variante"])
        if f["variante"]
    ]
    form = TarifaForm()
    form.preparar(cambio, normativa_de(departamento), sujeto.gravamen.clase == "con_cuantia", variantes)
    return form


def _empezar(form: TarifaForm, filas: list[Fila]) -> None:
    """The figure in force, to be changed; the one that is corrected; or the one that ends. `filas` go newest first."""
    pedida = request.args.get("corrige") or request.args.get("desde")
    elegida = next((f for f in filas if f["desde"].isoformat() == pedida), None)
    form.desde.data = (hoy() + timedelta(days=1)).isoformat()
    if form.cambio is CambioTarifa.TERMINAR:
        fila = elegida or (filas[0] if filas else None)
        form.desde.data = fila["desde"].isoformat() if fila else form.desde.data
        return
    if form.cambio is CambioTarifa.VARIANTE:
        form.variante.data = next((f["variante"] for f in filas if f["variante_sugerida"]), None)
        return
    if request.args.get("corrige") and elegida is not None:
        form.corrige.data = form.desde.data = elegida["desde"].isoformat()
    base = elegida or (filas[0] if filas else None)
    if base is not None:
        form.llenar_cifra(
            {**base, "norma": "", "articulo": ""} if base["provisional"] or elegida is None else dict(base)
        )


def _formulario(
    form: TarifaForm,
    sujeto: Sujeto,
    una: PropuestaTarifa | None = None,
    *,
    estado: int = 200,
    cambio: str = "",
) -> Any:
    filas = tarifas.tarifas_de(codigo_departamento(), sujeto.gravamen)
    corregida = form.corrige.data if form.cambio is CambioTarifa.FIJAR else ""
    terminada = form.desde.data if form.cambio is CambioTarifa.TERMINAR else ""
    return (
        render_template(
            "normativa/formulario_tarifa.html",
            form=form,
            sujeto=sujeto,
            propuesta=una,
            clase=form.cambio.value,
            ultimas=[(f, cifra_de_fila("tarifa", f)) for f in filas if f["desde"] == filas[0]["desde"]],
            corregida=next(
                ((f, cifra_de_fila("tarifa", f)) for f in filas if f["desde"].isoformat() == corregida), None
            ),
            terminada=next(
                ((f, cifra_de_fila("tarifa", f)) for f in filas if f["desde"].isoformat() == terminada), None
            ),
            cambio=cambio,
        ),
        estado,
    )


def _fecha_pedida() -> date | None:
    """The day to look at; today when none is asked for, none when it cannot be read."""
    texto = request.args.get("fecha", "").strip()
    if not texto:
        return hoy()
    try:
        return leer_fecha(texto)
    except DatoInvalido:
        return None
