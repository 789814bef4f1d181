"""Gateway callbacks: kept raw and once, answered at once, believed only after the gateway is asked (design: only a hint)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import db
from portal.models import Notificacion, Pago
from portal.pasarelas.base import AvisoPasarela


@dataclass(frozen=True)
class Pendiente:
    """What to ask because of a notification: which attempt, and which session of the gateway it spoke of."""

    aviso_id: int
    pago_id: int
    id_pasarela: str


def registrar_aviso(pasarela: str, aviso: AvisoPasarela, cuerpo: bytes, ahora: datetime) -> int:
    """Store one authentic notification as it came and return its id; the same bytes again only count one more time."""
    insercion = _insercion().values(
        pasarela=pasarela,
        huella=hashlib.sha256(cuerpo).hexdigest(),
        cuerpo=cuerpo,
        id_pasarela=_texto(aviso.id_pasarela, 64),
        referencia=_texto(aviso.referencia, 64),
        estado_dicho=_texto(aviso.estado, 40),
        recibida_en=ahora,
        veces=1,
        resultado="",
    )
    return int(db.session.execute(insercion.returning(Notificacion.id)).scalar_one())


def _insercion() -> Insert:
    columnas, suma = ["pasarela", "huella"], {"veces": Notificacion.veces + 1}
    if db.session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(Notificacion).on_conflict_do_update(index_elements=columnas, set_=suma)
    return sqlite.insert(Notificacion).on_conflict_do_update(index_elements=columnas, set_=suma)


def pendiente_de(aviso_id: int) -> Pendiente | None:
    """What an unattended notification asks for; None when it was attended or speaks of no attempt of ours (yet)."""
    aviso = db.session.execute(
        select(Notificacion.pasarela, Notificacion.id_pasarela, Notificacion.referencia).where(
            Notificacion.id == aviso_id, Notificacion.atendida_en.is_(None)
        )
    ).first()
    if aviso is None:
        return None
    pago_id = db.session.scalar(
        select(Pago.id)
        .where(
            Pago.pasarela == aviso.pasarela,
            or_(Pago.id_pasarela == aviso.id_pasarela, Pago.referencia == aviso.referencia),
        )
        # Should both exist apart, the reference is ours and tells whose money it is.
        .order_by((Pago.referencia == aviso.referencia).desc())
        .limit(1)
    )
    return None if pago_id is None else Pendiente(aviso_id, pago_id, aviso.id_pasarela)


def marcar_atendido(aviso_id: int, resultado: str, ahora: datetime) -> None:
    """The gateway was asked about it; `resultado` says what it answered."""
    db.session.execute(
        update(Notificacion)
        .where(Notificacion.id == aviso_id, Notificacion.atendida_en.is_(None))
        .values(atendida_en=ahora, resultado=resultado)
        .execution_options(synchronize_session=False)
    )


def _texto(dicho: str, maximo: int) -> str:
    return "".join(c for c in dicho if c.isprintable())[:maximo]
