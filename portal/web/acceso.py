"""Who may enter: every view says it with a decorator, and a view that says nothing is closed.

The decorator leaves an attribute on the view; `exigir_acceso` runs before every request and a test asks every route.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request, session
from flask_login import current_user

from portal.extensions import login_manager
from portal.models import Usuario
from portal.models.usuario import Rol

Vista = TypeVar("Vista", bound=Callable[..., Any])
PUBLICO = "publico"
_ATRIBUTO = "acceso"
# The key of the cookie under which Flask-Login looks for the signed-in person.
TOKEN = "_user_id"  # noqa: S105


def publico(vista: Vista) -> Vista:
    """Anyone may enter."""
    setattr(vista, _ATRIBUTO, PUBLICO)
    return vista


def requiere_rol(*roles: Rol) -> Callable[[Vista], Vista]:
    """Only a signed-in account with one of `roles` may enter; no role at all means any signed-in account."""

    def decorar(vista: Vista) -> Vista:
        setattr(vista, _ATRIBUTO, frozenset(roles or Rol))
        return vista

    return decorar


def acceso_de(app: Flask, endpoint: str) -> str | frozenset[Rol] | None:
    """What the view behind `endpoint` declares: `PUBLICO`, a set of roles, or None when it declares nothing."""
    if endpoint == "static":
        return PUBLICO
    return getattr(app.view_functions[endpoint], _ATRIBUTO, None)


def usuario_actual() -> Usuario | None:
    """The signed-in account, or None. The database is asked only here, so public pages that do not call it pay nothing."""
    # Most people never sign in, and Flask-Login looks at many things before it looks at this one.
    if TOKEN not in session:
        return None
    return current_user._get_current_object() if current_user.is_authenticated else None


def quien_ingreso() -> Usuario:
    """The signed-in account, in a view that names roles: `exigir_acceso` let nobody else in."""
    usuario = usuario_actual()
    assert usuario is not None, "exigir_acceso let nobody else in"
    return usuario


def es_de_rol(*roles: Rol) -> bool:
    """Whether whoever asks signed in with one of those roles. Error pages ask it too, and anybody may be given one."""
    usuario = usuario_actual()
    return usuario is not None and usuario.rol in roles


def exigir_acceso() -> Any:
    """Deny by default: before every request, let in only whom the view names."""
    if request.endpoint is None:
        return None
    acceso = acceso_de(current_app, request.endpoint)
    if acceso == PUBLICO:
        return None
    usuario = usuario_actual()
    if usuario is None:
        return login_manager.unauthorized()
    if not acceso or usuario.rol not in acceso:
        abort(403)
    return None
