"""The browser's half of a session: Flask's signed cookie holds only the random token of a row in `sesion`."""

import hashlib
import time
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode

from portal.db import transaccion
from portal.extensions import login_manager
from portal.models import Sesion, Usuario
from portal.operaciones import usuarios
from portal.web.acceso import TOKEN
from portal.web.conservar import pagina_para_reenviar
from portal.web.htmx import es_fragmento, pagina_del_fragmento
from portal.web.reloj import ahora
from portal.web.seguridad import DE_TODOS

_ACTUALIZAR_CADA = timedelta(minutes=1)
# Of the eight hours that the token of a form is good for.
_FICHA_JOVEN_SEGUNDOS = 30 * 60


class _SoloEnPaginas(SecureCookieSessionInterface):
    """Sheets and files are the same for everybody: they neither renew the cookie nor vary by it."""

    # Flask's own, by the name that `hmac` knows how to give to OpenSSL whole.
    digest_method = staticmethod(hashlib.sha1)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """One for the life of the portal: its keys do not change, and deriving them takes longer than signing."""
        if "firmador_de_sesion" not in app.extensions:
            app.extensions["firmador_de_sesion"] = super().get_signing_serializer(app)
        firmador: URLSafeTimedSerializer | None = app.extensions["firmador_de_sesion"]
        return firmador

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, on pages only."""
        if request.endpoint not in DE_TODOS:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Bind Flask-Login to our sessions."""
    app.session_interface = _SoloEnPaginas()
    # Templates ask `usuario_actual`.
    login_manager.init_app(app, add_context_processor=False)
    # Ours end on the server; Flask-Login's own fingerprint reads headers that a client may forge.
    login_manager.session_protection = None
    login_manager.user_loader(_cargar)
    login_manager.unauthorized_handler(_pedir_ingreso)
    app.before_request(_seguir_con_la_misma_ficha)


def recordar_token(token: str, *, recordar: bool) -> None:
    """Put a fresh token in a fresh cookie, so that a cookie planted before signing in is worth nothing."""
    session.clear()
    # The token of forms that this request made already belongs to the cookie that is gone.
    g.pop("csrf_token", None)
    session[TOKEN] = token
    session.permanent = recordar


def _seguir_con_la_misma_ficha() -> None:
    """The token that a form has just proved serves the forms of its answer too, while it is young: each costs a signature."""
    ficha = request.form.get("csrf_token") if g.get("csrf_valid") else None
    if ficha and time.time() - int.from_bytes(base64_decode(ficha.rsplit(".", 2)[1]), "big") < _FICHA_JOVEN_SEGUNDOS:
        g.csrf_token = ficha


def token_actual() -> str | None:
    """The token the browser sent, signed by us or absent."""
    token = session.get(TOKEN)
    return token if isinstance(token, str) else None


def sesion_actual() -> Sesion | None:
    """The session of whoever signed in; None once it ended, even meanwhile."""
    return usuarios.sesion_viva(token_actual() or "", ahora())


def _cargar(token: str) -> Usuario | None:
    momento = ahora()
    sesion = usuarios.sesion_viva(token, momento)
    if sesion is None:
        return None
    if momento - sesion.ultima_actividad > _ACTUALIZAR_CADA and not g.get("sesion_tocada"):
        g.sesion_tocada = True
        with transaccion():
            usuarios.tocar_sesion(token, momento)
        sesion = usuarios.sesion_viva(token, momento)
    return sesion.usuario if sesion else None


def _pedir_ingreso() -> Any:
    """Send to `/ingresar`. A fragment gets an order to leave, never a login form inside a table; a form that was being filled
    stays where it is, and one that was sent comes back with what it held."""
    if es_fragmento() and request.method == "POST":
        return Response(render_template("errores/_sesion.html"), 401)
    # Only GET pages are worth coming back to; the target is a path of ours, checked again when it is used.
    if es_fragmento():
        return Response("", 401, {"HX-Redirect": url_for("login.ingresar", siguiente=pagina_del_fragmento())})
    if pagina := pagina_para_reenviar(401, "Su sesión terminó", "Ingrese y luego envíe de nuevo.", ingresar=True):
        return pagina
    siguiente = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("login.ingresar", siguiente=siguiente), 303)
