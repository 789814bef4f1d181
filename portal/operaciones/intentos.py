"""An attempt while a gateway's answer is applied to it: locked and read with one statement, and written with another."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.util import identity_key

from portal.db import db, tabla
from portal.dominio.estados import EstadoPago
from portal.models import Liquidacion, Pago


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
    total: Decimal
    correo: str
    vence_en: datetime
    # Of its liquidación, for whoever is told of the payment.
    numero_liquidacion: int


_CAMBIAN = tuple(campo.name for campo in fields(_Cambia))
_PAGO, _LIQUIDACION = tabla(Pago), tabla(Liquidacion)
_BLOQUEAR = (
    select(*(_PAGO.c[campo.name] for campo in fields(Intento)[:-1]), _LIQUIDACION.c.numero)
    .join(_LIQUIDACION, _LIQUIDACION.c.id == _PAGO.c.liquidacion_id)
    .where(_PAGO.c.id == bindparam("cual"))
    .with_for_update(of=_PAGO)
)
_GUARDAR = update(_PAGO).where(_PAGO.c.id == bindparam("cual"))


def bloquear(pago_id: int) -> Intento:
    """Every door waits here for the others (SQLite: the whole transaction already holds the write lock)."""
    fila: Any = db.session.execute(_BLOQUEAR, {"cual": pago_id}).one()
    return Intento(*fila)


def guardar(intento: Intento) -> None:
    """Write what changed. An object of the same row that the session holds is read again when it is next looked at."""
    todo = vars(intento)
    db.session.execute(_GUARDAR, {"cual": intento.id} | {campo: todo[campo] for campo in _CAMBIAN})
    objeto = db.session.identity_map.get(identity_key(Pago, intento.id))
    if objeto is not None:
        db.session.expire(objeto)
