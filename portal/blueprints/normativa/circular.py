"""`/gestion/normativa/circular`: the tariffs of a year as page, PDF and spreadsheet, for everybody who works here."""

from flask import Response, render_template

from portal.blueprints.normativa.blueprint import bp
from portal.documentos.circular import nombre_de_archivo, pdf_circular, xlsx_circular
from portal.documentos.turnos import por_turnos
from portal.dominio.circular import Circular
from portal.dominio.errores import NoExiste
from portal.operaciones.circulares import circular_de, vigencias_de
from portal.web.acceso import requiere_rol
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.descargas import entregar_libro
from portal.web.reloj import hoy


@bp.get("/circular")
@bp.get("/circular/<int:vigencia>")
@requiere_rol()
def circular(vigencia: int | None = None) -> str:
    """The circular of a year; without one, that of this year or the last one before it."""
    vigencias = vigencias_de(departamento_actual().codigo)
    if not vigencias:
        raise NoExiste("No hay ninguna circular: no hay tarifas con valores publicados.")
    if vigencia is None:
        vigencia = next((v for v in vigencias if v <= hoy().year), vigencias[-1])
    return render_template("normativa/circular.html", circular=_circular(vigencia), vigencias=vigencias)


@bp.get("/circular/<int:vigencia>.pdf")
@requiere_rol()
@por_turnos
def circular_pdf(vigencia: int) -> Response:
    """The circular to print, with its spreadsheet attached."""
    una = _circular(vigencia)
    demostracion = ajustes_actuales().es_demostracion
    cuerpo = pdf_circular(una, departamento=departamento_actual(), demostracion=demostracion)
    cabeceras = {"Content-Disposition": f'inline; filename="{nombre_de_archivo(una)}.pdf"'}
    return Response(cuerpo, mimetype="application/pdf", headers=cabeceras)


@bp.get("/circular/<int:vigencia>.xlsx")
@requiere_rol()
def circular_xlsx(vigencia: int) -> Response:
    """The circular to calculate with."""
    una = _circular(vigencia)
    cuerpo = xlsx_circular(una, departamento=departamento_actual())
    return entregar_libro(cuerpo, nombre_de_archivo(una))


def _circular(vigencia: int) -> Circular:
    return circular_de(departamento_actual().codigo, vigencia)
