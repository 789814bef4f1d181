"""Keeping what gateways send, raw and once, until somebody has asked the gateway itself."""

import hashlib
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.casos import ClaseCaso
from portal.models import Notificacion, Pago
from portal.operaciones import casos
from portal.pasarelas.base import AvisoPasarela

# The request that received it asks at once; whoever finds it unattended after this knows that it died in between.
RETRASO_DE_LA_SONDA = timedelta(seconds=30)
# After this a reference that nobody knows is no longer looked for; the row stays.
ABANDONO = timedelta(days=1)


def guardar(pasarela: str, cuerpo: bytes, aviso: AvisoPasarela, ahora: datetime) -> int:
    """Store the bytes of a notification whose signature was right; the same bytes again only count. Returns its id."""
    huella = hashlib.sha256(cuerpo).hexdigest()
    try:
        with db.session.begin_nested():
            nueva = Notificacion(
                pasarela=pasarela,
                huella=huella,
                cuerpo=cuerpo,
                id_pasarela=aviso.id_pasarela[:64],
                referencia=aviso.referencia[:64],
                estado_dicho=aviso.estado[:40],
                recibida_en=ahora,
            )
            db.session.add(nueva)
            db.session.flush()
        return nueva.id
    except IntegrityError:
        mismas = (Notificacion.pasarela == pasarela) & (Notificacion.huella == huella)
        db.session.execute(update(Notificacion).where(mismas).values(veces=Notificacion.veces + 1))
        return db.session.scalars(select(Notificacion.id).where(mismas)).one()


def pago_de(notificacion_id: int) -> int | None:
    """The attempt that a stored notification is about, found by our reference or the gateway's id."""
    fila = db.session.get_one(Notificacion, notificacion_id)
    return db.session.scalar(
        select(Pago.id)
        .where(
            Pago.pasarela == fila.pasarela,
            or_(Pago.referencia == fila.referencia, Pago.id_pasarela == fila.id_pasarela),
        )
        .order_by(Pago.id)
        .limit(1)
    )


def atender(notificacion_id: int, resultado: str, ahora: datetime) -> None:
    """Note that the gateway was asked about it, and what came of it."""
    db.session.execute(
        update(Notificacion)
        .where(Notificacion.id == notificacion_id, Notificacion.atendida_en.is_(None))
        .values(atendida_en=ahora, resultado=resultado)
    )


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
