"""`/apariencia` keeps what a visitor chose; `/colores.css` is the theme of the department."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from portal.web.acceso import publico
from portal.web.apariencia import apariencia_actual, hoja_de_colores, recordar
from portal.web.destino import pagina_propia
from portal.web.htmx import es_fragmento
from portal.web.recursos import cuanto_se_guarda

bp = Blueprint("apariencia", __name__)


@bp.get("/apariencia")
@publico
def cambiar() -> Any:
    """Change theme or size, and go back to the page; a script gets the bar alone, so that nothing typed is lost.

    It is a GET, and has no token, because all that anybody could do to another person with it is to change their colours.
    """
    elegida = apariencia_actual().con(tema=request.args.get("tema"), letra=request.args.get("letra"))
    volver = request.args.get("volver", "")
    if es_fragmento():
        respuesta = make_response(render_template("layouts/_apariencia.html", elegida=elegida, volver=volver))
    else:
        respuesta = make_response(redirect(pagina_propia(volver) or url_for("publico.inicio"), 303))
    recordar(respuesta, elegida)
    return respuesta


@bp.get("/colores.css")
@publico
def colores() -> Response:
    """The colours: kept for ever under the address that has their hash, asked again under any other."""
    hoja = hoja_de_colores()
    return Response(hoja.texto, mimetype="text/css", headers={"Cache-Control": cuanto_se_guarda(hoja.huella)})
