"""What the public pages of refunds share."""

from typing import Any

from flask import Blueprint

from portal.dominio.devoluciones import CAUSALES, PALABRAS, TIPOS_CUENTA

bp = Blueprint("devolucion", __name__)


@bp.context_processor
def palabras() -> dict[str, Any]:
    """How templates name a ground, a state and a kind of account."""
    return {"causales": CAUSALES, "palabras_de": PALABRAS, "tipos_cuenta": TIPOS_CUENTA}
