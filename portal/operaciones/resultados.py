"""Applying what the gateway says. Return page, notification, probe and command all end here and nowhere else.

The gateway's own answer is the fact. Whatever the order and however often it arrives, the final rows are the same (I-09):
the attempt's row is locked, each confirmed transaction can be inserted once, and facturas move by conditional updates.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select, update

from portal.db import db, ejecutar
from portal.dominio.estados import EstadoPago, EventoFactura, puede_pasar
from portal.dominio.libro import partidas_de_recaudo
from portal.models import EventoPago, Factura, Pago, PagoFactura, Recaudo
from portal.models.pago import ClaseRecaudo
from portal.operaciones.facturas import bloquear_facturas, mover_facturas
from portal.operaciones.libro import asentar
from portal.operaciones.pagos import anotar_pago, liberar
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela, TransaccionPasarela

MONEDA = "COP"
# PSE's rule R7: whatever has no final state is asked for again at least every twelve minutes.
REPETIR_A_MAS_TARDAR = timedelta(minutes=12)
# A session that the gateway itself does not know, this long after it expired, cannot hold money.
GRACIA_DE_DESCONOCIDO = timedelta(hours=1)


class Causa(StrEnum):
    """Which door brought the answer."""

    RETORNO = "retorno"
    NOTIFICACION = "notificacion"
    SONDA = "sonda"


_ESTADO = {
    EstadoPasarela.PENDIENTE: EstadoPago.PENDIENTE,
    EstadoPasarela.APROBADO: EstadoPago.APROBADO,
    EstadoPasarela.RECHAZADO: EstadoPago.RECHAZADO,
    EstadoPasarela.FALLIDO: EstadoPago.FALLIDO,
    EstadoPasarela.VENCIDO: EstadoPago.VENCIDO,
    # A payment that was approved stays so: nothing leaves an approval along this graph.
    EstadoPasarela.REVERTIDO: EstadoPago.PENDIENTE,
}


def aplicar_resultado(
    pago_id: int, resultado: ResultadoPasarela, *, causa: Causa, espera: timedelta, ahora: datetime
) -> EstadoPago:
    """Apply the gateway's verified answer to one attempt and return the attempt's state afterwards.

    Money counts only when reference, currency and amount equal ours (I-07, F-18); anything else is written down and
    nothing is legalised. `espera` is how long the probe waits before asking again.
    """
    pago = _bloquear(pago_id)
    pago.consultado_en = ahora
    if resultado.referencia != pago.referencia:
        _extranar(pago, "referencia_distinta", causa, ahora)
    else:
        pago.id_pasarela = pago.id_pasarela or resultado.id_pasarela
        _anotar_datos(pago, resultado)
        nuevas = _recaudar(pago, resultado.transacciones, causa, ahora)
        _mover(pago, resultado, nuevas, causa, ahora)
    pago.consultar_desde = None if pago.estado.es_final else ahora + min(espera, REPETIR_A_MAS_TARDAR)
    db.session.flush()
    return pago.estado


def aplicar_desconocido(pago_id: int, *, causa: Causa, espera: timedelta, ahora: datetime) -> EstadoPago:
    """The gateway does not know the session: never presumed dead until long after it would have expired."""
    pago = _bloquear(pago_id)
    pago.consultado_en = ahora
    if not pago.estado.es_final and ahora > pago.vence_en + GRACIA_DE_DESCONOCIDO:
        pago.mensaje = "La pasarela no conoce este pago."
        _cerrar_sin_pago(pago, EstadoPago.FALLIDO, causa, ahora)
    pago.consultar_desde = None if pago.estado.es_final else ahora + min(espera, REPETIR_A_MAS_TARDAR)
    db.session.flush()
    return pago.estado


def _bloquear(pago_id: int) -> Pago:
    """Every door waits here for the others (SQLite: the whole transaction already holds the write lock)."""
    return db.session.scalars(
        select(Pago).where(Pago.id == pago_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _anotar_datos(pago: Pago, resultado: ResultadoPasarela) -> None:
    """CUS, bank and message of the most telling transaction: the approved one, else the last."""
    aprobadas = [t for t in resultado.transacciones if t.estado is EstadoPasarela.APROBADO]
    if pago.estado is EstadoPago.APROBADO and not aprobadas:
        return
    for transaccion in (aprobadas or resultado.transacciones)[-1:]:
        pago.cus = transaccion.cus or pago.cus
        pago.banco = transaccion.banco or pago.banco
    pago.mensaje = resultado.mensaje[:300] or pago.mensaje
    pago.rechazado_en_sesion = bool(resultado.transacciones) and not aprobadas and not _en_el_banco(resultado)


def _recaudar(pago: Pago, transacciones: Sequence[TransaccionPasarela], causa: Causa, ahora: datetime) -> list[Recaudo]:
    """One row for each approved transaction not seen before, whatever it turns out to pay."""
    vistas = set(
        db.session.scalars(
            select(Recaudo.transaccion).where(Recaudo.pasarela == pago.pasarela, Recaudo.pago_id == pago.id)
        )
    )
    nuevas = [t for t in transacciones if t.estado is EstadoPasarela.APROBADO and t.id not in vistas]
    return [_recaudo(pago, t, causa, ahora) for t in sorted(nuevas, key=lambda t: t.id)]


def _recaudo(pago: Pago, transaccion: TransaccionPasarela, causa: Causa, ahora: datetime) -> Recaudo:
    exacto = transaccion.valor == pago.total and transaccion.moneda == MONEDA
    legalizadas = _legalizar(pago, ahora) if exacto else []
    aplicado = sum((valor for _, _, valor in legalizadas), Decimal(0))
    recaudo = Recaudo(
        pago_id=pago.id,
        pasarela=pago.pasarela,
        transaccion=transaccion.id,
        valor=transaccion.valor,
        aplicado=aplicado,
        moneda=transaccion.moneda,
        clase=_clase(exacto, aplicado, pago.total),
        cus=transaccion.cus,
        banco=transaccion.banco or pago.banco,
        autorizacion=transaccion.autorizacion,
        fecha_banco=transaccion.fecha,
        registrado_en=ahora,
    )
    db.session.add(recaudo)
    db.session.flush()
    if recaudo.moneda == MONEDA:
        # The ledger is in pesos: a credit in another money is a row for treasury and nothing more.
        asentar(partidas_de_recaudo(recaudo.id, pago.pasarela, recaudo.valor, legalizadas), ahora=ahora)
    if recaudo.clase is not ClaseRecaudo.APLICADO:
        _extranar(pago, recaudo.clase.value, causa, ahora)
    return recaudo


def _clase(exacto: bool, aplicado: Decimal, total: Decimal) -> ClaseRecaudo:
    if not exacto:
        return ClaseRecaudo.VALOR_DISTINTO
    if aplicado == total:
        return ClaseRecaudo.APLICADO
    return ClaseRecaudo.PARCIAL if aplicado else ClaseRecaudo.DOBLE


def _legalizar(pago: Pago, ahora: datetime) -> list[tuple[int, str, Decimal]]:
    """Legalise what is still owed of this attempt's facturas, even given up: `(factura_id, estampilla, pesos)` of each."""
    filas = db.session.execute(
        select(Factura.id, Factura.estampilla, PagoFactura.valor)
        .join(PagoFactura, PagoFactura.factura_id == Factura.id)
        .where(PagoFactura.pago_id == pago.id)
        .order_by(Factura.id)
    ).all()
    ids = [fila.id for fila in filas]
    bloquear_facturas(ids)
    movidas = set(mover_facturas(ids, EventoFactura.PAGO_APROBADO, ahora=ahora, pago_id=pago.id))
    return [(fila.id, fila.estampilla, fila.valor) for fila in filas if fila.id in movidas]


def _mover(pago: Pago, resultado: ResultadoPasarela, nuevas: Sequence[Recaudo], causa: Causa, ahora: datetime) -> None:
    """Move the attempt along its graph; an absent edge (a stale PENDING after approval) changes nothing."""
    destino = _ESTADO[resultado.estado]
    if any(r.clase is not ClaseRecaudo.VALOR_DISTINTO for r in nuevas):
        destino = EstadoPago.APROBADO
    elif destino is EstadoPago.APROBADO or _tiene_recaudos(pago):
        # Approved in name, but no transaction whose amount is ours: it stays in the open until somebody decides.
        destino = EstadoPago.PENDIENTE
    elif destino is EstadoPago.PENDIENTE and not _en_el_banco(resultado):
        destino = EstadoPago.ENVIADO  # the session is open and no debit is under way
    if not puede_pasar(pago.estado, destino):
        return
    if destino in (EstadoPago.RECHAZADO, EstadoPago.FALLIDO, EstadoPago.VENCIDO):
        _cerrar_sin_pago(pago, destino, causa, ahora)
        return
    anotar_pago(pago, pago.estado, destino, causa.value, ahora)
    pago.estado = destino
    if destino is EstadoPago.APROBADO:
        pago.resuelto_en = ahora


def _en_el_banco(resultado: ResultadoPasarela) -> bool:
    return any(t.estado is EstadoPasarela.PENDIENTE for t in resultado.transacciones)


def _tiene_recaudos(pago: Pago) -> bool:
    return db.session.scalar(select(Recaudo.id).where(Recaudo.pago_id == pago.id).limit(1)) is not None


def _cerrar_sin_pago(pago: Pago, destino: EstadoPago, causa: Causa, ahora: datetime) -> None:
    anotar_pago(pago, pago.estado, destino, causa.value, ahora)
    pago.estado = destino
    pago.resuelto_en = ahora
    db.session.flush()
    liberar(pago, ahora)


def _extranar(pago: Pago, que: str, causa: Causa, ahora: datetime) -> None:
    """Write down, once, an answer that cannot be taken at its word; treasury works from these rows."""
    ya = db.session.scalar(select(EventoPago.id).where(EventoPago.pago_id == pago.id, EventoPago.hasta == que).limit(1))
    if ya is None:
        db.session.add(EventoPago(pago_id=pago.id, en=ahora, desde=pago.estado.value, hasta=que, causa=causa.value))


def por_consultar(ahora: datetime, limite: int = 200) -> list[int]:
    """Attempts whose turn to be asked for has come, oldest first (R7)."""
    orden = select(Pago.id).where(Pago.consultar_desde <= ahora).order_by(Pago.consultar_desde, Pago.id).limit(limite)
    return list(db.session.scalars(orden))


def apartar(pago_id: int, *, espera: timedelta, ahora: datetime) -> bool:
    """Claim one attempt for this probe by pushing its turn forward; False when another probe did."""
    orden = (
        update(Pago)
        .where(Pago.id == pago_id, Pago.consultar_desde <= ahora)
        .values(consultar_desde=ahora + min(max(espera, timedelta(seconds=1)), REPETIR_A_MAS_TARDAR))
    )
    return ejecutar(orden) == 1
