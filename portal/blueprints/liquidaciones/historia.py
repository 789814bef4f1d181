"""What happened to the facturas of a liquidación, in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from portal.dominio.palabras import nombre_de
from portal.models import EventoFactura, Liquidacion

_FRASES: Mapping[str, str] = {
    "emitida": "Emisión",
    "pago_enviado": "Envío a pago en el banco",
    "pago_no_realizado": "El pago no se realizó y se debe de nuevo",
    "pago_no_realizado_de_revertida": "El pago no se realizó y se sigue debiendo",
    "pago_aprobado": "Pago confirmado",
    "pago_aprobado_de_usada": "Pago confirmado de nuevo. Ya se había usado",
    "adherida": "Adhesión y anulación: se usó",
    "adhesion_deshecha": "Se deshizo la adhesión y se puede usar de nuevo",
    "pago_revertido": "El banco devolvió el pago y se debe de nuevo",
    "retencion_deshecha": "La entidad deshizo la retención y se debe de nuevo",
    "devuelta": "Devolución de lo pagado sin deberse",
    "valor_cero": "Legalización sin pago, porque por $0 no se debe nada",
    "dejada_sin_efecto": "Sin efecto",
    "valor_cero_sin_efecto": "Sin efecto",
}


@dataclass(frozen=True)
class Suceso:
    """One moment, and what happened then to some facturas."""

    en: datetime
    frase: str


def contar(liquidacion: Liquidacion, eventos: Sequence[EventoFactura]) -> list[Suceso]:
    """The events as sentences, those of one act together, oldest first."""
    numeros = {f.id: f.numero for f in liquidacion.facturas}
    sucesos = []
    for (en, evento), grupo in groupby(eventos, key=lambda e: (e.en, e.evento)):
        facturas = sorted(numeros[e.factura_id] for e in grupo)
        cuales = f"Factura {facturas[0]}" if len(facturas) == 1 else f"Facturas {', '.join(map(str, facturas))}"
        sucesos.append(Suceso(en, f"{nombre_de(_FRASES, evento)}. {cuales}."))
    return sucesos
