"""`/gestion/validacion`: the work of the office, and the same as a spreadsheet."""

from typing import Any

from flask import Response, request

from portal.blueprints.validacion.blueprint import bp
from portal.blueprints.validacion.forms import BuscarForm
from portal.db import transaccion
from portal.documentos.libro import Hoja, escribir_xlsx
from portal.documentos.validacion import hoja_de_revertidas, hoja_de_usadas, hoja_por_usar
from portal.dominio.calendario import instante_en_palabras
from portal.models.usuario import Rol
from portal.operaciones import dependencias
from portal.operaciones.bitacora import anotar
from portal.operaciones.dependencias import Lista
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.descargas import entregar_libro
from portal.web.firmas import firma
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import ahora, hoy
from portal.web.tablas import pagina_pedida

_NOMBRES = {
    Lista.POR_USAR: "Por adherir",
    Lista.USADAS_HOY: "Usadas hoy",
    Lista.REVERTIDAS: "Usadas sin pago",
}


@bp.get("")
@requiere_rol(Rol.FUNCIONARIO)
def inicio() -> Any:
    """The box to find a stamp by, the counters, and one of the lists."""
    lista, usuario, momento = _lista(), quien_ingreso(), ahora()
    departamento = departamento_actual().codigo
    pagina = dependencias.pagina_de(lista, usuario, departamento=departamento, ahora=momento, pagina=pagina_pedida())
    return render_page_or_fragment(
        "validacion/inicio.html",
        "validacion/_lista.html",
        form=BuscarForm(None),
        lista=lista,
        nombres=_NOMBRES,
        pagina=pagina,
        cifras=dependencias.cifras(usuario, departamento=departamento, ahora=momento),
        por_deshacer=dependencias.por_deshacer(),
        dependencia=usuario.dependencia,
        hoy=hoy(),
    )


@bp.get("/xlsx")
@requiere_rol(Rol.FUNCIONARIO)
def inicio_xlsx() -> Response:
    """One of the lists as a spreadsheet, without pages; who takes it away is written down."""
    lista, usuario, quien = _lista(), quien_ingreso(), firma()
    filas = dependencias.todas(lista, usuario, departamento=departamento_actual().codigo, ahora=quien.ahora)
    cuerpo = escribir_xlsx([_hoja(lista, filas, [_nota(usuario.dependencia)])])
    with transaccion():
        anotar(
            "validacion.exportar",
            f"validacion:{lista.value}",
            ahora=quien.ahora,
            usuario_id=quien.usuario.id,
            peticion=quien.peticion,
            filas=len(filas),
        )
    return entregar_libro(cuerpo, f"estampillas-{lista.value}")


def _hoja(lista: Lista, filas: Any, notas: list[str]) -> Hoja:
    if lista is Lista.POR_USAR:
        return hoja_por_usar(filas, notas)
    return hoja_de_usadas(filas, notas) if lista is Lista.USADAS_HOY else hoja_de_revertidas(filas, hoy(), notas)


def _nota(dependencia: str) -> str:
    return f"{dependencia or 'Sin dependencia'}. {instante_en_palabras(ahora())}"


def _lista() -> Lista:
    """The list of the address; whatever is unknown is the first one."""
    pedida = request.args.get("lista", "")
    return Lista(pedida) if pedida in set(Lista) else Lista.POR_USAR
