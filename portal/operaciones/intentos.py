"""An attempt while a gateway's answer is applied to it: locked and read with one statement, and written with another."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.util import identity_key

from portal.db import db, tabla
from portal.dominio.estados import EstadoPago
from portal.models import Pago


@dataclass
class _Cambia:
    """What an answer may change of an attempt: the columns of `Pago` with the same names."""

    estado: EstadoPago
    id_pasarela: str | None
    cus: str | None
    banco: str | None
    mensaje: str
    rechazado_en_sesion: bool
    consultado_en: datetime | None
    consultar_desde: datetime | None
    resuelto_en: datetime | None


@dataclass
class Intento(_Cambia):
    """A row of `Pago` that is locked until the transaction ends."""

    id: int
    referencia: str
    pasarela: str
    liquidacion_id: int
    total: Decimal
    correo: str
    vence_en: datetime


_CAMBIAN = tuple(campo.name for campo in fields(_Cambia))
_PAGO = tabla(Pago)
_BLOQUEAR = (
    select(*(_PAGO.c[campo.name] for campo in fields(Intento))).where(_PAGO.c.id == bindparam("cual")).with_for_update()
)
_GUARDAR = update(_PAGO).where(_PAGO.c.id == bindparam("cual"))


def bloquear(pago_id: int) -> Intento:
    """Every door waits here for the others (SQLite: the whole transaction already holds the write lock)."""
    return Intento(*db.session.execute(_BLOQUEAR, {"cual": pago_id}).one())


def guardar(intento: Intento) -> None:
    """Write what changed. An object of the same row that the session holds is read again when it is next looked at."""
    todo = vars(intento)
    db.session.execute(_GUARDAR, {"cual": intento.id} | {campo: todo[campo] for campo in _CAMBIAN})
    objeto = db.session.identity_map.get(identity_key(Pago, intento.id))
    if objeto is not None:
        db.session.expire(objeto)
