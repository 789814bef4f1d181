"""`/gestion/liquidaciones/importar`: a file of contracts is tried first, and issued whole only after somebody saw the total."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for

from portal.blueprints.lotes import libros
from portal.blueprints.lotes.forms import SubirForm
from portal.db import transaccion
from portal.documentos.libro import Hoja, escribir, escribir_csv, escribir_xlsx
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import Lote
from portal.models.usuario import Rol
from portal.operaciones.lotes import importacion
from portal.operaciones.lotes.archivo import ArchivoIlegible, leer_tabla
from portal.operaciones.lotes.columnas import COLUMNAS, reconocer
from portal.operaciones.lotes.importacion import EN_PANTALLA, LoteCambio, LoteConErrores
from portal.operaciones.lotes.renglones import ErrorCelda
from portal.operaciones.lotes.simulacro import Regimen, Simulacro
from portal.operaciones.normativa import normativa_de
from portal.operaciones.paginas import paginas_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.descargas import XLSX
from portal.web.exportacion import entregar_lista, formato_pedido
from portal.web.firmas import firma
from portal.web.htmx import es_fragmento, render_page_or_fragment
from portal.web.preferencias import registros_elegidos
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import admite_archivo
from portal.web.tablas import pagina_pedida

bp = Blueprint("lotes", __name__, url_prefix="/gestion/liquidaciones/importar")
# Larger than a good file, so that a somewhat larger one gets a sentence instead of a cut connection.
_MAXIMO_ENVIO = 4 * EN_PANTALLA.bytes
_TIPOS = {
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
}


@bp.route("", methods=["GET", "POST"])
@requiere_rol(Rol.RENTAS)
@admite_archivo(
    _MAXIMO_ENVIO, f"El archivo es demasiado grande. Debe tener como máximo {EN_PANTALLA.bytes // 1024**2} MB."
)
def subir() -> Any:
    """Choose a file. One that can be read waits for its dry run to be accepted; another one is refused here."""
    form = SubirForm()
    if not form.is_submitted():
        return _pagina_subir(form, 200)
    if not form.validate():
        return _pagina_subir(form, 422)
    enviado = form.archivo.data
    try:
        contenido = enviado.read(EN_PANTALLA.bytes + 1)
        # Only a file whose titles are right is worth keeping; its rows are tried by the next page.
        reconocer(leer_tabla(contenido, EN_PANTALLA), normativa_de(departamento_actual().codigo))
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina_subir(form, 422)
    with transaccion():
        # One file waits per person: a new one takes the place of the one before.
        importacion.descartar(quien_ingreso())
        codigo = importacion.guardar(
            contenido,
            enviado.filename or "",
            departamento=departamento_actual().codigo,
            usuario=quien_ingreso(),
            ahora=ahora(),
        ).codigo
    return redirect(url_for("lotes.ver", codigo=codigo), 303)


@bp.get("/plantilla/<formato>")
@requiere_rol(Rol.RENTAS)
def plantilla(formato: str) -> Any:
    """The template with a row of example; as a workbook, with its help."""
    hojas = libros.plantilla(normativa_de(departamento_actual().codigo), hoy())
    if formato == "xlsx":
        return _descarga(escribir_xlsx(hojas), "plantilla-contratos.xlsx")
    if formato == "csv":
        return _descarga(escribir_csv(hojas[0]), "plantilla-contratos.csv")
    return abort(404)


@bp.get("/<codigo>")
@requiere_rol(Rol.RENTAS, Rol.AUDITOR)
def ver(codigo: str) -> Any:
    """What importing a file would do now; once imported, what it did."""
    lote = _lote(codigo)
    if lote.importado_en is not None:
        return _pagina_resultado(lote)
    return _pagina_revision(lote, _ensayar(lote))


@bp.post("/<codigo>/emitir")
@requiere_rol(Rol.RENTAS)
def emitir(codigo: str) -> Any:
    """Issue everything, only if it is what the officer saw."""
    try:
        with transaccion():
            importacion.importar(
                _lote(codigo),
                regimen=_regimen(),
                firma=firma(),
                hoy=hoy(),
                visto=request.form.get("visto", ""),
            )
    except LoteCambio as error:
        return _pagina_revision(_lote(codigo), error.simulacro, aviso=error.mensaje, estado=409)
    except LoteConErrores as error:
        lote = _lote(codigo)
        simulacro = _ensayar(lote)
        # What only issuing finds out joins what the dry run says.
        simulacro.errores = list(error.errores)
        return _pagina_revision(lote, simulacro, aviso=error.mensaje, estado=409)
    except TransicionNoPermitida as error:
        flash(error.mensaje, "alerta")
    else:
        flash("El archivo quedó importado.", "exito")
    return redirect(url_for("lotes.ver", codigo=codigo), 303)


@bp.post("/descartar")
@requiere_rol(Rol.RENTAS)
def descartar() -> Any:
    """Forget the file that waits."""
    with transaccion():
        importacion.descartar(quien_ingreso())
    flash("El archivo se borró del portal. No se emitió nada.", "exito")
    return redirect(url_for("lotes.subir"), 303)


@bp.get("/<codigo>/errores.xlsx")
@requiere_rol(Rol.RENTAS)
def errores(codigo: str) -> Any:
    """Every error of the dry run, to mend the file beside it."""
    lote = _lote(codigo)
    hallados: list[ErrorCelda] = [] if lote.importado_en else _ensayar(lote).errores
    return _libro(libros.errores(hallados), "errores-del-archivo.xlsx")


def _pagina_subir(form: SubirForm, estado: int) -> Any:
    return render_page_or_fragment(
        "lotes/subir.html",
        "lotes/_subir.html",
        estado,
        form=form,
        limites=EN_PANTALLA,
        columnas=COLUMNAS,
        importados=importacion.importados(departamento_actual().codigo),
    )


def _pagina_revision(lote: Lote, simulacro: Simulacro, *, aviso: str = "", estado: int = 200) -> Any:
    respuesta = render_page_or_fragment(
        "lotes/revisar.html", "lotes/_revisar.html", estado, lote=lote, simulacro=simulacro, aviso=aviso
    )
    return _con_direccion(respuesta, lote)


def _pagina_resultado(lote: Lote) -> Any:
    registros = registros_elegidos()
    if formato := formato_pedido():
        renglones = importacion.resultado(lote).renglones
        origen = ajustes_actuales().url
        hoja = libros.resultado(renglones, hoy(), lambda c: origen + url_for("publico.liquidacion_pdf", codigo=c))
        return entregar_lista(escribir(formato, hoja), "resultado-de-la-importacion", filas=len(renglones))
    pagina = max(pagina_pedida(), 1)
    hallado = importacion.resultado(lote, desde=(pagina - 1) * registros, limite=registros)
    respuesta = render_page_or_fragment(
        "lotes/resultado.html",
        "lotes/_resultado.html",
        lote=lote,
        resultado=hallado,
        pagina=pagina,
        paginas=paginas_de(hallado.cuantos, registros),
        actua=quien_ingreso().rol is Rol.RENTAS,
        hoy=hoy(),
    )
    return _con_direccion(respuesta, lote)


def _con_direccion(respuesta: Response, lote: Lote) -> Response:
    """A fragment that came after an upload has an address of its own, worth a place in the browser's history."""
    if es_fragmento():
        respuesta.headers["HX-Push-Url"] = url_for("lotes.ver", codigo=lote.codigo)
    return respuesta


def _lote(codigo: str) -> Lote:
    return importacion.por_codigo(
        codigo, departamento=departamento_actual().codigo, usuario=quien_ingreso(), ahora=ahora()
    )


def _ensayar(lote: Lote) -> Simulacro:
    try:
        return importacion.ensayar(importacion.tabla_de(lote), regimen=_regimen(), hoy=hoy())
    except ArchivoIlegible as error:
        # It was readable when it came: the rules changed their questions since.
        return Simulacro(errores=[ErrorCelda(1, "", "", mensaje) for mensaje in error.mensajes])


def _regimen() -> Regimen:
    departamento = departamento_actual()
    return Regimen(departamento.codigo, departamento.dias_para_pagar, ajustes_actuales().es_demostracion)


def _libro(hoja: Hoja, nombre: str) -> Response:
    return _descarga(escribir_xlsx([hoja]), nombre)


def _descarga(contenido: bytes, nombre: str) -> Response:
    respuesta = make_response(contenido)
    respuesta.content_type = _TIPOS[nombre.rpartition(".")[2]]
    respuesta.headers["Content-Disposition"] = f'attachment; filename="{nombre}"'
    return respuesta
