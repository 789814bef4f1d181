"""Two usual ways of applying a gateway's answer, kept to show that the auditor sees what is wrong with them."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.dominio.libro import de_pasarela
from portal.models import Factura, Pago, PagoFactura
from portal.models.pago import CanalRecaudo
from portal.operaciones.pagos import liberar
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar
from portal.operaciones.resultados import Causa
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
        liberar(pago, ahora)
    pago.consultar_desde = None if pago.estado.es_final else ahora + espera
    db.session.flush()
    return pago.estado
