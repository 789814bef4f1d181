"""`/gestion/normativa/propuestas/<n>/simulacion`: run a draft over last year's assessments and read what it would change.

The browser drives the run: every answer to *avanzar* is a step that asks for the next one. Closing the page stops it, and
opening it again goes on.
"""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for

from portal.blueprints.simulaciones.vista import contexto_de
from portal.db import transaccion
from portal.documentos.simulacion import libro_de_simulacion
from portal.dominio.errores import ErrorDominio, NoExiste
from portal.models.usuario import Rol
from portal.operaciones import simulaciones, tramos
from portal.operaciones.borradores import Borrador as Propuesto
from portal.operaciones.tramos import SimulacionVieja
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.descargas import entregar_libro
from portal.web.htmx import es_fragmento, render_page_or_fragment
from portal.web.reloj import BOGOTA, ahora
from portal.web.seguridad import peticion_id

bp = Blueprint("simulaciones", __name__, url_prefix="/gestion/normativa/propuestas/<int:propuesta_id>")
LEEN = (Rol.ADMINISTRADOR, Rol.AUDITOR)
# How long a step works. Without JavaScript a person presses a button for each, so there are fewer and longer ones.
SEGUNDOS, SEGUNDOS_SIN_JS = 1.0, 8.0


@bp.get("/simulacion")
@requiere_rol(*LEEN)
def ver(propuesta_id: int) -> Any:
    """The latest run of a draft, as far as it is."""
    return _pagina(propuesta_id)


@bp.post("/simulacion")
@requiere_rol(Rol.ADMINISTRADOR)
def iniciar(propuesta_id: int) -> Any:
    """Begin a run, or go on with the one that is not finished."""
    try:
        with transaccion():
            una = _buscar(propuesta_id)
            simulaciones.iniciar(_departamento(), una, usuario=quien_ingreso(), ahora=ahora(), peticion=peticion_id())
    except NoExiste:
        raise
    except ErrorDominio as error:
        flash(error.mensaje, "error")
    return redirect(url_for("simulaciones.ver", propuesta_id=propuesta_id), 303)


@bp.post("/simulacion/avanzar")
@requiere_rol(Rol.ADMINISTRADOR)
def avanzar(propuesta_id: int) -> Any:
    """One step. What another tab did before, or a draft that changed meanwhile, only shows in the answer."""
    _buscar(propuesta_id)
    simulacion, anunciar = simulaciones.ultima_de(_departamento(), propuesta_id), False
    if simulacion is not None and simulacion.en_curso:
        cuarto = simulacion.por_ciento // 25
        try:
            tramo = tramos.calcular(simulacion, segundos=SEGUNDOS if es_fragmento() else SEGUNDOS_SIN_JS)
            with transaccion():
                tramos.guardar(tramo, ahora=ahora(), peticion=peticion_id())
            # Said aloud at each quarter only: a step takes about a second.
            anunciar = simulacion.por_ciento // 25 != cuarto
        except SimulacionVieja:
            # The page says it, beside the button that begins another run.
            pass
    if es_fragmento():
        return _pagina(propuesta_id, anunciar=anunciar)
    return redirect(url_for("simulaciones.ver", propuesta_id=propuesta_id), 303)


@bp.get("/simulacion.xlsx")
@requiere_rol(*LEEN)
def libro(propuesta_id: int) -> Any:
    """The finished run as a spreadsheet. Raises `NoExiste` while there is none."""
    una, departamento = _buscar(propuesta_id), _departamento()
    simulacion = simulaciones.ultima_de(departamento, propuesta_id)
    if simulacion is None or not simulacion.termino:
        raise NoExiste("Esa propuesta no tiene una simulación terminada.")
    titulo = simulaciones.titulo_de(departamento, una)
    dia = simulacion.creada_en.astimezone(BOGOTA).date()
    libro = libro_de_simulacion(simulacion, titulo, simulaciones.nombres_de(departamento), dia)
    return entregar_libro(libro, f"simulacion-propuesta-{una.id}")


def _pagina(propuesta_id: int, *, anunciar: bool = False) -> Response:
    return render_page_or_fragment(
        "simulaciones/ver.html",
        "simulaciones/_simulacion.html",
        anunciar=anunciar,
        administra=quien_ingreso().rol is Rol.ADMINISTRADOR,
        **contexto_de(_departamento(), _buscar(propuesta_id)),
    )


def _buscar(propuesta_id: int) -> Propuesto:
    return simulaciones.propuesta_de(_departamento(), propuesta_id)


def _departamento() -> str:
    return departamento_actual().codigo
