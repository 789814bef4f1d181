"""`/gestion/usuarios`, and how an account is named in an address: by its number, which says nothing of its person."""

from typing import Any

from flask import Blueprint, render_template

from portal.blueprints.usuarios.forms import MotivoForm
from portal.dominio.palabras import ROLES
from portal.models import Usuario
from portal.operaciones import personas, segundo_factor, usuarios
from portal.operaciones.personas import EstadoCuenta
from portal.web.acceso import quien_ingreso
from portal.web.reloj import ahora

bp = Blueprint("usuarios", __name__, url_prefix="/gestion/usuarios")
ESTADOS = {EstadoCuenta.ACTIVA: "Activa", EstadoCuenta.INVITADA: "Invitada", EstadoCuenta.INACTIVA: "Inactiva"}


@bp.context_processor
def palabras() -> dict[str, Any]:
    """How templates name a role and how an account stands."""
    return {"roles": ROLES, "estado_de": lambda cuenta: ESTADOS[personas.estado_de(cuenta)]}


def pagina_de(cuenta: Usuario, *, motivo: MotivoForm | None = None, estado: int = 200) -> Any:
    """One account with what can be done with it."""
    pagina = render_template(
        "usuarios/ver.html",
        cuenta=cuenta,
        agente=personas.agente_de(cuenta),
        sesiones=usuarios.sesiones_de(cuenta.id, ahora()),
        codigos=segundo_factor.codigos_sin_usar(cuenta.id),
        es_propia=cuenta.id == quien_ingreso().id,
        motivo=motivo or MotivoForm(formdata=None),
    )
    return pagina, estado
