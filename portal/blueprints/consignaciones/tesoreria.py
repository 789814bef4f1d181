"""`/gestion/tesoreria/consignaciones`: those that wait for treasury or the bank, one with its possible lines, its end."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from portal.blueprints.consignaciones.blueprint import bp
from portal.blueprints.consignaciones.forms import MotivoForm
from portal.db import db, transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_consignaciones
from portal.dominio.declaraciones import EstadoConsignacion
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Consignacion, MovimientoBanco
from portal.models.usuario import Rol
from portal.operaciones.agentes import colas_consignaciones, consignaciones
from portal.operaciones.agentes.colas_consignaciones import Cuales
from portal.operaciones.agentes.lineas_del_banco import LineaPosible, posibles
from portal.operaciones.cuentas import plan_de
from portal.web.acceso import requiere_rol
from portal.web.descargas import entregar
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma
from portal.web.htmx import render_page_or_fragment

_LEEN = (Rol.TESORERIA, Rol.AUDITOR, Rol.ADMINISTRADOR)
_NOMBRES = {
    Cuales.RECIBIDAS: "Recibidas",
    Cuales.SIN_LINEA: "Sin línea del banco",
    Cuales.RESUELTAS: "Resueltas",
}


@bp.get("/tesoreria/consignaciones")
@requiere_rol(*_LEEN)
def lista() -> Any:
    """Those that wait, with the lines of the bank that may be each."""
    pedido = request.args.get("filtro", "")
    cuales = Cuales(pedido) if pedido in set(Cuales) else Cuales.RECIBIDAS
    pagina = colas_consignaciones.de_tesoreria(cuales, **corte())
    if formato := formato_pedido():
        notas = notas_de_lista(f"{_NOMBRES[cuales]}.", len(pagina.filas), hay_mas=pagina.paginas > 1)
        contenido = escribir(formato, hoja_de_consignaciones(pagina.filas, notas))
        return entregar_lista(contenido, "consignaciones-de-agentes", filas=len(pagina.filas))
    return render_template(
        "consignaciones/lista.html",
        pagina=pagina,
        cuales=cuales,
        filtros=_NOMBRES,
        cuantas={c: colas_consignaciones.cuantas(c) for c in (Cuales.RECIBIDAS, Cuales.SIN_LINEA)},
        sin_linea=colas_consignaciones.sin_linea(),
        lineas={una.id: _lineas(una) for una in pagina.filas},
    )


@bp.get("/tesoreria/consignaciones/<int:numero>")
@requiere_rol(*_LEEN)
def ver(numero: int) -> Any:
    """One deposit, its slip, and the lines of the bank that may be it."""
    return _pagina(numero)


@bp.get("/tesoreria/consignaciones/<int:numero>/comprobante")
@requiere_rol(*_LEEN)
def comprobante(numero: int) -> Response:
    """The slip, always as a download."""
    return entregar(colas_consignaciones.por_numero(numero).archivo)


@bp.post("/tesoreria/consignaciones/<int:numero>/aceptar")
@requiere_rol(Rol.TESORERIA)
def aceptar(numero: int) -> Any:
    """Take it as made, with the line of the bank that was chosen or without any."""

    def hacer(una: Consignacion) -> None:
        consignaciones.aceptar(una, _linea_elegida(), firma=firma())

    return _intentar(numero, hacer, f"La consignación {numero} quedó aceptada: la entidad debe ese valor menos.")


@bp.post("/tesoreria/consignaciones/<int:numero>/casar")
@requiere_rol(Rol.TESORERIA)
def casar(numero: int) -> Any:
    """Say which line of the bank it is, after it was accepted without one."""

    def hacer(una: Consignacion) -> None:
        linea = _linea_elegida()
        if linea is None:
            raise TransicionNoPermitida("Elija la línea del banco.")
        consignaciones.casar(una, linea, firma=firma())

    return _intentar(numero, hacer, f"La consignación {numero} ya tiene su línea del banco.")


@bp.post("/tesoreria/consignaciones/<int:numero>/rechazar")
@requiere_rol(Rol.TESORERIA)
def rechazar(numero: int) -> Any:
    """Say why it is not one; nothing moves."""
    return _con_motivo(numero, consignaciones.rechazar, f"La consignación {numero} quedó rechazada.")


@bp.post("/tesoreria/consignaciones/<int:numero>/deshacer")
@requiere_rol(Rol.TESORERIA)
def deshacer(numero: int) -> Any:
    """Take the acceptance back: the bank never showed the money."""
    frase = f"La aceptación de la consignación {numero} se deshizo: la entidad debe de nuevo ese valor."
    return _con_motivo(numero, consignaciones.deshacer_aceptacion, frase)


def _con_motivo(numero: int, operacion: Callable[..., None], frase: str) -> Any:
    form = MotivoForm()
    if not form.validate():
        return _pagina(numero, form, estado=422)

    def hacer(una: Consignacion) -> None:
        operacion(una, form.motivo.leido, firma=firma())

    return _intentar(numero, hacer, frase, form)


def _intentar(numero: int, hacer: Callable[[Consignacion], None], frase: str, form: MotivoForm | None = None) -> Any:
    try:
        with transaccion():
            hacer(colas_consignaciones.por_numero(numero))
    except TransicionNoPermitida as error:
        return _pagina(numero, form, estado=409, problema=error.mensaje)
    flash(frase, "exito")
    return redirect(url_for("consignaciones.ver", numero=numero), 303)


def _linea_elegida() -> MovimientoBanco | None:
    """The line whose button was pressed; None for none."""
    texto = request.form.get("linea", "")
    if not texto:
        return None
    sirve = texto.isascii() and texto.isdigit() and len(texto) <= 15
    linea = db.session.get(MovimientoBanco, int(texto)) if sirve else None
    if linea is None:
        raise TransicionNoPermitida("No encontramos esa línea del banco.")
    return linea


def _lineas(una: Consignacion) -> list[LineaPosible]:
    """The lines that may still be it; one that was resolved with its line has no other."""
    sin_resolver = una.estado is EstadoConsignacion.RECIBIDA
    sin_linea = una.estado is EstadoConsignacion.ACEPTADA and una.movimiento_id is None
    return posibles(una) if sin_resolver or sin_linea else []


def _pagina(numero: int, form: MotivoForm | None = None, *, estado: int = 200, problema: str = "") -> Response:
    una = colas_consignaciones.por_numero(numero)
    plan = plan_de(una.agente.departamento)
    return render_page_or_fragment(
        "consignaciones/consignacion.html",
        "consignaciones/_motivo.html",
        estado,
        una=una,
        form=MotivoForm(None) if form is None else form,
        problema=problema,
        lineas=_lineas(una),
        cuenta_de=lambda codigo: cuenta.nombre if (cuenta := plan.por_codigo(codigo)) else codigo,
        mes_de_la_entidad=colas_consignaciones.del_mes(una.agente, una.mes),
    )
