"""The frame, the style and the headers of a simulator's pages, plain on purpose and never to be taken for a bank's."""

from decimal import Decimal

from flask import Blueprint, Flask, Response

bp = Blueprint("paginas", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
_POLITICA = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"


def nueva_aplicacion(nombre: str) -> Flask:
    """A Flask application that writes JSON as gateways do and has these pages."""
    app = Flask(nombre, static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(bp)
    app.add_url_rule("/salud", "salud", lambda: Response("ok", mimetype="text/plain"))
    return app


@bp.after_app_request
def cabeceras(respuesta: Response) -> Response:
    """Pages are ours alone; the API says nothing that the real one does not."""
    if respuesta.mimetype == "text/html":
        respuesta.headers["Content-Security-Policy"] = _POLITICA
        respuesta.headers["Cache-Control"] = "no-store"
        respuesta.headers["Referrer-Policy"] = "no-referrer"
    return respuesta


@bp.app_template_filter("pesos")
def pesos(crudo: str) -> str:
    """`$1.234.567,50`"""
    texto = f"{Decimal(crudo):,.2f}".translate(str.maketrans(",.", ".,")).removesuffix(",00")
    return f"${texto}"
