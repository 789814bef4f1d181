"""`/gestion/correos`: the notices by e-mail that could not leave, with why, and the order to try them again.

Nobody reads here whose address it is: the fact that each notice tells of has its own page, for who may see it.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_correos
from portal.dominio.dinero import escribir_miles
from portal.models.usuario import Rol
from portal.operaciones import correos
from portal.operaciones.paginas import Pagina
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma

bp = Blueprint("correos", __name__, url_prefix="/gestion/correos")


@bp.get("")
@requiere_rol(Rol.ADMINISTRADOR, Rol.AUDITOR)
def lista() -> Any:
    """Those given up and those that failed and will be tried again, the oldest first."""
    detenidos = correos.detenidos(**corte())
    if formato := formato_pedido():
        return _archivo(detenidos, formato)
    return render_template(
        "gestion/correos.html",
        detenidos=detenidos,
        por_reanudar=correos.por_reanudar(),
        administra=quien_ingreso().rol is Rol.ADMINISTRADOR,
    )


@bp.post("/reanudar")
@requiere_rol(Rol.ADMINISTRADOR)
def reanudar() -> Any:
    """Put those given up back in their turn; the sender takes them from there."""
    with transaccion():
        cuantos = correos.reanudar(firma())
    if cuantos:
        flash(f"Correos que se intentarán de nuevo en unos minutos: {escribir_miles(cuantos)}.", "exito")
    else:
        flash("No había correos por intentar de nuevo.", "info")
    return redirect(url_for("correos.lista"), 303)


def _archivo(detenidos: Pagina[Any], formato: str) -> Any:
    notas = notas_de_lista(
        "correos que no han salido.", len(detenidos.filas), hay_mas=detenidos.total > len(detenidos.filas)
    )
    return entregar_lista(
        escribir(formato, hoja_de_correos(detenidos.filas, notas)), "correos", filas=len(detenidos.filas)
    )
