"""Whom to ask the gateway about, and when (PSE's rule R7). Rows are claimed, so that two probes do not double the questions."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

from portal.db import db
from portal.dominio.estados import ESTADOS_VIVOS, EstadoPago
from portal.models import Notificacion, Pago
from portal.operaciones.pagos import ABANDONADO, registrar_rechazo_de_inicio

# R7: an unresolved attempt is asked about at least every 12 minutes; the probe itself may be up to a round late.
MAXIMO_ENTRE_PREGUNTAS = timedelta(minutes=11)
DE_VEZ_EN_CUANDO = timedelta(hours=1)
# A refused or expired attempt is still asked about for a week: a late yes counts (I-11).
RARA_VEZ = timedelta(hours=6)
PLAZO_TARDIO = timedelta(days=7)
# Nobody is still calling the gateway for an attempt this old: the call itself ends within ten seconds.
LLAMADA_TERMINADA = timedelta(seconds=60)
CADA_VISTA = timedelta(seconds=4)


def por_consultar(ahora: datetime, espera_segundos: int, limite: int) -> list[int]:
    """Claim up to `limite` attempts to ask about now and return their ids, the longest waiting first.

    Due are those without a final state, `espera_segundos` after they were created and after each question, and those
    refused or expired within the last week, now and then.
    """
    espera = timedelta(seconds=espera_segundos)
    candidatos = db.session.execute(
        select(Pago.id, Pago.estado, Pago.creado_en, Pago.consultar_desde)
        .where(Pago.id_pasarela.is_not(None), Pago.consultar_desde <= ahora, Pago.creado_en <= ahora - espera)
        .order_by(Pago.consultar_desde, Pago.id)
        .limit(limite)
    ).all()
    reclamados = []
    for fila in candidatos:
        siguiente = _siguiente(fila.estado, ahora - fila.creado_en, espera)
        ganado = db.session.execute(
            update(Pago)
            .where(Pago.id == fila.id, Pago.consultar_desde == fila.consultar_desde)
            .values(consultar_desde=None if siguiente is None else ahora + siguiente)
            .returning(Pago.id)
            .execution_options(synchronize_session=False)
        ).first()
        if ganado:
            reclamados.append(fila.id)
    return reclamados


def _siguiente(estado: EstadoPago, edad: timedelta, espera: timedelta) -> timedelta | None:
    """How long until the next question; None when this is the last one."""
    if estado in ESTADOS_VIVOS:
        pronto = max(timedelta(seconds=1), min(espera, MAXIMO_ENTRE_PREGUNTAS))
        return pronto if edad < timedelta(days=1) else DE_VEZ_EN_CUANDO
    return RARA_VEZ if edad < PLAZO_TARDIO else None


def volver_a_consultar(pago_id: int, ahora: datetime) -> None:
    """Give a claim back: the gateway could not be asked."""
    db.session.execute(
        update(Pago)
        .where(Pago.id == pago_id, Pago.consultar_desde > ahora + timedelta(seconds=1))
        .values(consultar_desde=ahora + timedelta(seconds=1))
        .execution_options(synchronize_session=False)
    )


def cerrar_abandonados(ahora: datetime, espera_segundos: int) -> int:
    """End the attempts that never got a gateway id (the server died in between): nobody could have paid them.

    Returns how many. An attempt that the gateway did create is still found by its notification.
    """
    limite = ahora - max(timedelta(seconds=espera_segundos), LLAMADA_TERMINADA)
    huerfanos = db.session.scalars(
        select(Pago.id).where(Pago.estado == EstadoPago.CREADO, Pago.id_pasarela.is_(None), Pago.creado_en <= limite)
    ).all()
    return sum(registrar_rechazo_de_inicio(i, ABANDONADO, ahora, causa="sonda") for i in huerfanos)


def admitir_pregunta(pago_id: int, ahora: datetime) -> bool:
    """Whether a page may ask the gateway now: at most once every few seconds per attempt, for all workers together."""
    return bool(
        db.session.execute(
            update(Pago)
            .where(
                Pago.id == pago_id,
                Pago.id_pasarela.is_not(None),
                Pago.estado.in_(ESTADOS_VIVOS),
                or_(Pago.consultado_en.is_(None), Pago.consultado_en <= ahora - CADA_VISTA),
            )
            .values(consultado_en=ahora)
            .returning(Pago.id)
            .execution_options(synchronize_session=False)
        ).first()
    )


def avisos_sin_atender(ahora: datetime, limite: int) -> list[int]:
    """Ids of the notifications of the last week that nobody has asked the gateway about and whose attempt exists."""
    return list(
        db.session.scalars(
            select(Notificacion.id)
            .join(
                Pago,
                and_(
                    Pago.pasarela == Notificacion.pasarela,
                    or_(Pago.id_pasarela == Notificacion.id_pasarela, Pago.referencia == Notificacion.referencia),
                ),
            )
            .where(Notificacion.atendida_en.is_(None), Notificacion.recibida_en > ahora - PLAZO_TARDIO)
            .distinct()
            .order_by(Notificacion.id)
            .limit(limite)
        )
    )
