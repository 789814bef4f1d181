"""What people are told by e-mail about a payment or its refund, and the one moment at which each thing is told."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.db import db, tabla
from portal.dominio.devoluciones import PALABRAS
from portal.dominio.errores import NoExiste
from portal.dominio.estados import EstadoPago
from portal.models import Devolucion, EventoDevolucion, EventoPago, Pago, Recaudo
from portal.operaciones.correos import encolar
from portal.operaciones.intentos import Intento

_SIN_DEBITO = {
    EstadoPago.RECHAZADO: "rechazada",
    EstadoPago.FALLIDO: "fallida",
    EstadoPago.VENCIDO: "vencida",
}
_RECAUDO = tabla(Recaudo).c
_RECAUDADO = (
    select(_RECAUDO.valor, _RECAUDO.aplicado, _RECAUDO.cus, _RECAUDO.banco, _RECAUDO.fecha_banco)
    .where(_RECAUDO.pago_id == bindparam("pago"))
    .order_by(_RECAUDO.id)
)


def avisar_del_pago(pago: Pago | Intento, desde: EstadoPago | None, hasta: EstadoPago, *, ahora: datetime) -> None:
    """Write the notice of a move of an attempt, if it is one that the payer is told of.

    An approval; the end, without a debit, of an attempt that was announced as pending; one that never reached the gateway.
    """
    if hasta is EstadoPago.APROBADO:
        _encolar(pago, hasta.value, "pago_aprobado", ahora, **_lo_recaudado(pago))
    elif hasta is EstadoPago.FALLIDO and desde is EstadoPago.CREADO:
        _encolar(pago, hasta.value, "pago_no_iniciado", ahora)
    elif hasta in _SIN_DEBITO and not _recaudado(pago) and _estuvo_pendiente(pago):
        _encolar(pago, hasta.value, "pago_sin_debito", ahora, resultado=_SIN_DEBITO[hasta])


def avisar_de_la_reversion(pago: Pago, recaudo_id: int, *, ahora: datetime) -> None:
    """Write the notice that the bank took back what this credit of the attempt had paid."""
    _encolar(pago, f"revertido:{recaudo_id}", "pago_revertido", ahora)


def avisar_de_la_devolucion(una: Devolucion, *, ahora: datetime) -> None:
    """Write the notice of where a refund stands now, to whoever asked for it. It may stand there more than once."""
    pasos = select(func.count(EventoDevolucion.id)).where(EventoDevolucion.devolucion_id == una.id)
    datos = {
        "pago": str(una.pago_id),
        "devolucion": str(una.numero),
        "valor": str(una.valor),
        "estado": PALABRAS[una.estado].nombre,
        "en": ahora.isoformat(),
    }
    clave = f"devolucion:{una.codigo}:{db.session.scalar(pasos)}:{una.estado.value}"
    encolar(clave, una.correo, "devolucion", datos, ahora=ahora)


def leer_pago(pago_id: int) -> Pago:
    """The attempt that a notice is about. Raises `NoExiste`."""
    pago = db.session.get(Pago, pago_id)
    if pago is None:
        raise NoExiste("No encontramos ese pago.")
    return pago


def _encolar(pago: Pago | Intento, hecho: str, plantilla: str, ahora: datetime, **otros: str) -> None:
    if not pago.correo:
        return  # brought back from the gateway, which does not say whose it was: there is nobody to tell
    datos = {
        "pago": str(pago.id),
        "referencia": pago.referencia,
        "liquidacion": str(pago.numero_liquidacion),
        "total": str(pago.total),
        "en": ahora.isoformat(),
    }
    # The reference and not the id: an id that comes again after a backup was restored would silence another payment.
    encolar(f"pago:{pago.referencia}:{hecho}", pago.correo, plantilla, datos | otros, ahora=ahora)


def _estuvo_pendiente(pago: Pago | Intento) -> bool:
    consulta = select(EventoPago.id).where(
        EventoPago.pago_id == pago.id, EventoPago.hasta == EstadoPago.PENDIENTE.value
    )
    return db.session.scalar(consulta.limit(1)) is not None


def _recaudado(pago: Pago | Intento) -> Sequence[Any]:
    return db.session.execute(_RECAUDADO, {"pago": pago.id}).all()


def _lo_recaudado(pago: Pago | Intento) -> dict[str, str]:
    """What the bank said, as the receipt prints it, and what legalised nothing."""
    recaudos = _recaudado(pago)
    debito = next((r for r in recaudos if r.aplicado), recaudos[0] if recaudos else None)
    dicho = {
        "cus": (debito and debito.cus) or pago.cus or "",
        "banco": (debito and debito.banco) or pago.banco or "",
        "excedente": str(sum((r.valor - r.aplicado for r in recaudos), Decimal(0))),
    }
    return dicho | ({"en": debito.fecha_banco.isoformat()} if debito and debito.fecha_banco else {})
