"""Who signed in proves again who it is before what cannot be taken back, and has its second factor before anything else.

A view says it with `@reautenticado`. A form that was sent too late is kept, sealed, and comes back once its person confirmed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.db import transaccion
from portal.models import Usuario
from portal.operaciones import usuarios
from portal.operaciones.cofre import SelloRoto
from portal.operaciones.contrasenas import clave_correcta
from portal.web.acceso import PUBLICO, acceso_de, quien_ingreso
from portal.web.cofre import cofre_actual
from portal.web.conservar import campos_enviados
from portal.web.departamento import ajustes_actuales
from portal.web.formularios import CampoTexto, Formulario
from portal.web.htmx import es_fragmento
from portal.web.reloj import ahora
from portal.web.seguridad import client_ip
from portal.web.sesiones import recordar_token, sesion_actual, token_actual

Vista = TypeVar("Vista", bound=Callable[..., Any])
_ATRIBUTO = "reautenticado"
_GUARDADO_SEGUNDOS = 15 * 60


def reautenticado(vista: Vista) -> Vista:
    """Only who proved at most ten minutes ago who it is may send this form."""
    setattr(vista, _ATRIBUTO, True)
    return vista


def pide_confirmar(app: Flask, endpoint: str) -> bool:
    """Whether the view behind `endpoint` says so."""
    return getattr(app.view_functions[endpoint], _ATRIBUTO, False)


class ConfirmarForm(Formulario):
    """The password again and, of who has a second factor, its code. `guardado` is the form that waits, sealed."""

    contrasena = PasswordField(
        "Contraseña",
        [InputRequired("Escriba su contraseña."), Length(max=128, message="La contraseña es demasiado larga.")],
    )
    codigo_acceso = CampoTexto("Código de verificación", [Length(max=64, message="El código es demasiado largo.")])
    guardado = CampoTexto("Lo que envió")


@dataclass(frozen=True)
class Guardado:
    """A form that was sent: where to, and what it held."""

    direccion: str
    campos: list[tuple[str, str]]


def exigir_persona() -> Any:
    """Before every request of staff, once it is known that it may enter."""
    if request.endpoint is None or acceso_de(current_app, request.endpoint) == PUBLICO:
        return None
    usuario = quien_ingreso()
    if falta_segundo_factor(usuario) and request.blueprint != "cuenta":
        destino = url_for("cuenta.segundo_factor_nuevo")
        return Response("", 401, {"HX-Redirect": destino}) if es_fragmento() else redirect(destino, 303)
    if request.method != "POST" or not pide_confirmar(current_app, request.endpoint):
        return None
    sesion = sesion_actual()
    return None if sesion is not None and usuarios.esta_fresca(sesion, ahora()) else _pedir(usuario)


def falta_segundo_factor(usuario: Usuario) -> bool:
    """Whether this installation demands one, and this account has none yet."""
    return segundo_factor_obligatorio() and not usuario.tiene_segundo_factor


def abrir_guardado(sello: str) -> Guardado | None:
    """The form that waits for whoever signed in; None when there is none, or it is too old or of another account."""
    try:
        dicho = json.loads(cofre_actual().abrir(sello, para=_para(quien_ingreso()), segundos=_GUARDADO_SEGUNDOS))
    except SelloRoto:
        return None
    return Guardado(dicho["direccion"], [(nombre, valor) for nombre, valor in dicho["campos"]])


def exigir_contrasena_actual(usuario: Usuario, contrasena: str) -> None:
    """Throttled as a sign-in is. Raises `IngresoRechazado`, `IngresoDemorado`."""
    momento, correo = ahora(), usuario.correo
    usuarios.admitir_intento(correo, client_ip(), momento)
    if not clave_correcta(usuario.clave_hash, contrasena):
        with transaccion():
            usuarios.contar_fallo(correo, client_ip(), momento)
        raise usuarios.IngresoRechazado


def renovar() -> None:
    """Go on under a new token: who signed in proved who it is."""
    viejo = token_actual() or ""
    with transaccion():
        nuevo, recordar = usuarios.renovar_sesion(viejo, ahora())
    recordar_token(nuevo, recordar=recordar)


def _pedir(usuario: Usuario) -> Response:
    direccion = request.full_path.rstrip("?")
    dicho = json.dumps({"direccion": direccion, "campos": campos_enviados()})
    form = ConfirmarForm(formdata=None, data={"guardado": cofre_actual().sellar(dicho, para=_para(usuario))})
    return make_response(render_template("cuenta/confirmar.html", form=form, cuenta=usuario), 401)


def _para(usuario: Usuario) -> str:
    return f"confirmar:{usuario.id}"


def segundo_factor_obligatorio() -> bool:
    """Whether this installation demands a second factor of everybody."""
    return ajustes_actuales().personas.segundo_factor_obligatorio


def init_app(app: Flask) -> None:
    """Let templates ask what this installation demands, and whether an account lacks it."""
    app.jinja_env.globals.update(
        falta_segundo_factor=falta_segundo_factor, segundo_factor_obligatorio=segundo_factor_obligatorio
    )
