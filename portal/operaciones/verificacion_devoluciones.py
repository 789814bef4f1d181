"""The invariants of refunds, for `portal.operaciones.verificacion`: each yields one Spanish sentence per row that breaks it."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import case, func, or_, select

from portal.db import Pesos, db
from portal.dominio.devoluciones import (
    ESTADOS_CONCEDIDOS,
    TRANSICIONES_DEVOLUCION,
    CausalDevolucion,
    EstadoDevolucion,
)
from portal.dominio.estados import EstadoFactura, EventoFactura
from portal.dominio.libro import ClaseAsiento
from portal.models import Asiento, Devolucion, EventoDevolucion, Factura, ParteDevolucion, Rebote, Recaudo
from portal.models import EventoFactura as FilaEvento
from portal.operaciones.devoluciones import origen_del_giro
from portal.operaciones.rebotes import origen_del_rebote

_SOBRE_ESTAMPILLAS = (CausalDevolucion.NO_DEBIDO, CausalDevolucion.SALDO_A_FAVOR)


def devuelto_de_mas() -> Iterator[str]:
    """What was handed back of a credit, less what came back from the bank, is never more than what it brought."""
    dado = case((Asiento.clase == ClaseAsiento.DEVOLUCION, Asiento.valor), else_=-Asiento.valor)
    devuelto = func.sum(dado, type_=Pesos())
    consulta = (
        select(Recaudo.id)
        .join(Asiento, Asiento.recaudo_id == Recaudo.id)
        .where(Asiento.clase.in_((ClaseAsiento.DEVOLUCION, ClaseAsiento.REBOTE)))
        .group_by(Recaudo.id, Recaudo.valor)
        .having(devuelto > Recaudo.valor)
    )
    for (recaudo,) in db.session.execute(consulta):
        yield f"Del recaudo {recaudo} se devolvió más de lo que entró"


def pagadas_con_su_asiento() -> Iterator[str]:
    """Every transfer of a refund is in the ledger part by part, with its opposite if it came back, and nothing else is."""
    rebotes = dict(db.session.execute(select(Rebote.devolucion_id, func.count()).group_by(Rebote.devolucion_id)).all())
    partes = select(
        Devolucion.id, Devolucion.estado, ParteDevolucion.id, ParteDevolucion.recaudo_id, ParteDevolucion.valor
    ).join(ParteDevolucion)
    debidos = {}
    for una, estado, parte, recaudo, valor in db.session.execute(partes):
        volvieron = rebotes.get(una, 0)
        for n in range(volvieron + (estado is EstadoDevolucion.PAGADA)):
            debidos[origen_del_giro(una, parte, n)] = (ClaseAsiento.DEVOLUCION, recaudo, valor)
        for n in range(volvieron):
            debidos[origen_del_rebote(una, parte, n)] = (ClaseAsiento.REBOTE, recaudo, valor)
    asientos = select(Asiento.origen, Asiento.clase, Asiento.recaudo_id, Asiento.valor).where(
        Asiento.clase.in_((ClaseAsiento.DEVOLUCION, ClaseAsiento.REBOTE))
    )
    hechos = {origen: (clase, recaudo, valor) for origen, clase, recaudo, valor in db.session.execute(asientos)}
    for origen in sorted(debidos.keys() | hechos.keys()):
        if debidos.get(origen) != hechos.get(origen):
            yield f"El giro {origen} y el libro no dicen lo mismo"
    sumas = (
        select(Devolucion.numero)
        .outerjoin(ParteDevolucion)
        .group_by(Devolucion.id, Devolucion.numero, Devolucion.valor)
        .having(func.coalesce(func.sum(ParteDevolucion.valor, type_=Pesos()), 0) != Devolucion.valor)
    )
    for (numero,) in db.session.execute(sumas):
        yield f"La devolución {numero} no suma lo que sus partes"


def sobre_estampillas_usadas() -> Iterator[str]:
    """A stamp that was paid and not owed stops being worth anything before its money goes back, and was never used."""
    consulta = (
        select(Devolucion.numero, Factura.numero, Factura.id, Factura.estado)
        .join(ParteDevolucion, ParteDevolucion.devolucion_id == Devolucion.id)
        .join(Factura, Factura.id == ParteDevolucion.factura_id)
        .where(Devolucion.estado.in_(ESTADOS_CONCEDIDOS), ParteDevolucion.saldo_id.is_(None))
    )
    devueltas = set(
        db.session.scalars(select(FilaEvento.factura_id).where(FilaEvento.evento == EventoFactura.DEVUELTA.value))
    )
    for devolucion, factura, factura_id, estado in db.session.execute(consulta):
        if estado is not EstadoFactura.SIN_EFECTO or factura_id not in devueltas:
            yield f"La devolución {devolucion} es de la factura {factura}, que está {estado}"
    sueltas = (
        select(Devolucion.numero)
        .join(ParteDevolucion)
        .where(
            or_(
                Devolucion.causal.in_(_SOBRE_ESTAMPILLAS) == ParteDevolucion.factura_id.is_(None),
                (Devolucion.causal == CausalDevolucion.SALDO_A_FAVOR) == ParteDevolucion.saldo_id.is_(None),
            )
        )
        .distinct()
    )
    for (numero,) in db.session.execute(sueltas):
        yield f"La devolución {numero} no dice bien de qué estampillas es"


def historia_de_devoluciones() -> Iterator[str]:
    """Refunds move only along their graph, and their state is that of their history."""
    filas = db.session.execute(
        select(EventoDevolucion.devolucion_id, EventoDevolucion.desde, EventoDevolucion.evento).order_by(
            EventoDevolucion.devolucion_id, EventoDevolucion.id
        )
    ).all()
    finales = {}
    for una, pasos in groupby(filas, key=lambda fila: fila[0]):
        estado = EstadoDevolucion.SOLICITADA
        for _, desde, evento in pasos:
            if desde is not estado or (desde, evento) not in TRANSICIONES_DEVOLUCION:
                yield f"A la devolución {una} le pasó {evento} estando {desde}, sin que su estado lo permitiera"
            estado = TRANSICIONES_DEVOLUCION.get((desde, evento), estado)
        finales[una] = estado
    for una, estado in db.session.execute(select(Devolucion.id, Devolucion.estado)):
        if finales.get(una, EstadoDevolucion.SOLICITADA) is not estado:
            yield f"La devolución {una} está {estado} y su historia dice otra cosa"
