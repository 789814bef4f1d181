"""What a gateway knows an attempt by, read outside of any transaction: it is about to be asked."""

from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from portal import directo
from portal.db import tabla
from portal.models import Notificacion, Pago

_PAGO, _NOTIFICACION = tabla(Pago).c, tabla(Notificacion).c
_SENAS = select(_PAGO.id, _PAGO.pasarela, _PAGO.id_pasarela, _PAGO.referencia)
_DE_PAGO = _SENAS.where(_PAGO.id == bindparam("cual"))
_DE_NOTIFICACION = (
    _SENAS.join(
        tabla(Notificacion),
        (_PAGO.pasarela == _NOTIFICACION.pasarela)
        & or_(_PAGO.referencia == _NOTIFICACION.referencia, _PAGO.id_pasarela == _NOTIFICACION.id_pasarela),
    )
    .where(_NOTIFICACION.id == bindparam("cual"))
    .order_by(_PAGO.id)
    .limit(1)
)


class Senas(NamedTuple):
    """Which attempt of which gateway, the gateway's own id if it was told, and our reference."""

    pago_id: int
    pasarela: str
    id_pasarela: str | None
    referencia: str


def de_pago(pago_id: int) -> Senas:
    """Those of an attempt."""
    (suyas,) = directo.filas(_DE_PAGO, {"cual": pago_id})
    return Senas(*suyas)


def de_notificacion(notificacion_id: int) -> Senas | None:
    """Those of the attempt that a stored notification is about, found by our reference or the gateway's id, if there is one."""
    suyas = directo.filas(_DE_NOTIFICACION, {"cual": notificacion_id})
    return Senas(*suyas[0]) if suyas else None
