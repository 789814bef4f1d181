"""`/gestion/reportes`: the reports on the screen, printed, as XLSX and as CSV, and the rows behind each of their figures."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from portal.blueprints.reportes.catalogo import INFORMES, Informe
from portal.blueprints.reportes.forms import FiltrosForm, RenglonesForm
from portal.blueprints.reportes.informes import Pedido
from portal.blueprints.reportes.rotulos import (
    DATOS_DE_UNA_FIGURA,
    Figura,
    filtros_en_palabras,
    hoja_de_renglones,
    leer_figura,
)
from portal.db import transaccion
from portal.documentos.libro import Hoja, escribir_csv, escribir_xlsx
from portal.dominio.calendario import dia_en_palabras, instante_en_palabras
from portal.dominio.dinero import escribir_miles
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.models.usuario import Rol
from portal.operaciones import simulaciones
from portal.operaciones.cuentas import plan_de
from portal.operaciones.normativa import normativa_de
from portal.operaciones.paginas import MAXIMO_EXPORTADO
from portal.operaciones.reportes import distribucion as del_reparto
from portal.operaciones.reportes import renglones as de_los_renglones
from portal.operaciones.reportes.renglones import Listado
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.descargas import entregar_csv, entregar_libro
from portal.web.firmas import firma
from portal.web.preferencias import registros_elegidos
from portal.web.reloj import ahora, hoy
from portal.web.tablas import pagina_pedida

bp = Blueprint("reportes", __name__, url_prefix="/gestion/reportes")
LEEN = (Rol.TESORERIA, Rol.RENTAS, Rol.AUDITOR, Rol.ADMINISTRADOR)
# Who may open the page of a liquidación.
_VEN_LIQUIDACIONES = (Rol.RENTAS, Rol.AUDITOR, Rol.ADMINISTRADOR)


@bp.get("")
@requiere_rol(*LEEN)
def inicio() -> Any:
    """The reports. The address of the only one that there used to be, with its dates, leads to it."""
    if "desde" in request.args or "hasta" in request.args:
        return _con_lo_pedido(url_for("reportes.ver", reporte="recaudo"))
    return render_template("reportes/inicio.html", informes=INFORMES)


@bp.get("/excel")
@requiere_rol(*LEEN)
def libro_anterior() -> Any:
    """The address that the only spreadsheet used to have."""
    return _con_lo_pedido(url_for("reportes.libro", reporte="recaudo"))


@bp.get("/<reporte>")
@requiere_rol(*LEEN)
def ver(reporte: str) -> Any:
    """One report; of this month so far when the address says no dates."""
    informe = _informe(reporte)
    form = _form(informe)
    if not form.validate():
        return _pagina(reporte, informe, form), 422
    return _pagina(reporte, informe, form, informe.presentar(_pedido(form)))


@bp.get("/<reporte>.xlsx")
@requiere_rol(*LEEN)
def libro(reporte: str) -> Any:
    """The same as a spreadsheet, with its totals."""
    return _exportar(reporte, con_totales=True)


@bp.get("/<reporte>.csv")
@requiere_rol(*LEEN)
def csv(reporte: str) -> Any:
    """The same as plain rows, without totals."""
    return _exportar(reporte, con_totales=False)


@bp.get("/renglones")
@requiere_rol(*LEEN)
def renglones() -> Any:
    """The rows that a figure adds up, a page at a time; that somebody looked at them is noted."""
    form = RenglonesForm(formdata=request.args)
    if not form.validate():
        return render_template("reportes/renglones.html", form=form, listado=None), 422
    figura = leer_figura(form, request.args)
    listado = _listar(figura, pagina=pagina_pedida(), limite=registros_elegidos())
    nombres = simulaciones.nombres_de(departamento_actual().codigo)
    return render_template(
        "reportes/renglones.html",
        form=form,
        figura=figura,
        listado=listado,
        parte=_parte_de(figura),
        nombres=nombres,
        filtros=filtros_en_palabras(figura.cuales.filtro, nombres, plan_de(departamento_actual().codigo)),
        datos={clave: request.args[clave] for clave in DATOS_DE_UNA_FIGURA if request.args.get(clave)},
        cabe=listado.total <= MAXIMO_EXPORTADO,
        maximo=MAXIMO_EXPORTADO,
        ve_liquidaciones=quien_ingreso().rol in _VEN_LIQUIDACIONES,
        impreso=_impreso(),
    )


@bp.get("/renglones.xlsx")
@requiere_rol(*LEEN)
def renglones_xlsx() -> Any:
    """All of them as a spreadsheet, if they fit."""
    return entregar_libro(escribir_xlsx([_hoja_de_renglones()]), "renglones")


@bp.get("/renglones.csv")
@requiere_rol(*LEEN)
def renglones_csv() -> Any:
    """All of them as plain rows, if they fit."""
    return entregar_csv(escribir_csv(_hoja_de_renglones()), "renglones")


def _con_lo_pedido(direccion: str) -> Any:
    return redirect(f"{direccion}?{urlencode(list(request.args.items(multi=True)))}", 308)


def _informe(reporte: str) -> Informe:
    if reporte not in INFORMES:
        raise NoExiste("No hay un reporte con ese nombre.")
    return INFORMES[reporte]


def _form(informe: Informe) -> FiltrosForm:
    """The report's filters as the address says them; what it leaves out takes the usual value."""
    pedido = MultiDict(request.args)
    usual = dict(informe.omision or {})
    if "desde" not in pedido and "hasta" not in pedido:
        usual |= {"desde": hoy().replace(day=1).isoformat(), "hasta": hoy().isoformat()}
    agrupado = "por" in pedido
    for clave, valor in usual.items():
        # Who says one grouping wants only that one.
        if clave not in pedido and not (clave == "y" and agrupado):
            pedido[clave] = valor
    form = FiltrosForm(formdata=pedido)
    for nombre in [n for n in form._fields if n not in informe.campos]:
        del form[nombre]
    form.ofrecer(
        plan_de(departamento_actual().codigo), simulaciones.nombres_de(departamento_actual().codigo), informe.por
    )
    return form


def _pedido(form: FiltrosForm) -> Pedido:
    codigo = departamento_actual().codigo
    return Pedido(form.filtro(), form.dimensiones, plan_de(codigo), simulaciones.nombres_de(codigo), codigo)


def _pagina(reporte: str, informe: Informe, form: FiltrosForm, presentacion: Any = None) -> str:
    return render_template(
        "reportes/reporte.html",
        reporte=reporte,
        informe=informe,
        form=form,
        presentacion=presentacion,
        periodo=_periodo(form) if presentacion else "",
        datos={nombre: campo.data for nombre, campo in form._fields.items() if campo.data},
        impreso=_impreso(),
    )


def _periodo(form: FiltrosForm) -> str:
    if "desde" not in form:
        return f"Hasta el {dia_en_palabras(form.hasta.leido)}"
    return f"Del {dia_en_palabras(form.desde.leido)} al {dia_en_palabras(form.hasta.leido)}"


def _impreso() -> str:
    # What people call an instant ends with its own full stop.
    return f"Impreso por {quien_ingreso().nombre} el {instante_en_palabras(ahora())}"


def _exportar(reporte: str, *, con_totales: bool) -> Any:
    informe = _informe(reporte)
    form = _form(informe)
    if not form.validate():
        return _pagina(reporte, informe, form), 422
    hecha = informe.presentar(_pedido(form))
    notas = [f"{informe.titulo}, {departamento_actual().gobernacion}. {_periodo(form)}.", *hecha.notas, _impreso()]
    hoja = hecha.cuadro.hoja(notas, con_totales=con_totales)
    nombre = "-".join([reporte, *(str(form[n].leido) for n in ("desde", "hasta") if n in form)])
    return entregar_libro(escribir_xlsx([hoja]), nombre) if con_totales else entregar_csv(escribir_csv(hoja), nombre)


def _listar(figura: Figura, **cuanto: int) -> Listado:
    plan = plan_de(departamento_actual().codigo)
    with transaccion():
        listado = de_los_renglones.listar(figura.cuales, plan, **cuanto)
        de_los_renglones.anotar_consulta(figura.cuales, listado, firma())
    return listado


def _parte_de(figura: Figura) -> Decimal | None:
    """What of the rows is for the destination that the figure is of; None when it is of no destination."""
    if not figura.destino:
        return None
    codigo = departamento_actual().codigo
    filtro = replace(figura.cuales.filtro, dinero="")
    partes = del_reparto.distribucion(plan_de(codigo), normativa_de(codigo), filtro)
    return sum((p.valor for p in partes if p.codigo == figura.destino), Decimal(0))


def _hoja_de_renglones() -> Hoja:
    form = RenglonesForm(formdata=request.args)
    if not form.validate():
        raise DatoInvalido("Escriba las dos fechas del reporte.")
    figura = leer_figura(form, request.args)
    listado = _listar(figura, limite=MAXIMO_EXPORTADO)
    if listado.total > MAXIMO_EXPORTADO:
        raise DatoInvalido(
            f"Son {escribir_miles(listado.total)} renglones y se descargan hasta {escribir_miles(MAXIMO_EXPORTADO)}. "
            "Acorte las fechas o filtre el reporte."
        )
    codigo = departamento_actual().codigo
    nombres = simulaciones.nombres_de(codigo)
    filtros = filtros_en_palabras(figura.cuales.filtro, nombres, plan_de(codigo))
    return hoja_de_renglones(figura, listado, nombres, (filtros, _impreso()))
