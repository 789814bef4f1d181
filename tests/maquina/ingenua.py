"""Usual ways of applying a gateway's answer and an order, kept to show that the auditor sees what is wrong with them."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from portal.db import db
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoPago, EventoFactura
from portal.dominio.libro import (
    EXCEDENTES,
    LEGALIZACION_MANUAL,
    POR_IDENTIFICAR,
    ClaseAsiento,
    Partida,
    de_estampilla,
    de_pasarela,
)
from portal.dominio.ordenes import ClaseOrden, EstadoOrden
from portal.models import Factura, OrdenTesoreria, Pago, PagoFactura
from portal.models.pago import CanalRecaudo, CausaReversion
from portal.operaciones.facturas import mover_facturas
from portal.operaciones.firmas import Firma
from portal.operaciones.libro import asentar
from portal.operaciones.ordenes import TESORERIA
from portal.operaciones.pagos import liberar
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar
from portal.operaciones.resultados import Causa
from portal.operaciones.reversiones import revertir
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela

_ESTADO = {EstadoPasarela.RECHAZADO: EstadoPago.RECHAZADO, EstadoPasarela.VENCIDO: EstadoPago.VENCIDO}


def mira_el_estado(
    pago_id: int, resultado: ResultadoPasarela, *, causa: Causa, espera: timedelta, ahora: datetime
) -> EstadoPago:
    """Look at the attempt's state, and pay if it is still open: whatever comes afterwards is thrown away."""
    pago = db.session.get_one(Pago, pago_id)
    if pago.estado.es_final:
        return pago.estado
    return _creer(pago, resultado, espera, ahora)


def sin_fila_unica(
    pago_id: int, resultado: ResultadoPasarela, *, causa: Causa, espera: timedelta, ahora: datetime
) -> EstadoPago:
    """Believe every approval and give it a name of one's own: what is told twice is credited twice."""
    return _creer(db.session.get_one(Pago, pago_id), resultado, espera, ahora)


def _creer(pago: Pago, resultado: ResultadoPasarela, espera: timedelta, ahora: datetime) -> EstadoPago:
    pago.consultado_en = ahora
    if resultado.estado is EstadoPasarela.APROBADO:
        facturas = select(Factura).join(PagoFactura).where(PagoFactura.pago_id == pago.id)
        cubiertas = [cubierta_de(f) for f in db.session.scalars(facturas)]
        credito = Credito(
            CanalRecaudo.PSE, pago.pasarela, uuid4().hex, de_pasarela(pago.pasarela), pago.total, cus=pago.cus
        )
        recaudar(credito, cubiertas, ahora=ahora, pago_id=pago.id)
        pago.estado = EstadoPago.APROBADO
    elif resultado.estado in _ESTADO and not pago.estado.es_final:
        pago.estado = _ESTADO[resultado.estado]
        liberar(pago.id, ahora)
    pago.consultar_desde = None if pago.estado.es_final else ahora + espera
    db.session.flush()
    return pago.estado


def aprueba_lo_que_se_propuso(orden_id: int, *, firma: Firma) -> None:
    """Believe what an order says and not how its money is now: what is paid is paid again, what is back is taken back."""
    orden = db.session.get_one(OrdenTesoreria, orden_id)
    if not orden.por_resolver or orden.propuesta_por == firma.usuario.id:
        raise TransicionNoPermitida("No la puede aprobar.")
    orden.estado, orden.resuelta_en = EstadoOrden.APROBADA, firma.ahora
    orden.resuelta_por, orden.resuelta_por_nombre = firma.usuario.id, firma.usuario.nombre
    if orden.clase is ClaseOrden.APLICACION:
        _aplicar_sin_mirar(orden, firma)
        return
    if orden.recaudo_id is not None:
        revertir(orden.recaudo_id, causa=CausaReversion.TESORERIA, motivo=orden.motivo, ahora=firma.ahora)
        return
    credito = Credito(CanalRecaudo.MANUAL, TESORERIA, orden.clave, LEGALIZACION_MANUAL, orden.valor)
    recaudar(credito, [cubierta_de(r.factura) for r in orden.renglones], ahora=firma.ahora)


def _aplicar_sin_mirar(orden: OrdenTesoreria, firma: Firma) -> None:
    """The money was there when it was proposed: it is put on the stamp, whatever became of both since."""
    assert orden.recaudo is not None
    factura = orden.renglones[0].factura
    cuenta = EXCEDENTES if orden.recaudo.excedente else POR_IDENTIFICAR
    mover_facturas([factura.id], EventoFactura.PAGO_APROBADO, ahora=firma.ahora, pago_id=orden.recaudo.pago_id)
    origen = f"orden:{orden.id}:factura:{factura.id}"
    estampilla = de_estampilla(factura.estampilla)
    asentar(
        [Partida(ClaseAsiento.APLICACION, cuenta, estampilla, orden.valor, origen, orden.recaudo_id, factura.id)],
        ahora=firma.ahora,
    )
