"""The invariant of treasury's orders: what two people approved happened exactly, and nothing of the kind without them."""

from collections.abc import Iterator

from sqlalchemy import select

from portal.db import db
from portal.dominio.libro import ClaseAsiento
from portal.dominio.ordenes import ClaseOrden, EstadoOrden
from portal.models import Asiento, OrdenTesoreria, Recaudo, Reversion
from portal.models.pago import CanalRecaudo, CausaReversion
from portal.operaciones.ordenes import TESORERIA

# An effect: its name in the books, what it acts on, its centavos.
Efecto = tuple[str, int | None, int]


def ordenes() -> Iterator[str]:
    """Orders without their effect, effects without their order, and orders that one person alone approved."""
    hechos = dict(_legalizados()) | dict(_aplicados()) | dict(_revertidos())
    mandados: set[str] = set()
    for orden in db.session.scalars(select(OrdenTesoreria).where(OrdenTesoreria.estado == EstadoOrden.APROBADA)):
        if orden.resuelta_por in (None, orden.propuesta_por):
            yield f"La orden {orden.numero} no la aprobó una segunda persona"
        esperado = _esperado(orden)
        mandados.update(efecto[0] for efecto in esperado)
        for clave, sobre, centavos in esperado:
            if hechos.get(clave) != (clave, sobre, centavos):
                yield f"La orden {orden.numero} se aprobó y no tiene su efecto en el libro"
    for clave in sorted(hechos.keys() - mandados):
        yield f"Se movió dinero a mano sin una orden aprobada por dos personas: {clave}"


def _esperado(orden: OrdenTesoreria) -> list[Efecto]:
    centavos = int(orden.valor * 100)
    if orden.clase is ClaseOrden.LEGALIZACION:
        return [(f"recaudo {TESORERIA} {orden.clave}", None, centavos)]
    if orden.clase is ClaseOrden.REVERSION:
        return [(f"reversión del recaudo {orden.recaudo_id}", orden.recaudo_id, centavos)]
    return [
        (f"asiento {orden.clave}:factura:{r.factura_id}", orden.recaudo_id, int(r.valor * 100)) for r in orden.renglones
    ]


def _legalizados() -> Iterator[tuple[str, Efecto]]:
    for fila in db.session.scalars(select(Recaudo).where(Recaudo.canal == CanalRecaudo.MANUAL)):
        clave = f"recaudo {fila.pasarela} {fila.transaccion}"
        yield clave, (clave, None, int(fila.aplicado * 100))


def _aplicados() -> Iterator[tuple[str, Efecto]]:
    aplicaciones = select(Asiento).where(Asiento.clase == ClaseAsiento.APLICACION, Asiento.factura_id.is_not(None))
    for fila in db.session.scalars(aplicaciones):
        clave = f"asiento {fila.origen}"
        yield clave, (clave, fila.recaudo_id, int(fila.valor * 100))


def _revertidos() -> Iterator[tuple[str, Efecto]]:
    for fila in db.session.scalars(select(Reversion).where(Reversion.causa == CausaReversion.TESORERIA)):
        clave = f"reversión del recaudo {fila.recaudo_id}"
        yield clave, (clave, fila.recaudo_id, int(fila.recaudo.valor * 100))
