"""Signing in with a second factor: a right password only opens a short wait for the code."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from portal.db import db, ejecutar
from portal.dominio.errores import ErrorDominio
from portal.models import EnlaceCuenta, IngresoPendiente, Sesion, Usuario
from portal.operaciones.fichas import huella_de, nueva_ficha
from portal.operaciones.usuarios import abrir_sesion

ESPERA = timedelta(minutes=5)
# What somebody may still ask about: from where an account was used lately. What matters longer is in the bitácora.
_SE_GUARDA = timedelta(days=30)


class CodigoRechazado(ErrorDominio):
    """Wrong, used, or of another moment: one answer for all."""

    def __init__(self) -> None:
        super().__init__("El código no es correcto o ya se usó. Espere el siguiente e inténtelo de nuevo.")


def esperar_codigo(usuario_id: int, *, recordar: bool, ahora: datetime) -> str:
    """Note that the password was right; returns the token with which the code is brought."""
    ficha, huella = nueva_ficha()
    db.session.add(IngresoPendiente(huella=huella, usuario_id=usuario_id, recordar=recordar, vence_en=ahora + ESPERA))
    return ficha


def pendiente_de(ficha: str, ahora: datetime) -> IngresoPendiente | None:
    """The sign-in that waits for its code; None once it ended, or its five minutes did."""
    pendiente = db.session.get(IngresoPendiente, huella_de(ficha)) if ficha else None
    if pendiente is None or pendiente.terminado_en or ahora >= pendiente.vence_en or not pendiente.usuario.activo:
        return None
    return pendiente


def completar(ficha: str, prueba: Callable[[Usuario], bool], *, ahora: datetime, navegador: str) -> str:
    """Start the session of the account whose second factor `prueba` uses up; returns its token. Raises `CodigoRechazado`."""
    pendiente = pendiente_de(ficha, ahora)
    if pendiente is None or not prueba(pendiente.usuario):
        raise CodigoRechazado
    vivo = update(IngresoPendiente).where(
        IngresoPendiente.huella == pendiente.huella, IngresoPendiente.terminado_en.is_(None)
    )
    if ejecutar(vivo.values(terminado_en=ahora)) != 1:
        raise CodigoRechazado
    return abrir_sesion(pendiente.usuario_id, recordar=pendiente.recordar, ahora=ahora, navegador=navegador)


def tiene_segundo_factor(usuario_id: int) -> bool:
    """Whether an account brings a code after its password."""
    return db.session.get_one(Usuario, usuario_id).tiene_segundo_factor


def olvidar_ingresos(ahora: datetime) -> int:
    """Drop sessions, waits and links that ran out more than thirty days ago; returns how many."""
    antes = ahora - _SE_GUARDA
    return sum(ejecutar(delete(una).where(una.vence_en < antes)) for una in (Sesion, IngresoPendiente, EnlaceCuenta))
