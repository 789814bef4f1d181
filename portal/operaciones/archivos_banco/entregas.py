"""Keeping a file between its dry run and its import."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.db import db, ejecutar
from portal.dominio.archivos import nombre_legible
from portal.dominio.errores import Ajeno, NoExiste
from portal.models import EntregaBanco, Usuario

VIGENCIA = timedelta(hours=2)
_YA_NO_ESPERA = "Ese archivo ya no espera en el portal. Súbalo de nuevo."


def guardar(contenido: bytes, nombre: str, *, usuario: Usuario, ahora: datetime) -> EntregaBanco:
    """Keep a file for its owner, in place of the one that waited, until it is imported or two hours pass."""
    descartar(usuario)
    nueva = EntregaBanco(
        codigo=secrets.token_urlsafe(16),
        usuario_id=usuario.id,
        nombre=nombre_legible(nombre),
        contenido=contenido,
        vence_en=ahora + VIGENCIA,
    )
    db.session.add(nueva)
    db.session.flush()
    return nueva


def por_codigo(codigo: str, *, usuario: Usuario, ahora: datetime) -> EntregaBanco:
    """A file that waits, for its owner alone. Raises `NoExiste` and, of somebody else's, `Ajeno`, which says the same."""
    hallada = db.session.scalar(
        select(EntregaBanco).where(EntregaBanco.codigo == codigo, EntregaBanco.vence_en > ahora)
    )
    if hallada is None:
        raise NoExiste(_YA_NO_ESPERA)
    if hallada.usuario_id != usuario.id:
        raise Ajeno(_YA_NO_ESPERA, f"entrega_banco:{hallada.id}")
    return hallada


def descartar(usuario: Usuario) -> None:
    """Drop what somebody uploaded and did not import; there may be nothing."""
    ejecutar(delete(EntregaBanco).where(EntregaBanco.usuario_id == usuario.id))


def olvidar_vencidas(ahora: datetime) -> int:
    """Drop the files that nobody imported in time; returns how many."""
    return ejecutar(delete(EntregaBanco).where(EntregaBanco.vence_en <= ahora))
