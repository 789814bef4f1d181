"""One of each rare way in which money moves, by the portal's own operations: refunds, balances in favour, orders, retention."""

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion
from portal.models import Liquidacion, Pago
from portal.models.pago import CausaReversion
from portal.operaciones import reversiones, sin_efecto
from tests import contratos, devoluciones, ordenes
from tests.encargos import oficial
from tests.fabricas import AHORA, liquidacion


def hacer() -> None:
    """Everything once. Amounts come back, leave, are applied, and are reversed after some of it."""
    _devoluciones()
    _saldos_a_favor()
    _ordenes()
    _por_retencion()


def _devoluciones() -> None:
    devoluciones.girar(devoluciones.aprobada(devoluciones.pedir(devoluciones.doble())), "TR-1")
    rebotada = devoluciones.aprobada(devoluciones.pedir(devoluciones.doble((7000, 300))))
    devoluciones.girar(rebotada, "TR-2")
    devoluciones.rebotar(rebotada)
    una, pago = devoluciones.pagado((12000, 5000))
    no_debida = devoluciones.pedir(pago, CausalDevolucion.NO_DEBIDO, (una.facturas[0].numero,))
    devoluciones.girar(devoluciones.aprobada(no_debida), "TR-3")
    devoluciones.distinto()


def _saldos_a_favor() -> None:
    """One is handed back; the payment of another is taken back by the bank before that."""
    de = oficial()
    for numero, se_revierte in (("12", False), ("13", True)):
        una = contratos.contratar(de, numero_contrato=numero, contratante_nit="899999061")
        contratos.pagar(una)
        contratos.reducir(una, contratos.acto("20000000", "ACTA 3"), de)
        pedida = devoluciones.aprobada(devoluciones.pedir(_pago_de(una), CausalDevolucion.SALDO_A_FAVOR))
        if not se_revierte:
            devoluciones.girar(pedida, "TR-4")
            continue
        (recaudo,) = _pago_de(una).recaudos
        cual = recaudo.id
        with transaccion():
            reversiones.revertir(cual, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=AHORA)


def _pago_de(una: Liquidacion) -> Pago:
    db.session.expire_all()
    return db.session.scalars(select(Pago).where(Pago.liquidacion_id == una.id)).one()


def _ordenes() -> None:
    propone, aprueba = ordenes.tesorero(), ordenes.tesorero()
    ordenes.aprobar(ordenes.legalizacion(liquidacion((9000, 1500)), propone), aprueba)
    sin_dueno = ordenes.credito(4321)
    ordenes.aprobar(ordenes.aplicacion(sin_dueno, liquidacion((4321,)).facturas[0], propone), aprueba)
    ordenes.aprobar(ordenes.reversion(ordenes.pagada(liquidacion((8000,))), propone), aprueba)
    anulada = liquidacion((555,)).id
    with transaccion():
        sin_efecto.dejar_sin_efecto(anulada, motivo="Prueba", usuario=propone, ahora=AHORA)


def _por_retencion() -> None:
    de = oficial()
    una = contratos.contratar(de, numero_contrato="14", por_retencion=True)
    primera = contratos.cuenta(una, "40000000", "1", de)
    contratos.pagar(primera)
    contratos.cuenta(una, "25000000.50", "2", de)
