"""`/gestion/reportes`: what was collected between two dates, by stamp, account and channel; on the screen, printed, as XLSX."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from portal.documentos.libro import Celda, Hoja, escribir_xlsx
from portal.models.pago import CanalRecaudo
from portal.models.usuario import Rol
from portal.operaciones import reportes, simulaciones
from portal.operaciones.cuentas import plan_de
from portal.operaciones.reportes import Reporte, Sumas
from portal.web.acceso import requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.descargas import entregar_libro
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha
from portal.web.reloj import hoy

bp = Blueprint("reportes", __name__, url_prefix="/gestion/reportes")
LEEN = (Rol.TESORERIA, Rol.RENTAS, Rol.AUDITOR, Rol.ADMINISTRADOR)
CANALES = {
    CanalRecaudo.PSE: "PSE",
    CanalRecaudo.VENTANILLA: "Ventanilla",
    CanalRecaudo.MANUAL: "Orden de Tesorería",
    CanalRecaudo.RETENCION: "Retención de un agente",
}
EN_ESPERA = {"excedentes": "Por devolver a quien pagó", "por_identificar": "Por identificar"}


class PeriodoForm(Formulario):
    """Two dates; nobody's data, so they may travel in the address."""

    class Meta(Formulario.Meta):
        csrf = False

    desde = CampoTexto("Desde", [leer(leer_fecha)])
    hasta = CampoTexto("Hasta", [leer(leer_fecha)])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.desde.leido > self.hasta.leido:
            self.hasta.errors = ["La fecha final debe ser igual o posterior a la inicial."]
            return False
        return True


@bp.get("")
@requiere_rol(*LEEN)
def recaudo() -> Any:
    """The report of a period; of this month so far when the address says none."""
    form = _form()
    if not form.validate():
        return _pagina(form, None), 422
    return _pagina(form, _reporte(form))


@bp.get("/excel")
@requiere_rol(*LEEN)
def libro() -> Any:
    """The same as a spreadsheet."""
    form = _form()
    if not form.validate():
        return _pagina(form, None), 422
    reporte = _reporte(form)
    return entregar_libro(escribir_xlsx([_hoja(reporte)]), f"recaudo-{reporte.desde}-{reporte.hasta}")


def _form() -> PeriodoForm:
    omision = MultiDict({"desde": hoy().replace(day=1).isoformat(), "hasta": hoy().isoformat()})
    return PeriodoForm(formdata=request.args if request.args else omision)


def _reporte(form: PeriodoForm) -> Reporte:
    return reportes.recaudado(plan_de(departamento_actual().codigo), form.desde.leido, form.hasta.leido)


def _pagina(form: PeriodoForm, reporte: Reporte | None) -> str:
    return render_template(
        "reportes/recaudo.html",
        form=form,
        reporte=reporte,
        plan=plan_de(departamento_actual().codigo),
        nombres=simulaciones.nombres_de(departamento_actual().codigo).estampillas,
        canales=CANALES,
        en_espera=EN_ESPERA,
    )


def _hoja(reporte: Reporte) -> Hoja:
    nombres = {**simulaciones.nombres_de(departamento_actual().codigo).estampillas, **EN_ESPERA}
    filas: list[list[Celda]] = [
        [nombres.get(r.que, r.que), r.cuenta, CANALES[r.canal], *_celdas(r.sumas)]
        for r in (*reporte.estampillas, *reporte.en_espera)
    ]
    filas.append(["Total", "", "", *_celdas(reporte.total)])
    notas = [
        f"Recaudo del {reporte.desde} al {reporte.hasta}, {departamento_actual().gobernacion}",
        f"Créditos confirmados: {reporte.cuantos}. {'Cuadra con el libro.' if reporte.cuadra else 'NO cuadra con el libro.'}",
    ]
    titulos = ("Estampilla", "Cuenta", "Canal", "Recaudado", "Aplicado", "Revertido", "No debido", "Devuelto", "Neto")
    return Hoja("Recaudo", titulos, filas, notas)


def _celdas(sumas: Sumas) -> list[Celda]:
    return [sumas.recaudado, sumas.aplicado, sumas.revertido, sumas.no_debido, sumas.devuelto, sumas.neto]
