"""`/gestion/tesoreria`: the queues, their cases, taking one and closing it."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from portal.blueprints.tesoreria.blueprint import LEEN, bp, descarga
from portal.blueprints.tesoreria.forms import CerrarForm, RastrearForm
from portal.blueprints.tesoreria.palabras import alarmas, que_paso
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.tesoreria import hoja_de_casos, hoja_de_colas, hojas_de_un_caso
from portal.dominio.casos import COLAS, ClaseCaso, SalidaCaso
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Caso
from portal.models.usuario import Rol
from portal.operaciones import casos, colas, ordenes, rastreo
from portal.operaciones.agentes import colas_consignaciones
from portal.operaciones.agentes.colas_consignaciones import Cuales
from portal.operaciones.archivos_banco.consultas import movimientos_de
from portal.operaciones.colas import Filtro
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import ahora

_FILTROS = {
    Filtro.ABIERTOS: "Abiertos",
    Filtro.MIOS: "Míos",
    Filtro.SIN_RESPONSABLE: "Sin responsable",
    Filtro.CERRADOS: "Cerrados",
}


@bp.get("")
@requiere_rol(*LEEN)
def inicio() -> Any:
    """How every queue stands, and the box to find money by."""
    filas = colas.estado_de_las_colas(quien_ingreso().id, ahora())
    if formato := formato_pedido():
        hoja = hoja_de_colas(filas, ahora(), notas_de_lista("todas las colas", len(filas)))
        return entregar_lista(escribir(formato, hoja), "colas-de-tesoreria", filas=len(filas))
    return render_template(
        "tesoreria/inicio.html",
        filas=filas,
        por_aprobar=colas.por_aprobar(),
        consignaciones=colas_consignaciones.cuantas(Cuales.RECIBIDAS),
        form=RastrearForm(),
    )


@bp.get("/casos")
@requiere_rol(*LEEN)
def lista() -> Any:
    """The cases of one queue, or of all of them."""
    clase, filtro = _pedido()
    pagina = colas.casos_de(clase, filtro, usuario_id=quien_ingreso().id, **corte())
    if formato := formato_pedido():
        nombre = COLAS[clase].nombre if clase else "Todas las colas"
        notas = notas_de_lista(f"{nombre}. {_FILTROS[filtro]}.", len(pagina.filas), hay_mas=pagina.paginas > 1)
        contenido = escribir(formato, hoja_de_casos(pagina.filas, notas))
        return entregar_lista(contenido, "casos-de-tesoreria", filas=len(pagina.filas))
    return render_page_or_fragment(
        "tesoreria/casos.html",
        "tesoreria/_casos.html",
        pagina=pagina,
        clase=clase,
        filtro=filtro,
        filtros=_FILTROS,
    )


@bp.get("/casos/<int:numero>")
@requiere_rol(*LEEN)
def caso(numero: int) -> Any:
    """One case: what happened, the money, what was done, and what may be done."""
    return _pagina(casos.por_numero(numero))


@bp.get("/casos/<int:numero>.xlsx")
@requiere_rol(*LEEN)
def caso_xlsx(numero: int) -> Response:
    """One case as a spreadsheet."""
    uno = casos.por_numero(numero)
    return descarga(hojas_de_un_caso(uno, colas.historia(uno)), f"caso-{numero}")


@bp.post("/casos/<int:numero>/tomar")
@requiere_rol(Rol.TESORERIA)
def tomar(numero: int) -> Any:
    """Become the owner of a case."""
    caso_id = casos.por_numero(numero).id
    try:
        with transaccion():
            casos.tomar_caso(caso_id, **vars(firma()))
    except TransicionNoPermitida as error:
        return _pagina(casos.por_numero(numero), estado=409, problema=error.mensaje)
    flash(f"Usted es responsable del caso {numero}.", "exito")
    return redirect(url_for("tesoreria.caso", numero=numero), 303)


@bp.post("/casos/<int:numero>/cerrar")
@requiere_rol(Rol.TESORERIA)
def cerrar(numero: int) -> Any:
    """End a case with one of the ways out of its queue."""
    uno = casos.por_numero(numero)
    form = CerrarForm()
    form.preparar(uno.clase)
    if not form.validate():
        return _pagina(uno, form, estado=422)
    caso_id = uno.id
    try:
        with transaccion():
            casos.cerrar(caso_id, form.elegida, nota=form.nota.leido, **vars(firma()))
    except TransicionNoPermitida as error:
        return _pagina(casos.por_numero(numero), form, estado=409, problema=error.mensaje)
    flash(f"El caso {numero} quedó cerrado.", "exito")
    return redirect(url_for("tesoreria.caso", numero=numero), 303)


def _pagina(uno: Caso, form: CerrarForm | None = None, *, estado: int = 200, problema: str = "") -> Response:
    if form is None:
        form = CerrarForm(None)
        form.preparar(uno.clase)
    return render_page_or_fragment(
        "tesoreria/caso.html",
        "tesoreria/_cerrar.html",
        estado,
        caso=uno,
        form=form,
        problema=problema,
        frases=que_paso(uno),
        alarmas=alarmas(uno),
        pasos=colas.historia(uno),
        ordenes=ordenes.del_caso(uno),
        notificacion=rastreo.notificacion_de(uno),
        movimientos=movimientos_de(uno),
        es_mio=uno.responsable_id == quien_ingreso().id,
        espera_dinero=casos.espera_dinero(uno),
        puede_legalizar=SalidaCaso.ORDENADO in COLAS[uno.clase].salidas,
    )


def _pedido() -> tuple[ClaseCaso | None, Filtro]:
    """Queue and filter of the address; whatever is unknown is every queue, and the open cases."""
    cola, filtro = request.args.get("cola", ""), request.args.get("filtro", "")
    return (
        ClaseCaso(cola) if cola in set(ClaseCaso) else None,
        Filtro(filtro) if filtro in set(Filtro) else Filtro.ABIERTOS,
    )
