"""Applying what the gateway says. Return page, notification, probe and command all end here and nowhere else.

The gateway's own answer is the fact. Whatever the order and however often it arrives, the final rows are the same (I-09):
the attempt's row is locked, each confirmed transaction can be inserted once, and facturas move by conditional updates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from portal.db import db, ejecutar, tabla
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.estados import EstadoPago, puede_pasar
from portal.dominio.libro import de_pasarela
from portal.models import Caso, EventoPago, Factura, Pago, PagoFactura, Recaudo, Reversion
from portal.models.pago import CanalRecaudo, CausaReversion, ClaseRecaudo
from portal.operaciones import casos, reversiones
from portal.operaciones.intentos import Intento, bloquear, guardar
from portal.operaciones.pagos import anotar_evento, anotar_pago, liberar
from portal.operaciones.recaudos import Credito, Cubierta, Recaudado, recaudar
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela, TransaccionPasarela

# PSE's rule R7: whatever has no final state is asked for again at least every twelve minutes.
REPETIR_A_MAS_TARDAR = timedelta(minutes=12)
# A session that the gateway itself does not know, this long after it expired, cannot hold money.
GRACIA_DE_DESCONOCIDO = timedelta(hours=1)
# PSE settles a debit within the day; what is open after it wants a person.
SIN_RESPUESTA = timedelta(days=1)


class Causa(StrEnum):
    """Which door brought the answer."""

    RETORNO = "retorno"
    NOTIFICACION = "notificacion"
    SONDA = "sonda"
    # A person of treasury pressed the button.
    TESORERIA = "tesoreria"
    CONCILIACION = "conciliacion"
    # Somebody says that they paid and it does not appear.
    RECLAMO = "reclamo"


_ESTADO = {
    EstadoPasarela.PENDIENTE: EstadoPago.PENDIENTE,
    EstadoPasarela.APROBADO: EstadoPago.APROBADO,
    EstadoPasarela.RECHAZADO: EstadoPago.RECHAZADO,
    EstadoPasarela.FALLIDO: EstadoPago.FALLIDO,
    EstadoPasarela.VENCIDO: EstadoPago.VENCIDO,
    # It was approved before it was taken back; the taking back is an event of its own.
    EstadoPasarela.REVERTIDO: EstadoPago.APROBADO,
    EstadoPasarela.APROBADO_CON_DEVOLUCION: EstadoPago.APROBADO,
}
# What was confirmed at some moment, whatever came of it.
_CONFIRMADAS = (EstadoPasarela.APROBADO, EstadoPasarela.REVERTIDO, EstadoPasarela.APROBADO_CON_DEVOLUCION)
# After an approval none of these says by itself that the money is gone: people decide.
_EN_DUDA = (
    EstadoPasarela.RECHAZADO,
    EstadoPasarela.FALLIDO,
    EstadoPasarela.VENCIDO,
    EstadoPasarela.APROBADO_CON_DEVOLUCION,
)

_FACTURA, _RENGLON, _RECAUDO, _REVERSION = (tabla(c) for c in (Factura, PagoFactura, Recaudo, Reversion))
_CUBIERTAS = (
    select(_FACTURA.c.id, _FACTURA.c.estampilla, _RENGLON.c.valor, _FACTURA.c.estado)
    .join(_RENGLON, _RENGLON.c.factura_id == _FACTURA.c.id)
    .where(_RENGLON.c.pago_id == bindparam("pago"))
    .order_by(_FACTURA.c.id)
    .with_for_update(of=_FACTURA)
)
_VISTOS = (
    select(_RECAUDO.c.transaccion, _RECAUDO.c.id, _RECAUDO.c.aplicado, _REVERSION.c.id.is_not(None))
    .outerjoin(_REVERSION, _REVERSION.c.recaudo_id == _RECAUDO.c.id)
    .where(_RECAUDO.c.pago_id == bindparam("pago"))
)


@dataclass
class _Visto:
    """A credit of the attempt, as far as another answer needs to know it."""

    id: int
    aplicado: Decimal
    revertido: bool


def aplicar_resultado(
    pago_id: int, resultado: ResultadoPasarela, *, causa: Causa, espera: timedelta, ahora: datetime
) -> EstadoPago:
    """Apply the gateway's verified answer to one attempt and return the attempt's state afterwards.

    Money counts only when reference, currency and amount equal ours (I-07, F-18); anything else is written down and
    nothing is legalised. `espera` is how long the probe waits before asking again.
    """
    pago = bloquear(pago_id)
    pago.consultado_en = ahora
    if resultado.referencia != pago.referencia:
        _extranar(pago, "referencia_distinta", causa, ahora)
    else:
        pago.id_pasarela = pago.id_pasarela or resultado.id_pasarela
        _anotar_datos(pago, resultado)
        nuevas = _recaudar(pago, resultado.transacciones, causa, ahora)
        _mover(pago, resultado, nuevas, causa, ahora)
    pago.consultar_desde = None if pago.estado.es_final else ahora + min(espera, REPETIR_A_MAS_TARDAR)
    guardar(pago)
    return pago.estado


def aplicar_desconocido(pago_id: int, *, causa: Causa, espera: timedelta, ahora: datetime) -> EstadoPago:
    """The gateway does not know the session: never presumed dead until long after it would have expired."""
    pago = bloquear(pago_id)
    pago.consultado_en = ahora
    if not pago.estado.es_final and ahora > pago.vence_en + GRACIA_DE_DESCONOCIDO:
        pago.mensaje = "La pasarela no conoce este pago."
        _cerrar_sin_pago(pago, EstadoPago.FALLIDO, causa, ahora)
    pago.consultar_desde = None if pago.estado.es_final else ahora + min(espera, REPETIR_A_MAS_TARDAR)
    guardar(pago)
    return pago.estado


def _anotar_datos(pago: Intento, resultado: ResultadoPasarela) -> None:
    """CUS, bank and message of the most telling transaction: the approved one, else the last."""
    aprobadas = [t for t in resultado.transacciones if t.estado in _CONFIRMADAS]
    if pago.estado is EstadoPago.APROBADO and not aprobadas:
        return
    for transaccion in (aprobadas or resultado.transacciones)[-1:]:
        pago.cus = transaccion.cus or pago.cus
        pago.banco = transaccion.banco or pago.banco
    pago.mensaje = resultado.mensaje[:300] or pago.mensaje
    pago.rechazado_en_sesion = bool(resultado.transacciones) and not aprobadas and not _en_el_banco(resultado)


def _recaudar(
    pago: Intento, transacciones: Sequence[TransaccionPasarela], causa: Causa, ahora: datetime
) -> list[Recaudado]:
    """One row for each approved transaction not seen before, whatever it turns out to pay.

    One that the gateway took back is recorded and undone, so that the order of the news makes no difference (I-09).
    """
    vistos = {fila[0]: _Visto(*fila[1:]) for fila in db.session.execute(_VISTOS, {"pago": pago.id})}
    nuevas = []
    for transaccion in sorted(transacciones, key=lambda t: t.id):
        if transaccion.estado in _CONFIRMADAS and transaccion.id not in vistos:
            # One attempt legalises its facturas once: another debit inside it is money to hand back.
            aplicable = not any(v.aplicado for v in vistos.values())
            nuevo = _recaudo(pago, transaccion, aplicable, causa, ahora)
            vistos[transaccion.id] = _Visto(nuevo.id, nuevo.aplicado, revertido=False)
            nuevas.append(nuevo)
        visto = vistos.get(transaccion.id)
        if visto is not None and transaccion.estado is EstadoPasarela.REVERTIDO:
            motivo = transaccion.mensaje or "La pasarela informó que el banco devolvió el pago."
            reversiones.revertir(visto.id, causa=CausaReversion.PASARELA, motivo=motivo, ahora=ahora)
            visto.revertido = True
        elif visto is not None and transaccion.estado in _EN_DUDA and not visto.revertido:
            casos.abrir(
                ClaseCaso.RESPUESTA_CONTRADICTORIA,
                f"recaudo:{visto.id}",
                ahora=ahora,
                pago_id=pago.id,
                recaudo_id=visto.id,
                detalle={"estado": transaccion.estado.value},
            )
    return nuevas


def _recaudo(
    pago: Intento, transaccion: TransaccionPasarela, aplicable: bool, causa: Causa, ahora: datetime
) -> Recaudado:
    credito = Credito(
        canal=CanalRecaudo.PSE,
        pasarela=pago.pasarela,
        transaccion=transaccion.id,
        entra=de_pasarela(pago.pasarela),
        valor=transaccion.valor,
        moneda=transaccion.moneda,
        cus=transaccion.cus,
        banco=transaccion.banco or pago.banco,
        autorizacion=transaccion.autorizacion,
        fecha_banco=transaccion.fecha,
    )
    recaudado = recaudar(credito, _cubiertas(pago), ahora=ahora, pago_id=pago.id, aplicable=aplicable)
    if recaudado.clase is not ClaseRecaudo.APLICADO:
        _extranar(pago, recaudado.clase.value, causa, ahora)
    return recaudado


def _cubiertas(pago: Intento) -> list[Cubierta]:
    """Locked in the one order of `bloquear_facturas`."""
    return [Cubierta(*fila) for fila in db.session.execute(_CUBIERTAS, {"pago": pago.id})]


def _mover(
    pago: Intento, resultado: ResultadoPasarela, nuevas: Sequence[Recaudado], causa: Causa, ahora: datetime
) -> None:
    """Move the attempt along its graph; an absent edge (a stale PENDING after approval) changes nothing."""
    destino = _ESTADO[resultado.estado]
    if any(r.clase is not ClaseRecaudo.VALOR_DISTINTO for r in nuevas):
        destino = EstadoPago.APROBADO
    elif destino is EstadoPago.APROBADO or _tiene_dinero(pago):
        # Approved in name, but no transaction whose amount is ours: it stays in the open until somebody decides,
        # or until all of it was taken back and the attempt paid nothing.
        destino = EstadoPago.FALLIDO if _todo_se_devolvio(pago, resultado) else EstadoPago.PENDIENTE
    elif destino is EstadoPago.PENDIENTE and not _en_el_banco(resultado):
        destino = EstadoPago.ENVIADO  # the session is open and no debit is under way
    if not puede_pasar(pago.estado, destino):
        return
    if destino in (EstadoPago.RECHAZADO, EstadoPago.FALLIDO, EstadoPago.VENCIDO):
        _cerrar_sin_pago(pago, destino, causa, ahora)
        return
    if destino is EstadoPago.APROBADO:
        pago.resuelto_en = ahora
        _celebrar(pago, ahora)
    anotar_pago(pago, pago.estado, destino, causa.value, ahora)
    pago.estado = destino


def _celebrar(pago: Intento, ahora: datetime) -> None:
    """The approval of an attempt that had been given up is told to treasury; one that was waited for needs nobody."""
    if pago.estado.es_final:
        casos.abrir(
            ClaseCaso.PAGO_TARDIO,
            f"pago:{pago.id}",
            ahora=ahora,
            pago_id=pago.id,
            detalle={"se_daba_por": pago.estado.value},
        )
    casos.cerrar_de((ClaseCaso.SIN_RESOLVER,), SalidaCaso.RESUELTO_SOLO, ahora=ahora, pago_id=pago.id)


def _en_el_banco(resultado: ResultadoPasarela) -> bool:
    return any(t.estado is EstadoPasarela.PENDIENTE for t in resultado.transacciones)


def _tiene_dinero(pago: Intento) -> bool:
    """Whether a credit of it stands: what the bank took back holds nothing."""
    en_pie = select(Recaudo.id).outerjoin(Reversion).where(Recaudo.pago_id == pago.id, Reversion.id.is_(None))
    return db.session.scalar(en_pie.limit(1)) is not None


def _todo_se_devolvio(pago: Intento, resultado: ResultadoPasarela) -> bool:
    hubo = db.session.scalar(select(Recaudo.id).where(Recaudo.pago_id == pago.id).limit(1)) is not None
    return hubo and not _tiene_dinero(pago) and not _en_el_banco(resultado)


def _cerrar_sin_pago(pago: Intento, destino: EstadoPago, causa: Causa, ahora: datetime) -> None:
    anotar_pago(pago, pago.estado, destino, causa.value, ahora)
    pago.estado = destino
    pago.resuelto_en = ahora
    liberar(pago.id, ahora)
    casos.cerrar_de((ClaseCaso.SIN_RESOLVER,), SalidaCaso.RESUELTO_SOLO, ahora=ahora, pago_id=pago.id)


def _extranar(pago: Intento, que: str, causa: Causa, ahora: datetime) -> None:
    """Write down, once, an answer that cannot be taken at its word; treasury works from these rows."""
    ya = db.session.scalar(select(EventoPago.id).where(EventoPago.pago_id == pago.id, EventoPago.hasta == que).limit(1))
    if ya is None:
        anotar_evento(pago.id, pago.estado, que, causa.value, ahora)


def avisar_sin_resolver(ahora: datetime) -> None:
    """A case for each attempt that the gateway has left without a final answer for a day."""
    viejos = select(Pago.id).where(Pago.consultar_desde.is_not(None), Pago.creado_en < ahora - SIN_RESPUESTA)
    tienen = select(Caso.pago_id).where(Caso.clase == ClaseCaso.SIN_RESOLVER)
    for pago_id in db.session.scalars(viejos.where(Pago.id.not_in(tienen))).all():
        casos.abrir(ClaseCaso.SIN_RESOLVER, f"pago:{pago_id}", ahora=ahora, pago_id=pago_id)


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
