"""One URL, two answers: the whole page, or the fragment that it includes."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request


def es_fragmento() -> bool:
    """Whether htmx asks for a piece of the page. Forged headers change the layout of the answer and nothing else."""
    cabeceras = request.headers
    return (
        cabeceras.get("HX-Request") == "true"
        and "HX-Boosted" not in cabeceras
        and "HX-History-Restore-Request" not in cabeceras
    )


def pagina_del_fragmento() -> str:
    """Path and query of the page that asks for a fragment, when htmx names one of this portal; else those of the request."""
    partes = urlsplit(request.headers.get("HX-Current-URL", ""))
    if partes.netloc != request.host or not partes.path.startswith("/"):
        return request.full_path.rstrip("?")
    return partes.path + (f"?{partes.query}" if partes.query else "")


def ir_a(direccion: str, *, vuelta: str) -> Response:
    """Send the browser on after a POST. A script cannot follow to another server: it is told where, and goes there itself.

    `vuelta`, an address of this portal, takes the place of the page left behind, so that Back does not send the POST again.
    """
    if es_fragmento():
        return Response("", 204, {"HX-Redirect": direccion, "HX-Replace-Url": vuelta})
    return make_response(redirect(direccion, 303))


def render_page_or_fragment(page: str, fragment: str, status: int = 200, **contexto: Any) -> Response:
    """Render `fragment` alone for htmx, else `page` (which includes it), with the same variables."""
    respuesta = make_response(render_template(fragment if es_fragmento() else page, **contexto), status)
    respuesta.headers["Vary"] = "HX-Request"
    return respuesta
