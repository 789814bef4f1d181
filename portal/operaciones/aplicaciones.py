"""Putting money that waits on the factura it was for: an asiento, a factura that moves, and a case that closes itself."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from portal.db import db
from portal.dominio.casos import SalidaCaso
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.libro import EXCEDENTES, POR_IDENTIFICAR, ClaseAsiento, Partida, de_estampilla
from portal.models import Factura, Recaudo
from portal.operaciones import casos
from portal.operaciones.devoluciones import comprometido
from portal.operaciones.facturas import bloquear_facturas, exigir_debidas, legalizar_facturas
from portal.operaciones.libro import asentar


def aplicar(recaudo_id: int, factura_id: int, *, origen: str, ahora: datetime) -> None:
    """Legalise a factura with money of a credit that waits: its whole value, from one of the two accounts. `origen` names why.

    The rest keeps waiting; when nothing is left, the cases about that money close. Raises `TransicionNoPermitida` when the
    credit was reversed, too little of it waits, or nothing is owed of the factura.
    """
    recaudo = bloquear(recaudo_id)
    factura = db.session.get_one(Factura, factura_id)
    cuenta = cuenta_de_donde_sale(recaudo, factura.valor)
    exigir_debidas([factura])
    legalizar_facturas(bloquear_facturas([factura_id]), ahora=ahora, pago_id=recaudo.pago_id)
    partida = Partida(
        ClaseAsiento.APLICACION,
        debe=cuenta,
        haber=de_estampilla(factura.estampilla),
        valor=factura.valor,
        origen=f"{origen}:factura:{factura_id}",
        recaudo_id=recaudo_id,
        factura_id=factura_id,
    )
    asentar([partida], ahora=ahora)
    db.session.expire(recaudo, ["asientos"])
    if recaudo.espera_en(cuenta) < 0:
        # Whoever else writes in the ledger waits in `asentar`: what was taken meanwhile is seen here, and nothing stays.
        raise TransicionNoPermitida("Ese dinero acaba de moverse. Revise el recaudo de nuevo.")
    if recaudo.en_espera == 0:
        casos.cerrar_de(casos.CON_DINERO, SalidaCaso.APLICADO, ahora=ahora, recaudo_id=recaudo_id)


def cuenta_de_donde_sale(recaudo: Recaudo, valor: Decimal) -> str:
    """The account of a credit that holds `valor` pesos. Raises `TransicionNoPermitida` when there is none."""
    if recaudo.reversion is not None:
        raise TransicionNoPermitida("El banco devolvió ese recaudo: ya no hay dinero que aplicar.")
    cuentas = (POR_IDENTIFICAR, EXCEDENTES)
    # What an approved refund holds is not there to be applied.
    libre = {c: recaudo.espera_en(c) - (comprometido(recaudo.id) if c == EXCEDENTES else 0) for c in cuentas}
    cuenta = next((c for c in cuentas if libre[c] >= valor), None)
    if cuenta is None:
        espera = escribir_pesos(max(*libre.values(), Decimal(0)))
        raise TransicionNoPermitida(f"De ese recaudo esperan {espera} y la factura vale {escribir_pesos(valor)}.")
    return cuenta


def bloquear(recaudo_id: int) -> Recaudo:
    """The credit with what it is worth now. Its reversal waits for this lock, and this for its reversal."""
    return db.session.scalars(
        select(Recaudo).where(Recaudo.id == recaudo_id).with_for_update().execution_options(populate_existing=True)
    ).one()
