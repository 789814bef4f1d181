"""`/gestion/agentes/…/diario`: what each office took and deposited, day by day; the monthly report as XLSX and PDF."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from portal.documentos.libro import escribir_xlsx
from portal.documentos.sedes import ReporteMensual, hojas_de_sedes, pdf_de_sedes
from portal.dominio.declaraciones import leer_mes, mes_anterior, mes_de, mes_siguiente
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.models import Agente
from portal.models.usuario import Rol
from portal.operaciones import simulaciones
from portal.operaciones.agentes import diario, registro
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.agentes import agente_de_la_direccion
from portal.web.departamento import departamento_actual
from portal.web.descargas import entregar_libro, entregar_pdf
from portal.web.reloj import hoy

bp = Blueprint("agentes_diario", __name__, url_prefix="/gestion/agentes")
LEEN = (Rol.AGENTE, Rol.RENTAS, Rol.TESORERIA, Rol.ADMINISTRADOR, Rol.AUDITOR)


@bp.get("/diario")
@requiere_rol(Rol.AGENTE)
def mio() -> Any:
    """The page of the entity that the account works for."""
    return redirect(url_for("agentes_diario.ver", codigo=registro.entidad_de(quien_ingreso()).codigo), 303)


@bp.get("/<codigo>/diario")
@requiere_rol(*LEEN)
def ver(codigo: str) -> str:
    """A month of an agent's offices, this one unless the address says another."""
    agente = agente_de_la_direccion(codigo)
    mes = _mes(agente)
    siguiente = mes_siguiente(mes)
    return render_template(
        "agentes_diario/ver.html",
        agente=agente,
        recaudo=diario.del_mes(agente, mes, hoy=hoy()),
        mes=mes,
        anterior=mes_anterior(mes) if mes > agente.desde else None,
        siguiente=siguiente if siguiente <= hoy() else None,
        es_agente=quien_ingreso().rol is Rol.AGENTE,
    )


@bp.get("/<codigo>/diario.xlsx")
@requiere_rol(*LEEN)
def libro(codigo: str) -> Response:
    """The month as a spreadsheet: its report, its offices and its days."""
    reporte = _reporte(codigo)
    return entregar_libro(escribir_xlsx(hojas_de_sedes(reporte)), reporte.archivo)


@bp.get("/<codigo>/diario.pdf")
@requiere_rol(*LEEN)
def pdf(codigo: str) -> Response:
    """The monthly report on paper, for the offices that receive it."""
    reporte = _reporte(codigo)
    return entregar_pdf(pdf_de_sedes(reporte, departamento=departamento_actual()), reporte.archivo)


def _reporte(codigo: str) -> ReporteMensual:
    agente = agente_de_la_direccion(codigo)
    mes = _mes(agente)
    return ReporteMensual(
        agente=agente,
        reglas=registro.reglas_de(agente.departamento).reporte_sedes,
        recaudo=diario.del_mes(agente, mes, hoy=hoy()),
        renglones=diario.reporte_de(agente, mes, simulaciones.nombres_de(agente.departamento).actos),
        hoy=hoy(),
    )


def _mes(agente: Agente) -> date:
    """The month of the address, one in which it was an agent. Raises `NoExiste`."""
    texto = request.args.get("mes", "")
    if not texto:
        return mes_de(hoy())
    try:
        mes = leer_mes(texto)
    except DatoInvalido:
        mes = date.max
    if not agente.desde <= mes <= hoy():
        raise NoExiste("No encontramos ese mes.")
    return mes
