"""Who acts: the signature that an operation of staff takes, and whose it must be."""

from dataclasses import dataclass
from datetime import datetime

from portal.dominio.errores import TransicionNoPermitida
from portal.models import Usuario
from portal.models.usuario import Rol

_QUIENES = {
    Rol.ADMINISTRADOR: "un administrador",
    Rol.RENTAS: "un funcionario de Rentas",
    Rol.TESORERIA: "una persona de Tesorería",
    Rol.FUNCIONARIO: "un funcionario",
    Rol.AGENTE: "un agente recaudador",
}


@dataclass(frozen=True)
class Firma:
    """Who acts, when, in which request."""

    usuario: Usuario
    ahora: datetime
    peticion: str = ""


def exigir_rol(usuario: Usuario, rol: Rol) -> None:
    """Raises `TransicionNoPermitida` for an account of any other role, or one that was closed."""
    if usuario.rol is not rol or not usuario.activo:
        raise TransicionNoPermitida(f"Solo {_QUIENES[rol]} con la cuenta activa puede hacer esto.")
