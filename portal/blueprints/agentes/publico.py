"""`/declaracion/<código>`: what was filed and whether it still stands, for whoever holds the paper."""

from typing import Any

from flask import render_template

from portal.blueprints.agentes.blueprint import bp
from portal.dominio.codigo_corto import escribir_codigo, leer_codigo
from portal.dominio.errores import NoExiste
from portal.operaciones.agentes import versiones
from portal.web.acceso import publico
from portal.web.departamento import departamento_actual
from portal.web.frenos import frenar_consulta


@bp.get("/declaracion/<codigo>")
@publico
def declaracion(codigo: str) -> Any:
    """The entity, the month, the state, the total and the digest: nobody's identity. What is no return's code is counted."""
    try:
        una = versiones.por_codigo(leer_codigo(codigo) or "", departamento_actual().codigo)
    except NoExiste:
        frenar_consulta()
        raise
    return render_template(
        "agentes/publica.html",
        declaracion=una,
        codigo=escribir_codigo(una.codigo),
        firma_vale=versiones.firma_vale(una),
    )
