"""`/gestion/auditoria`: the bitácora with its filters, the state of both chains, and the export of a period."""

import tempfile
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, render_template, request, send_file, url_for
from werkzeug.datastructures import MultiDict

from portal.blueprints.auditoria.forms import ExportarForm, FiltroForm
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_bitacora
from portal.dominio.bitacora import ACCIONES, CADENAS, Cadena, detalle_en_palabras
from portal.dominio.exportacion import MAXIMO_DIAS
from portal.dominio.palabras import nombre_de
from portal.models.usuario import Rol
from portal.operaciones import auditoria, comprobaciones
from portal.operaciones.auditoria import Renglon
from portal.web.acceso import acceso_de, quien_ingreso, requiere_rol
from portal.web.auditoria import exportar_periodo
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma
from portal.web.reloj import hoy
from portal.web.seguridad import peticion_id

bp = Blueprint("auditoria", __name__, url_prefix="/gestion/auditoria")
LEEN = (Rol.AUDITOR, Rol.ADMINISTRADOR)
# The page of each kind of object.
PAGINAS: Mapping[str, str] = {
    "adhesion": "validacion.adhesion",
    "agente": "agentes_registro.ver",
    "archivo_banco": "archivos_banco.ver",
    "caso": "tesoreria.caso",
    "certificado": "certificados.ver",
    "cierre": "cierres.ver",
    "consignacion": "consignaciones.ver",
    "contingencia": "calendario.ver",
    "contrato": "liquidaciones.contrato",
    "declaracion": "agentes.mes",
    "devolucion": "devoluciones.ver",
    "dia_no_habil": "calendario.ver",
    "factura": "liquidaciones.ver",
    "liquidacion": "liquidaciones.ver",
    "liquidacion_numero": "liquidaciones.ver",
    "lote": "lotes.ver",
    "orden": "tesoreria.orden",
    "pago": "tesoreria.pago",
    "propuesta": "normativa.ver",
    "reconocimiento": "liquidaciones.reconocimiento",
    "retencion": "liquidaciones.ver",
    "usuario": "usuarios.ver",
}


@bp.get("")
@requiere_rol(*LEEN)
def bitacora() -> Any:
    """Rows of the bitácora, of this month so far when the address says nothing; looking is written down once a day."""
    if not auditoria.ya_miro(quien_ingreso(), hoy()):
        with transaccion():
            auditoria.mirar(firma())
    form = _filtro()
    if form.validate() and (formato := formato_pedido()):
        hallada = auditoria.anotaciones(form.filtro, **corte())
        notas = notas_de_lista(_filtro_en_palabras(form), len(hallada.filas), hay_mas=hallada.paginas > 1)
        contenido = escribir(formato, hoja_de_bitacora(hallada.filas, ACCIONES, notas))
        return entregar_lista(contenido, "bitacora", filas=len(hallada.filas))
    exportacion = ExportarForm(None, data={"desde": form.desde.data, "hasta": form.hasta.data})
    return _pagina(form, exportacion, 200 if form.validate() else 422)


@bp.post("/exportar")
@requiere_rol(*LEEN)
def exportar() -> Any:
    """A period as one file, written on disk first: it never is in memory whole, and it is in the bitácora before it leaves."""
    form = ExportarForm()
    if not form.validate():
        filtro = _filtro()
        filtro.validate()
        return _pagina(filtro, form, 422)
    usuario = quien_ingreso()
    archivo = tempfile.TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    try:
        exportar_periodo(form.periodo, archivo, usuario_id=usuario.id, por=usuario.nombre, peticion=peticion_id())
    except BaseException:
        archivo.close()
        raise
    archivo.seek(0)
    return send_file(archivo, "application/zip", as_attachment=True, download_name=form.periodo.nombre)


def _filtro() -> FiltroForm:
    omision = MultiDict({"desde": hoy().replace(day=1).isoformat(), "hasta": hoy().isoformat()})
    return FiltroForm(formdata=request.args if set(request.args) - {"exportar"} else omision)


def _filtro_en_palabras(form: FiltroForm) -> str:
    filtro, cuentas = form.filtro, dict(auditoria.cuentas())
    partes = [f"del {filtro.desde} al {filtro.hasta}"]
    partes += [f"acción: {nombre_de(ACCIONES, filtro.accion)}"] if filtro.accion else []
    partes += [f"cuenta: {cuentas.get(filtro.cuenta, filtro.cuenta)}"] if filtro.cuenta is not None else []
    partes += [f"objeto: {filtro.objeto}"] if filtro.objeto else []
    return "; ".join(partes) + "."


def _pagina(form: FiltroForm, exportacion: ExportarForm, estado: int) -> Any:
    pagina = None if form.errors else auditoria.anotaciones(form.filtro, **corte())
    contexto = {
        "form": form,
        "exportacion": exportacion,
        "pagina": pagina,
        "cadenas": [(CADENAS[c], comprobaciones.cabeza_de(c), comprobaciones.ultimas().get(c)) for c in Cadena],
        "enlace": enlace,
        "accion": lambda codigo: nombre_de(ACCIONES, codigo),
        "detalle": detalle_en_palabras,
        "maximo_dias": MAXIMO_DIAS,
    }
    return render_template("auditoria/bitacora.html", **contexto), estado


def enlace(renglon: Renglon) -> str:
    """The address of what a row touched; empty when it has no page that this account may open."""
    if renglon.pagina is None:
        return ""
    clase, datos = renglon.pagina
    acceso = acceso_de(current_app, PAGINAS[clase])
    abre = isinstance(acceso, frozenset) and quien_ingreso().rol in acceso
    return url_for(PAGINAS[clase], **dict[str, Any](datos)) if abre else ""
