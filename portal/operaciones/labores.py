"""Whose turn a periodic job is among the processes of every machine: a lease that the database gives and that expires."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, text, update

from portal.db import db, ejecutar
from portal.models import Labor

_CREAR = text(
    "INSERT INTO labor (nombre, milisegundos, fallos, ultimo_error) VALUES (:nombre, 0, 0, '') "
    "ON CONFLICT (nombre) DO NOTHING"
)


def tomar(nombre: str, quien: str, *, plazo: timedelta, ahora: datetime) -> bool:
    """Take the turn for `plazo`; False while somebody else has it. `quien` is unique for each process that asks."""
    db.session.execute(_CREAR, {"nombre": nombre})
    libre = or_(Labor.tomada_por.is_(None), Labor.vence_en <= ahora)
    orden = update(Labor).where(Labor.nombre == nombre, libre).values(tomada_por=quien, vence_en=ahora + plazo)
    return ejecutar(orden) == 1


def soltar(nombre: str, quien: str, *, milisegundos: int, ahora: datetime, error: str = "") -> bool:
    """Give the turn back and note how it went; False when it had expired and another process has it by now."""
    hecho = {"terminada_en": ahora, "milisegundos": milisegundos, "fallos": 0, "ultimo_error": ""}
    fallido = {"fallos": Labor.fallos + 1, "ultimo_error": error[:80]}
    suya = update(Labor).where(Labor.nombre == nombre, Labor.tomada_por == quien)
    return ejecutar(suya.values(tomada_por=None, vence_en=None, **(fallido if error else hecho))) == 1


def anotar(nombre: str, *, milisegundos: int, ahora: datetime) -> None:
    """Note that a job without turns, whose work is claimed piece by piece, ended well."""
    db.session.execute(_CREAR, {"nombre": nombre})
    hecho = {"terminada_en": ahora, "milisegundos": milisegundos, "fallos": 0, "ultimo_error": ""}
    ejecutar(update(Labor).where(Labor.nombre == nombre).values(**hecho))


def anotar_fallo(nombre: str, error: str) -> None:
    """Note that a job without turns failed."""
    db.session.execute(_CREAR, {"nombre": nombre})
    ejecutar(update(Labor).where(Labor.nombre == nombre).values(fallos=Labor.fallos + 1, ultimo_error=error[:80]))


def todas() -> Sequence[Labor]:
    """Every job that ever ran."""
    return db.session.scalars(select(Labor).order_by(Labor.nombre)).all()
