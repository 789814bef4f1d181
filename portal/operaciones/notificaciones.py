"""Keeping what gateways send, raw and once, until somebody has asked the gateway itself."""

import hashlib
from datetime import date, datetime, timedelta

from sqlalchemy import LargeBinary, bindparam, select, text, update

from portal.db import Instante, db, tabla
from portal.dominio.casos import ClaseCaso
from portal.models import Notificacion
from portal.operaciones import casos
from portal.pasarelas.base import AvisoPasarela

# The request that received it asks at once; whoever finds it unattended after this knows that it died in between.
RETRASO_DE_LA_SONDA = timedelta(seconds=30)
# After this a reference that nobody knows is no longer looked for; the row stays.
ABANDONO = timedelta(days=1)
# One statement, whichever of two that arrive together is the first.
_GUARDAR = text(
    "INSERT INTO notificacion (pasarela, huella, cuerpo, id_pasarela, referencia, estado_dicho, recibida_en, veces, resultado) "
    "VALUES (:pasarela, :huella, :cuerpo, :id_pasarela, :referencia, :estado_dicho, :recibida_en, 1, '') "
    "ON CONFLICT (pasarela, huella) DO UPDATE SET veces = notificacion.veces + 1 RETURNING id"
).bindparams(bindparam("cuerpo", type_=LargeBinary), bindparam("recibida_en", type_=Instante))
_NOTIFICACION = tabla(Notificacion)
_ATENDER = (
    update(_NOTIFICACION)
    .where(_NOTIFICACION.c.id == bindparam("cual"), _NOTIFICACION.c.atendida_en.is_(None))
    .values(atendida_en=bindparam("en"), resultado=bindparam("que"))
)


def guardar(pasarela: str, cuerpo: bytes, aviso: AvisoPasarela, ahora: datetime) -> int:
    """Store the bytes of a notification whose signature was right; the same bytes again only count. Returns its id."""
    datos = {
        "pasarela": pasarela,
        "huella": hashlib.sha256(cuerpo).hexdigest(),
        "cuerpo": cuerpo,
        "id_pasarela": aviso.id_pasarela[:64],
        "referencia": aviso.referencia[:64],
        "estado_dicho": aviso.estado[:40],
        "recibida_en": ahora,
    }
    return int(db.session.execute(_GUARDAR, datos).scalar_one())


def atender(notificacion_id: int, resultado: str, ahora: datetime) -> None:
    """Note that the gateway was asked about it, and what came of it."""
    db.session.execute(_ATENDER, {"cual": notificacion_id, "en": ahora, "que": resultado})


def sin_atender(ahora: datetime, limite: int = 200) -> list[int]:
    """Notifications that nobody has followed up: the process that received them died, or their attempt is unknown."""
    orden = (
        select(Notificacion.id)
        .where(Notificacion.atendida_en.is_(None), Notificacion.recibida_en <= ahora - RETRASO_DE_LA_SONDA)
        .order_by(Notificacion.id)
        .limit(limite)
    )
    return list(db.session.scalars(orden))


def abandonar_antiguas(ahora: datetime) -> None:
    """Stop looking for references that stayed unknown for a day; the row remains as evidence, and treasury is told."""
    orden = (
        update(Notificacion)
        .where(Notificacion.atendida_en.is_(None), Notificacion.recibida_en < ahora - ABANDONO)
        .values(atendida_en=ahora, resultado="referencia desconocida")
        .returning(Notificacion.id, Notificacion.pasarela)
    )
    for fila in db.session.execute(orden).all():
        casos.abrir(
            ClaseCaso.REFERENCIA_DESCONOCIDA,
            clave_de_caso(fila.id),
            ahora=ahora,
            detalle={"notificacion": fila.id, "pasarela": fila.pasarela},
        )


def clave_de_caso(notificacion_id: int) -> str:
    """What the case of a callback with an unknown reference is known by."""
    return f"notificacion:{notificacion_id}"


def contar_firmas_invalidas(pasarela: str, cuantas: int, *, ahora: datetime, dia: date) -> None:
    """One case for each gateway and Colombian day, however many badly signed notifications came; nothing of them is kept."""
    clave, detalle = f"{pasarela}:{dia.isoformat()}", {"pasarela": pasarela}
    casos.abrir(ClaseCaso.FIRMA_INVALIDA, clave, ahora=ahora, detalle=detalle, veces=cuantas)
