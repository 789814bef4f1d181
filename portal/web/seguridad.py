"""Headers of every answer, and the shape of request that is let in at all."""

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Request, Response, abort, current_app, g, request
from werkzeug.exceptions import SecurityError
from werkzeug.routing import IntegerConverter, Map

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Vista = TypeVar("Vista", bound=Callable[..., Any])

POLITICA_CONTENIDO = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
CABECERAS = {
    "Content-Security-Policy": POLITICA_CONTENIDO,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SOLO_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
# The checker of stamps keeps itself for when there is no connection, can be installed, and looks through the camera.
CABECERAS_VERIFICADOR = {
    "Content-Security-Policy": f"{POLITICA_CONTENIDO}; worker-src 'self'; manifest-src 'self'",
    "Permissions-Policy": CABECERAS["Permissions-Policy"].replace("camera=()", "camera=(self)"),
}


def cabeceras_hacia(destinos: Sequence[str]) -> dict[str, str]:
    """Headers of a page whose form ends elsewhere: browsers hold `form-action` against the redirect that answers it too."""
    return {
        "Content-Security-Policy": POLITICA_CONTENIDO.replace(
            "form-action 'self'", " ".join(["form-action 'self'", *destinos])
        )
    }


# No page may even repeat these: HTML has no way to write them.
_ILEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_CUERPO = "cuerpo_admitido"
_FORMULARIOS = ("application/x-www-form-urlencoded", "multipart/form-data")


# No key of the database is larger, and neither engine takes a larger one to look for.
_MAYOR_NUMERO = 2**63 - 1


class _Numero(IntegerConverter):
    """The number of an address: one that no row can have is an address that does not exist."""

    def __init__(self, mapa: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(mapa, *args, **{"max": _MAYOR_NUMERO, **kwargs})


def init_app(app: Flask) -> None:
    """Register the hooks. Before any route: its addresses take their numbers from here."""
    app.url_map.converters["int"] = _Numero
    app.before_request(_recibir)
    app.after_request(_cerrar_respuesta)
    app.after_request(_decir_adonde_sigue)
    app.wsgi_app = _con_cabeceras(app)  # type: ignore[method-assign, assignment]


def _recibir() -> None:
    """Number the request and let in what a page of ours sends."""
    g.peticion = secrets.token_hex(8)
    # Taken once: each word of Flask's `request` looks for it anew.
    pedida: Request = request._get_current_object()  # type: ignore[attr-defined]
    _exigir_sitio(pedida)
    if (admitido := cuerpo_admitido()) is not None:
        pedida.max_content_length = admitido[0]
    _rechazar_forma(pedida)


def _exigir_sitio(pedida: Request) -> None:
    # The server lets a request without Host through, and its own name would be trusted in its place (B-12). Reading a host
    # that is not ours raises too: no page can be made for it, not even one that says what else is wrong.
    if not pedida.environ.get("HTTP_HOST") or not pedida.host:
        raise SecurityError
    # Who asks for the headers alone asks for those of the page: no view tells them apart, and the server sends no body.
    if pedida.method == "HEAD":
        pedida.method = "GET"


def admite_archivo(maximo: int, frase: str) -> Callable[[Vista], Vista]:
    """Let a view receive a body of up to `maximo` bytes, more than any other form; beyond it `frase` answers, with a 413."""

    def decorar(vista: Vista) -> Vista:
        setattr(vista, _CUERPO, (maximo, frase))
        return vista

    return decorar


def cuerpo_admitido() -> tuple[int, str] | None:
    """What `admite_archivo` says of the view that was asked for, if anything."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), _CUERPO, None)


def _rechazar_forma(pedida: Request) -> None:
    """Refuse what no page of ours sends: repeated fields, control bytes or broken UTF-8, other content types (B-14, B-16)."""
    if "\x00" in pedida.path:
        abort(404)
    for origen in (pedida.args, pedida.form):
        for nombre, valores in origen.lists():
            if nombre is None:
                # A part of a multipart body may have no name.
                abort(422, "Hay un dato sin nombre. Vuelva a la página y envíela de nuevo.")
            if len(valores) > 1 and nombre not in CAMPOS_REPETIBLES and not nombre.endswith(SUFIJO_REPETIBLE):
                abort(422, "Un dato llegó repetido. Vuelva a la página y envíela de nuevo.")
            if any(_ILEGIBLE.search(v) for v in (nombre, *valores)):
                abort(422, "Hay un dato con caracteres que no se pueden leer. Escríbalo de nuevo.")
    trae_algo = pedida.content_length or "Transfer-Encoding" in pedida.headers
    con_cuerpo = pedida.method == "POST" and trae_algo and pedida.blueprint != "notificaciones"
    if con_cuerpo and pedida.mimetype not in _FORMULARIOS:
        abort(415)


# What is the same for everybody, and may be kept.
DE_TODOS = frozenset({"static", "apariencia.colores"})
# Check boxes that are sent once per chosen row.
CAMPOS_REPETIBLES = frozenset({"factura", "acto", "estampillas"})
# And those that are made from data: one name for all the boxes of a question.
SUFIJO_REPETIBLE = ".varios"


def _con_cabeceras(app: Flask) -> "WSGIApplication":
    """The portal, saying in every answer what is always the same, unless a view said it in its own way."""
    aplicacion = app.wsgi_app
    fijas, solo_https = ([(n.lower(), (n, valor)) for n, valor in de.items()] for de in (CABECERAS, SOLO_HTTPS))

    def responder(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # Even when nobody said how many proxies are in front: a browser only listens to it over https.
        faltan = fijas + solo_https if app.config["SESSION_COOKIE_SECURE"] else fijas

        def comenzar(estado: str, dichas: list[tuple[str, str]], *error: Any) -> Any:
            propias = {nombre.lower() for nombre, _ in dichas}
            return start_response(estado, dichas + [par for nombre, par in faltan if nombre not in propias], *error)

        return aplicacion(environ, comenzar)

    return responder


def _cerrar_respuesta(respuesta: Response) -> Response:
    if request.endpoint not in DE_TODOS or respuesta.status_code >= 400:
        # Pages hold personal data or somebody's state: nothing is kept in a shared computer.
        respuesta.headers["Cache-Control"] = "no-store"
    respuesta.headers["X-Request-Id"] = g.get("peticion", "")
    return respuesta


def _decir_adonde_sigue(respuesta: Response) -> Response:
    """To whoever does not follow a redirect by itself, in Spanish: werkzeug explains it in English."""
    if respuesta.location and 300 <= respuesta.status_code < 400:
        respuesta.mimetype = "text/plain"
        respuesta.set_data(f"La página sigue en {respuesta.location}\n")
    return respuesta


def client_ip() -> str:
    """Address of the peer; behind proxies only when `PORTAL_PROXIES` says how many (ProxyFix)."""
    return request.remote_addr or ""


def peticion_id() -> str:
    """Id of this request, printed on error pages and in the log."""
    return str(g.get("peticion", ""))
