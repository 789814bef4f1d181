"""Paid facturas and their stamps for tests. Each commits, as the edge would."""

from decimal import Decimal
from uuid import uuid4

from flask import current_app

from portal.db import db, transaccion
from portal.dominio.estados import EventoFactura
from portal.models import EstampillaElectronica, Liquidacion, Pago, Recaudo
from portal.models.pago import CausaReversion
from portal.operaciones import claves, estampillas
from portal.operaciones.facturas import mover_facturas
from portal.operaciones.resultados import Causa, aplicar_resultado
from portal.operaciones.reversiones import revertir
from portal.web.estampillas import emisor_actual
from tests import fabricas
from tests.fabricas import AHORA, ESPERA


def pagar(una: Liquidacion, *, facturas: tuple[int, ...] | None = None, valor: Decimal | None = None) -> Pago:
    """An approved attempt over some facturas (all by default)."""
    pago = fabricas.pago(una, facturas=facturas)
    respuesta = fabricas.respuesta(pago, transaccion=uuid4().hex, valor=valor)
    with transaccion():
        aplicar_resultado(pago.id, respuesta, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
    db.session.refresh(pago)
    return pago


def legalizar_de_cero(una: Liquidacion) -> None:
    """What the issue of an exempt liquidación does with its facturas of $0."""
    with transaccion():
        mover_facturas([f.id for f in una.facturas if not f.valor], EventoFactura.VALOR_CERO, ahora=AHORA)


def devolver_el_banco(pago: Pago) -> None:
    """The bank takes back what the attempt paid."""
    recaudo_id = db.session.query(Recaudo.id).filter_by(pago_id=pago.id).scalar()
    with transaccion():
        revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Fondos insuficientes.", ahora=AHORA)


def firmante() -> claves.Firmante:
    """The key of the installation under test."""
    return claves.abrir(current_app.extensions["ajustes"].clave_estampillas, crear_si_falta=True)


def expedir(una: Liquidacion) -> list[EstampillaElectronica]:
    """Issue what it lacks; its stamps in force."""
    with transaccion():
        estampillas.expedir([f.id for f in una.facturas], emisor=emisor_actual(), firmante=firmante(), ahora=AHORA)
    return estampillas.de_liquidacion(una.id)


def pagada(valores: tuple[int, ...] = (4000, 5000), **otros: object) -> list[EstampillaElectronica]:
    """The stamps of a liquidación that is paid whole."""
    una = fabricas.liquidacion(valores, **otros)
    pagar(una)
    return expedir(una)
