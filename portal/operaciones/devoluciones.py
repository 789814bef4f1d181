"""The life of a refund: studied by one person, decided by another, paid once, or without object when the bank pays first.

The row's own state is what the database decides races by. Whoever acts takes the payment, then its credits, then the
refund, in that order, so that a reversal of the bank and a transfer of treasury wait for each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import Pesos, db, ejecutar
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.devoluciones import (
    ESTADOS_QUE_RETIENEN,
    ESTADOS_VIVOS_DEVOLUCION,
    CausalDevolucion,
    EstadoDevolucion,
    EventoDevolucion,
    siguiente_devolucion,
)
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.estados import EventoFactura
from portal.dominio.libro import EXCEDENTES, POR_IDENTIFICAR, ClaseAsiento, Partida, de_banco, de_estampilla
from portal.models import (
    Devolucion,
    Factura,
    Pago,
    ParteDevolucion,
    Rebote,
    Recaudo,
    Reversion,
    Usuario,
)
from portal.models import EventoDevolucion as FilaEvento
from portal.operaciones import casos, saldos_a_favor
from portal.operaciones.bitacora import anotar
from portal.operaciones.correos_pago import avisar_de_la_devolucion
from portal.operaciones.facturas import bloquear_facturas, mover_facturas
from portal.operaciones.libro import asentar, saldo_de

_COLAS = (ClaseCaso.PAGO_DOBLE, ClaseCaso.VALOR_DISTINTO, ClaseCaso.DEVOLUCION_REBOTADA)
MOTIVO_SIN_OBJETO = (
    "El banco ya devolvió dinero de este pago a la cuenta desde la que se hizo. "
    "Si todavía se le debe algo, pida la devolución de nuevo."
)


@dataclass(frozen=True)
class Firma:
    """Who acts, when, in which request; nobody, when the applicant or the bank does."""

    usuario: Usuario | None
    ahora: datetime
    peticion: str = ""


@dataclass(frozen=True)
class Transferencia:
    """The bank's record of the money leaving: the department's account, the bank's reference and its day."""

    cuenta: str
    referencia: str
    fecha: date


def por_numero(numero: int) -> Devolucion:
    """Raises `NoExiste`."""
    # SQLite refuses to compare with a number that does not fit in its integers.
    una = db.session.scalar(select(Devolucion).where(Devolucion.numero == numero)) if numero < 2**63 else None
    if una is None:
        raise NoExiste("No encontramos esa devolución.")
    return una


def mirar(una: Devolucion, firma: Firma) -> None:
    """Write down that an official read the personal data of a request."""
    _anotar("devolucion.mirar", una, firma)


def estudiar(una: Devolucion, concepto: str, firma: Firma) -> None:
    """Say, as the first of two people, what should be done and why. Raises `TransicionNoPermitida`."""
    mover(una, EventoDevolucion.ESTUDIADA, firma, concepto=concepto, **autoria("estudiada", firma))


def aprobar(una: Devolucion, firma: Firma) -> None:
    """Accept, as the second person, that the money is owed back. Stamps paid and not owed are worth nothing from here on.

    Raises `TransicionNoPermitida` when the same person studied it, a stamp was used, the bank took the payment back, or
    the ledger no longer owes that much.
    """
    _exigir_otra_persona(una, firma)
    bloquear(una)
    mover(una, EventoDevolucion.APROBADA, firma, **autoria("decidida", firma))
    _exigir_sin_reversion(una)
    if una.causal is CausalDevolucion.NO_DEBIDO:
        _quitar_de_las_estampillas(una, firma)
    elif una.causal is CausalDevolucion.SALDO_A_FAVOR:
        saldos_a_favor.descontar(una.partes, ahora=firma.ahora)
    else:
        _exigir_en_el_libro(una)


def negar(una: Devolucion, motivo: str, firma: Firma) -> None:
    """Refuse, as the second person, with a reason that the applicant reads. Raises `TransicionNoPermitida`."""
    _exigir_otra_persona(una, firma)
    mover(una, EventoDevolucion.NEGADA, firma, motivo=motivo, **autoria("decidida", firma))


def desistir(una: Devolucion, firma: Firma) -> None:
    """The applicant takes the request back while it is not decided. Raises `TransicionNoPermitida`."""
    mover(una, EventoDevolucion.DESISTIDA, firma)


def pagar(una: Devolucion, transferencia: Transferencia, firma: Firma, *, desde: date, hoy: date) -> None:
    """Record the transfer that handed the money back, once; its cases close themselves.

    `desde` is the Colombian day of the approval, of the request or of its last account: no transfer is older.

    Raises `DatoInvalido` when the bank's reference was used already or its day cannot be, `TransicionNoPermitida` when
    it is not approved, or the bank took the payment back meanwhile.
    """
    if not desde <= transferencia.fecha <= hoy:
        raise DatoInvalido("La fecha va desde el día en que se aprobó la devolución hasta hoy.", "fecha")
    bloquear(una)
    try:
        with db.session.begin_nested():
            mover(
                una,
                EventoDevolucion.PAGADA,
                firma,
                cuenta_origen=transferencia.cuenta,
                referencia_bancaria=transferencia.referencia,
                fecha_transferencia=transferencia.fecha,
                **autoria("pagada", firma),
            )
    except IntegrityError:
        raise DatoInvalido("Esa referencia del banco ya está en otra devolución.", "referencia") from None
    # After the row that the other one is: whoever records that it came back keeps it taken until this can see it there.
    if _reboto(transferencia):
        raise DatoInvalido("Esa referencia es de una transferencia que el banco devolvió.", "referencia")
    _exigir_sin_reversion(una)
    _exigir_en_el_libro(una)
    partidas = [
        Partida(
            ClaseAsiento.DEVOLUCION,
            debe=EXCEDENTES,
            haber=de_banco(transferencia.cuenta),
            valor=parte.valor,
            origen=origen_del_giro(una.id, parte.id, len(una.rebotes)),
            recaudo_id=parte.recaudo_id,
        )
        for parte in una.partes
    ]
    asentar(partidas, ahora=firma.ahora)
    _cerrar_casos(una, firma)


def sin_objeto(recaudo_id: int, *, ahora: datetime) -> list[int]:
    """The bank took a credit back: whatever asked for it and is not paid ends. Returns the numbers of those already paid.

    Locked first, so that whoever is approving or paying one finishes before, and is seen here.
    """
    de_el = select(ParteDevolucion.devolucion_id).where(ParteDevolucion.recaudo_id == recaudo_id)
    filas = db.session.scalars(
        select(Devolucion)
        .where(Devolucion.id.in_(de_el))
        .order_by(Devolucion.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for una in filas:
        if una.estado in ESTADOS_VIVOS_DEVOLUCION:
            mover(una, EventoDevolucion.SIN_OBJETO, Firma(None, ahora), motivo=MOTIVO_SIN_OBJETO)
    return [una.numero for una in filas if una.estado is EstadoDevolucion.PAGADA]


def comprometido(recaudo_id: int, *, menos: int = 0) -> Decimal:
    """Pesos of a credit that approved refunds hold until they are handed back, leaving out the refund `menos`."""
    suma = (
        select(func.sum(ParteDevolucion.valor, type_=Pesos()))
        .join(Devolucion)
        .where(
            ParteDevolucion.recaudo_id == recaudo_id,
            Devolucion.estado.in_(ESTADOS_QUE_RETIENEN),
            Devolucion.id != menos,
        )
    )
    return db.session.scalar(suma) or Decimal(0)


def bloquear_recaudos(pago_id: int) -> None:
    """Wait for whoever is taking back or handing back a credit of the payment (no-op on SQLite)."""
    db.session.execute(select(Recaudo.id).where(Recaudo.pago_id == pago_id).order_by(Recaudo.id).with_for_update())


def origen_del_giro(devolucion_id: int, parte_id: int, rebotes: int = 0) -> str:
    """The fact behind the asiento that hands one part back, after `rebotes` transfers that the bank could not deliver."""
    return f"devolucion:{devolucion_id}:parte:{parte_id}" + (f":giro:{rebotes + 1}" if rebotes else "")


def _reboto(transferencia: Transferencia) -> bool:
    """Whether it is one that came back: its number serves no other."""
    la_misma = select(Rebote.id).where(
        Rebote.cuenta_origen == transferencia.cuenta, Rebote.referencia_bancaria == transferencia.referencia
    )
    return db.session.scalar(la_misma.limit(1)) is not None


def bloquear(una: Devolucion) -> None:
    """Take the payment, its credits and the refund, in that order, and read it anew (no-op locks on SQLite)."""
    db.session.execute(select(Pago.id).where(Pago.id == una.pago_id).with_for_update(key_share=True))
    bloquear_recaudos(una.pago_id)
    db.session.refresh(una)


def mover(una: Devolucion, evento: EventoDevolucion, firma: Firma, **valores: Any) -> None:
    """The one place where a refund changes of state, and where the applicant is told of it."""
    desde = una.estado
    hasta = siguiente_devolucion(desde, evento)
    orden = (
        update(Devolucion)
        .where(Devolucion.id == una.id, Devolucion.estado == desde)
        .values(estado=hasta, **valores)
        .execution_options(synchronize_session=False)
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Otra persona acaba de cambiar esta devolución. Ábrala de nuevo.")
    db.session.refresh(una)
    usuario_id = firma.usuario.id if firma.usuario else None
    db.session.add(FilaEvento(devolucion_id=una.id, en=firma.ahora, desde=desde, evento=evento, usuario_id=usuario_id))
    db.session.flush()
    avisar_de_la_devolucion(una, ahora=firma.ahora)
    _anotar(f"devolucion.{evento.value}", una, firma)


def _anotar(accion: str, una: Devolucion, firma: Firma) -> None:
    anotar(
        accion,
        f"devolucion:{una.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id if firma.usuario else None,
        peticion=firma.peticion,
        valor=str(una.valor),
    )


def autoria(acto: str, firma: Firma) -> Mapping[str, Any]:
    """The three columns that say who did `acto`, and when."""
    assert firma.usuario is not None, "an official acts"
    return {
        f"{acto}_por": firma.usuario.id,
        f"{acto}_por_nombre": firma.usuario.nombre,
        f"{acto}_en": firma.ahora,
    }


def _exigir_otra_persona(una: Devolucion, firma: Firma) -> None:
    if firma.usuario is not None and una.estudiada_por == firma.usuario.id:
        raise TransicionNoPermitida("Quien estudió la devolución no la decide: debe hacerlo otra persona de Tesorería.")


def _exigir_sin_reversion(una: Devolucion) -> None:
    recaudos = [parte.recaudo_id for parte in una.partes]
    if db.session.scalar(select(Reversion.id).where(Reversion.recaudo_id.in_(recaudos)).limit(1)) is not None:
        raise TransicionNoPermitida("El banco ya se llevó este pago: no queda nada por devolver.")


def _exigir_en_el_libro(una: Devolucion) -> None:
    """What it takes from each credit still waits there, and no other approved refund holds it."""
    pedido: dict[int, Decimal] = {}
    for parte in una.partes:
        pedido[parte.recaudo_id] = pedido.get(parte.recaudo_id, Decimal(0)) + parte.valor
    for recaudo_id, valor in pedido.items():
        libre = saldo_de(recaudo_id, EXCEDENTES) - comprometido(recaudo_id, menos=una.id)
        if valor > libre:
            raise TransicionNoPermitida(
                f"El libro solo tiene {escribir_pesos(max(libre, Decimal(0)))} por devolver de este pago, y se piden "
                f"{escribir_pesos(valor)}."
            )


def _quitar_de_las_estampillas(una: Devolucion, firma: Firma) -> None:
    """Paid and not owed: the stamps are worth nothing and their money waits for its owner. One that was used refuses."""
    ids = sorted(parte.factura_id for parte in una.partes if parte.factura_id)
    bloquear_facturas(ids)
    usuario_id = firma.usuario.id if firma.usuario else None
    movidas = mover_facturas(ids, EventoFactura.DEVUELTA, ahora=firma.ahora, pago_id=una.pago_id, usuario_id=usuario_id)
    if len(movidas) != len(ids):
        raise TransicionNoPermitida("Una de las estampillas ya se usó o cambió de estado: no se puede devolver.")
    if any(
        saldos_a_favor.concedido(factura_id=p.factura_id, recaudo_id=p.recaudo_id) for p in una.partes if p.factura_id
    ):
        raise TransicionNoPermitida(
            "De una de las estampillas ya se devolvió el saldo a favor: no se puede devolver entera."
        )
    codigos = dict(db.session.execute(select(Factura.id, Factura.estampilla).where(Factura.id.in_(ids))).all())
    partidas = [
        Partida(
            ClaseAsiento.NO_DEBIDO,
            debe=de_estampilla(codigos[parte.factura_id]),
            haber=EXCEDENTES,
            valor=parte.valor,
            origen=f"devolucion:{una.id}:factura:{parte.factura_id}",
            recaudo_id=parte.recaudo_id,
            factura_id=parte.factura_id,
        )
        for parte in una.partes
        if parte.factura_id is not None
    ]
    asentar(partidas, ahora=firma.ahora)


def _cerrar_casos(una: Devolucion, firma: Firma) -> None:
    for recaudo_id in sorted({parte.recaudo_id for parte in una.partes}):
        if saldo_de(recaudo_id, EXCEDENTES) + saldo_de(recaudo_id, POR_IDENTIFICAR) == 0:
            casos.cerrar_de(
                _COLAS, SalidaCaso.DEVUELTO, ahora=firma.ahora, recaudo_id=recaudo_id, usuario=firma.usuario
            )
