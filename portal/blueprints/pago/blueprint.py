"""What the pages of a payment share: whose browser began it, and where the payer goes on."""

from flask import Blueprint

from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.web import recordados
from portal.web.pasarela import pasarela_actual

bp = Blueprint("pago", __name__)


def recordar(codigo: str) -> None:
    """Keep in this browser, until it is closed, that the payment began in it."""
    recordados.recordar("pagos", codigo)


def propios() -> list[str]:
    """The codes of the payments that began in this browser, newest first."""
    return recordados.recordados("pagos")


def puede_ir_al_banco(pago: Pago) -> bool:
    """Whether the bank's page is of use. Where the bank was chosen here, session and debit are one: while the debit is pending
    its page may be opened again, and cannot charge twice."""
    return pago.estado is EstadoPago.ENVIADO or (pago.estado is EstadoPago.PENDIENTE and pasarela_actual().pide_banco)
