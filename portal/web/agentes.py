"""The collecting agent that an address names."""

from portal.dominio.errores import Ajeno
from portal.models import Agente
from portal.models.usuario import Rol
from portal.operaciones.agentes.registro import por_codigo
from portal.web.acceso import quien_ingreso
from portal.web.departamento import departamento_actual


def agente_de_la_direccion(codigo: str) -> Agente:
    """The agent behind a code. Raises `NoExiste`; for an account of another agent, `Ajeno`."""
    agente, quien = por_codigo(codigo, departamento_actual().codigo), quien_ingreso()
    if quien.rol is Rol.AGENTE and quien.agente_id != agente.id:
        raise Ajeno("No encontramos ese agente recaudador.", f"agente:{agente.id}")
    return agente
