"""`/gestion/validacion/lista`: the state of each contract of a list, on the screen or as a spreadsheet; no list is kept."""

from secrets import token_urlsafe
from typing import Any

from flask import Blueprint, Response

from portal.blueprints.validacion_lista.forms import ListaForm
from portal.db import transaccion
from portal.documentos.libro import Hoja, escribir_csv, escribir_xlsx
from portal.documentos.listas import TITULOS_PLANTILLA, hoja_de_lista, hojas_de_lista
from portal.dominio.errores import DatoInvalido
from portal.models.usuario import Rol
from portal.operaciones import listas
from portal.operaciones.certificados import MAXIMO_FILAS
from portal.operaciones.listas import LIMITES, ListaRevisada
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.descargas import entregar_csv
from portal.web.exportacion import entregar_lista, formato_pedido
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import admite_archivo, peticion_id

bp = Blueprint("validacion_lista", __name__, url_prefix="/gestion/validacion/lista")
LEEN = (Rol.FUNCIONARIO, Rol.RENTAS, Rol.TESORERIA, Rol.AUDITOR)
# Who may open the page of a liquidación that is for staff; the others open the one that its contributor has.
_VEN_LIQUIDACIONES = (Rol.RENTAS, Rol.AUDITOR, Rol.ADMINISTRADOR)
_DEMASIADO = f"El archivo es demasiado grande. Debe tener como máximo {LIMITES.bytes // 1024**2} MB."


@bp.route("", methods=["GET", "POST"])
@requiere_rol(*LEEN)
@admite_archivo(4 * LIMITES.bytes, _DEMASIADO)
def lista() -> Any:
    """Paste or upload, and read the state of each row; the same list as a spreadsheet when `exportar` says so."""
    form = ListaForm()
    if not form.is_submitted():
        return _pagina(form, None, 200)
    if not form.validate():
        return _pagina(form, None, 422)
    try:
        renglones = listas.leer_lista(form.contenido)
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, None, 422)
    with transaccion():
        revisada = listas.revisar(
            departamento_actual().codigo,
            renglones,
            hoy=hoy(),
            usuario=quien_ingreso(),
            ahora=ahora(),
            peticion=peticion_id(),
        )
    if formato := formato_pedido():
        return entregar_lista(_ESCRIBIR[formato](revisada), "estado-de-los-contratos", filas=len(renglones))
    return _pagina(form, revisada, 200)


@bp.get("/plantilla")
@requiere_rol(*LEEN)
def plantilla() -> Response:
    """The titles that a list may have."""
    return entregar_csv(escribir_csv(Hoja("Lista", TITULOS_PLANTILLA, ())), "lista-de-contratos")


def _pagina(form: ListaForm, revisada: ListaRevisada | None, estado: int) -> Any:
    return render_page_or_fragment(
        "validacion_lista/lista.html",
        "validacion_lista/_lista.html",
        estado,
        form=form,
        revisada=revisada,
        texto=listas.escribir_lista(revisada.renglones) if revisada else "",
        limites=LIMITES,
        ve_liquidaciones=quien_ingreso().rol in _VEN_LIQUIDACIONES,
        leida_en=ahora(),
        clave=token_urlsafe(24),
        maximo_certificado=MAXIMO_FILAS,
    )


def _xlsx(revisada: ListaRevisada) -> bytes:
    return escribir_xlsx(hojas_de_lista(revisada, ahora()))


def _csv(revisada: ListaRevisada) -> bytes:
    """Without notes: whoever mends its rows validates the same file again."""
    return escribir_csv(hoja_de_lista(revisada, ahora()))


_ESCRIBIR = {"xlsx": _xlsx, "csv": _csv}
