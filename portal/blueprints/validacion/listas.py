"""`/gestion/validacion`: the work of the office, and the same as a spreadsheet."""

from typing import Any

from flask import request

from portal.blueprints.validacion.blueprint import bp
from portal.blueprints.validacion.forms import BuscarForm
from portal.documentos.libro import Hoja, escribir
from portal.documentos.validacion import hoja_de_revertidas, hoja_de_usadas, hoja_por_usar
from portal.models.usuario import Rol
from portal.operaciones import dependencias
from portal.operaciones.dependencias import Lista
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import ahora, hoy

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
    pagina = dependencias.pagina_de(lista, usuario, departamento=departamento, ahora=momento, **corte())
    if formato := formato_pedido():
        filtro = f"{usuario.dependencia or 'Sin dependencia'}. {_NOMBRES[lista]}."
        notas = notas_de_lista(filtro, len(pagina.filas), hay_mas=pagina.paginas > 1)
        hoja = _hoja(lista, pagina.filas, notas)
        return entregar_lista(escribir(formato, hoja), f"estampillas-{lista.value}", filas=len(hoja.filas))
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


def _hoja(lista: Lista, filas: Any, notas: list[str]) -> Hoja:
    if lista is Lista.POR_USAR:
        return hoja_por_usar(filas, notas)
    return hoja_de_usadas(filas, notas) if lista is Lista.USADAS_HOY else hoja_de_revertidas(filas, hoy(), notas)


def _lista() -> Lista:
    """The list of the address; whatever is unknown is the first one."""
    pedida = request.args.get("lista", "")
    return Lista(pedida) if pedida in set(Lista) else Lista.POR_USAR
