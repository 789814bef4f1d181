"""One URL, two answers: the whole page, or the fragment that it includes."""

from typing import Any

from flask import Response, make_response, render_template, request


def es_fragmento() -> bool:
    """Whether htmx asks for a piece of the page. Forged headers change the layout of the answer and nothing else."""
    cabeceras = request.headers
    return (
        cabeceras.get("HX-Request") == "true"
        and "HX-Boosted" not in cabeceras
        and "HX-History-Restore-Request" not in cabeceras
    )


def render_page_or_fragment(page: str, fragment: str, status: int = 200, **contexto: Any) -> Response:
    """Render `fragment` alone for htmx, else `page` (which includes it), with the same variables."""
    respuesta = make_response(render_template(fragment if es_fragmento() else page, **contexto), status)
    respuesta.vary.add("HX-Request")
    return respuesta
