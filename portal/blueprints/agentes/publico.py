"""`/declaracion/<código>`: what was filed and whether it still stands, for whoever holds the paper."""

from typing import Any

from flask import render_template

from portal.blueprints.agentes.blueprint import bp
from portal.dominio.codigo_corto import escribir_codigo, leer_codigo
from portal.operaciones.agentes import versiones
from portal.web.acceso import publico
from portal.web.departamento import departamento_actual


@bp.get("/declaracion/<codigo>")
@publico
def declaracion(codigo: str) -> Any:
    """The entity, the month, the state, the total and the digest: nobody's identity."""
    una = versiones.por_codigo(leer_codigo(codigo) or "", departamento_actual().codigo)
    return render_template("agentes/publica.html", declaracion=una, codigo=escribir_codigo(una.codigo))
