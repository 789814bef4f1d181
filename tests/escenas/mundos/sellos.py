"""What the steps of a payment carry from one to the next."""

from portal.blueprints.pago.sellos import sellar
from portal.models import Liquidacion


def sello_de(una: Liquidacion) -> str:
    """That every stamp of a liquidación was chosen."""
    return sellar([una.id], una.id, [f.numero for f in una.facturas])
