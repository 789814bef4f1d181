"""The collecting agent that an address names."""

from flask import request

from portal.db import transaccion
from portal.dominio.errores import NoExiste
from portal.models import Agente
from portal.operaciones.agentes import accesos
from portal.operaciones.agentes.registro import por_codigo
from portal.web.departamento import departamento_actual
from portal.web.firmas import firma


def agente_de_la_direccion(codigo: str) -> Agente:
    """The agent behind a code. Raises `NoExiste`, for another agent's too: that one is noted in the bitácora."""
    departamento = departamento_actual().codigo
    agente = por_codigo(codigo, departamento)
    if accesos.es_ajeno(agente, firma()):
        with transaccion():
            accesos.anotar_ajeno(por_codigo(codigo, departamento), request.path, firma=firma())
        raise NoExiste("No encontramos ese agente recaudador.")
    return agente
