"""The bank takes a confirmed credit back: opposite asientos, facturas owed again, and a case that says so in the open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.casos import ClaseCaso
from portal.dominio.estados import EstadoFactura, EstadoPago, EventoFactura
from portal.dominio.libro import CLASES_REVERSIBLES, Partida, contraria
from portal.models import Asiento, Factura, Pago, PagoFactura, Recaudo, Reversion
from portal.models.pago import CausaReversion
from portal.operaciones import casos, devoluciones
from portal.operaciones.agentes import consignaciones
from portal.operaciones.correos_pago import avisar_de_la_reversion
from portal.operaciones.facturas import bloquear_facturas, mover_facturas
from portal.operaciones.libro import asentar
from portal.operaciones.pagos import anotar_evento

_CAMPOS = tuple(Partida.__dataclass_fields__)
# An agent that undoes what it registered never took the money: no bank, nothing to look into.
_EVENTOS = {CausaReversion.AGENTE: EventoFactura.RETENCION_DESHECHA}


def revertir(recaudo_id: int, *, causa: CausaReversion, motivo: str, ahora: datetime) -> Reversion | None:
    """Undo a credit once, however often it is told; None when it was reversed already (the unique row decides).

    Every asiento that put its money somewhere gets its opposite. What it legalised is owed again, used or not.
    """
    bloquear_recaudos([recaudo_id])
    reversion = _una_sola(recaudo_id, causa, motivo, ahora)
    if reversion is None:
        return None
    recaudo = reversion.recaudo
    # Whoever is approving a refund of this money is waited for, and its asientos are undone below.
    devueltas = devoluciones.sin_objeto(recaudo_id, ahora=ahora)
    asientos = db.session.scalars(
        select(Asiento)
        .where(Asiento.recaudo_id == recaudo_id, Asiento.clase.in_(CLASES_REVERSIBLES))
        .order_by(Asiento.numero)
    ).all()
    partidas = [
        contraria(a.numero, Partida(**{campo: getattr(a, campo) for campo in _CAMPOS}), f"reversion:{reversion.id}")
        for a in asientos
    ]
    partidas += consignaciones.revertir(recaudo_id, reversion.id, ahora=ahora)
    ids = sorted({a.factura_id for a in asientos if a.factura_id})
    # Facturas before the ledger, as everybody who moves money.
    bloquear_facturas(ids)
    asentar(partidas, ahora=ahora)
    usadas = _deber_de_nuevo(recaudo, ids, ahora, _EVENTOS.get(causa, EventoFactura.PAGO_REVERTIDO))
    if causa is not CausaReversion.AGENTE:
        casos.abrir(
            ClaseCaso.REVERSION,
            f"recaudo:{recaudo_id}",
            ahora=ahora,
            pago_id=recaudo.pago_id,
            recaudo_id=recaudo_id,
            # Money that treasury handed back before the bank took it back is owed by whoever received it.
            detalle={"causa": causa.value, "usadas": usadas} | ({"devueltas": devueltas} if devueltas else {}),
        )
    db.session.expire(recaudo, ["asientos", "reversion"])
    return reversion


def bloquear_recaudos(ids: Sequence[int]) -> None:
    """Two who take the same credits back wait for each other before they hold anything else (no-op on SQLite).

    Attempts first, as the gateway's door does; credits not so strongly that whoever writes about one must wait.
    """
    de_ellos = select(Recaudo.pago_id).where(Recaudo.id.in_(ids))
    db.session.execute(select(Pago.id).where(Pago.id.in_(de_ellos)).order_by(Pago.id).with_for_update())
    orden = select(Recaudo.id).where(Recaudo.id.in_(ids)).order_by(Recaudo.id)
    db.session.execute(orden.with_for_update(key_share=True))


def _una_sola(recaudo_id: int, causa: CausaReversion, motivo: str, ahora: datetime) -> Reversion | None:
    try:
        with db.session.begin_nested():
            reversion = Reversion(recaudo_id=recaudo_id, en=ahora, causa=causa, motivo=motivo[:300])
            db.session.add(reversion)
            db.session.flush()
        return reversion
    except IntegrityError:
        return None


def _deber_de_nuevo(recaudo: Recaudo, ids: list[int], ahora: datetime, evento: EventoFactura) -> list[int]:
    """Move what it legalised to *Pago revertido* and free its attempt; the numbers of the facturas that had been used."""
    usadas = list(
        db.session.scalars(select(Factura.numero).where(Factura.id.in_(ids), Factura.estado == EstadoFactura.UTILIZADA))
    )
    mover_facturas(ids, evento, ahora=ahora, pago_id=recaudo.pago_id)
    # An approved attempt keeps its facturas from being paid again; what it paid is owed now. The credit's own attempt may be
    # about to be approved: the first that the gateway said of it can be that it was taken back.
    aprobados = select(Pago.id).where(or_(Pago.estado == EstadoPago.APROBADO, Pago.id == recaudo.pago_id))
    db.session.execute(
        update(PagoFactura)
        .where(PagoFactura.factura_id.in_(ids), PagoFactura.pago_id.in_(aprobados))
        .values(viva=False)
        .execution_options(synchronize_session="fetch")
    )
    _retener_de_nuevo(ids, ahora)
    if recaudo.pago is not None:
        if ids:
            avisar_de_la_reversion(recaudo.pago, recaudo.id, ahora=ahora)
        anotar_evento(recaudo.pago.id, recaudo.pago.estado, "revertido", "reversion", ahora)
    db.session.flush()
    return usadas


def _retener_de_nuevo(ids: list[int], ahora: datetime) -> None:
    """What another attempt has at the bank is in verification, not free: nobody should be told to pay it again (I-08)."""
    retenidas = db.session.execute(
        select(PagoFactura.pago_id, PagoFactura.factura_id)
        .where(PagoFactura.factura_id.in_(ids), PagoFactura.viva)
        .order_by(PagoFactura.factura_id)
    ).all()
    for pago_id, factura_id in retenidas:
        mover_facturas(
            [factura_id], EventoFactura.PAGO_ENVIADO, ahora=ahora, pago_id=pago_id, desde=(EstadoFactura.REVERTIDA,)
        )
