"""Recording a confirmed credit: one row, its transfers in the ledger, and the facturas that it legalises, all at once.

Gateways, the bank's file and treasury's orders end here; nothing else writes a paid state, but for what the earlier system
had collected before this portal (`portal.operaciones.migracion`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, select

from portal.db import db, tabla
from portal.dominio.casos import ClaseCaso
from portal.dominio.estados import EstadoFactura
from portal.dominio.libro import partidas_de_recaudo
from portal.models import Factura, Recaudo
from portal.models.pago import CanalRecaudo, ClaseRecaudo
from portal.operaciones import casos
from portal.operaciones.facturas import bloquear_facturas, legalizar_facturas
from portal.operaciones.libro import asentar

_REGISTRAR = insert(tabla(Recaudo)).returning(tabla(Recaudo).c.id)
MONEDA = "COP"
_COLA = {
    ClaseRecaudo.DOBLE: ClaseCaso.PAGO_DOBLE,
    ClaseRecaudo.PARCIAL: ClaseCaso.PAGO_DOBLE,
    ClaseRecaudo.VALOR_DISTINTO: ClaseCaso.VALOR_DISTINTO,
    ClaseRecaudo.SIN_IDENTIFICAR: ClaseCaso.REFERENCIA_DESCONOCIDA,
}


@dataclass(frozen=True)
class Credito:
    """Money that somebody outside confirmed: `valor` pesos of `moneda` into the ledger account `entra`."""

    canal: CanalRecaudo
    pasarela: str
    transaccion: str
    entra: str
    valor: Decimal
    moneda: str = MONEDA
    cus: str | None = None
    banco: str | None = None
    autorizacion: str | None = None
    fecha_banco: datetime | None = None


@dataclass(frozen=True)
class Cubierta:
    """A factura that the credit is for, the pesos that are owed of it, and how it stands if whoever names it locked it."""

    factura_id: int
    estampilla: str
    valor: Decimal
    estado: EstadoFactura | None = None


@dataclass(frozen=True)
class Recaudado:
    """The row of a recorded credit, what it turned out to be, and the pesos of it that legalised facturas."""

    id: int
    clase: ClaseRecaudo
    aplicado: Decimal


def recaudar(
    credito: Credito,
    cubiertas: Sequence[Cubierta],
    *,
    ahora: datetime,
    pago_id: int | None = None,
    aplicable: bool = True,
) -> Recaudado:
    """Record a credit over the facturas that it is for; without any, nobody knows whose it is (`sin_identificar`).

    It legalises those still owed, and only if it is exactly what all of them come to (I-07, F-18): anything else is a
    row, an excedente in the ledger and a case of treasury. `aplicable=False` records money that must legalise nothing.
    Raises `IntegrityError` when the same transaction was recorded already.
    """
    total = sum((c.valor for c in cubiertas), Decimal(0))
    exacto = credito.valor == total and credito.moneda == MONEDA
    legalizadas = _legalizar(cubiertas, pago_id, ahora) if exacto and aplicable else []
    aplicado = sum((valor for _, _, valor in legalizadas), Decimal(0))
    clase = _clase(bool(cubiertas), exacto, aplicado, total)
    fila = {
        "pago_id": pago_id,
        "canal": credito.canal,
        "pasarela": credito.pasarela,
        "transaccion": credito.transaccion,
        "valor": credito.valor,
        "aplicado": aplicado,
        "moneda": credito.moneda,
        "clase": clase,
        "cus": credito.cus,
        "banco": credito.banco,
        "autorizacion": credito.autorizacion,
        "fecha_banco": credito.fecha_banco,
        "registrado_en": ahora,
    }
    recaudado = Recaudado(int(db.session.execute(_REGISTRAR, fila).scalar_one()), clase, aplicado)
    if credito.moneda == MONEDA:
        # The ledger is in pesos: a credit in another money is a row for treasury and nothing more.
        partidas = partidas_de_recaudo(
            recaudado.id, credito.entra, credito.valor, legalizadas, identificado=bool(cubiertas)
        )
        asentar(partidas, ahora=ahora)
    _avisar(recaudado, pago_id, cubiertas, ahora)
    return recaudado


def _clase(identificado: bool, exacto: bool, aplicado: Decimal, total: Decimal) -> ClaseRecaudo:
    if not identificado:
        return ClaseRecaudo.SIN_IDENTIFICAR
    if not exacto:
        return ClaseRecaudo.VALOR_DISTINTO
    if aplicado == total:
        return ClaseRecaudo.APLICADO
    return ClaseRecaudo.PARCIAL if aplicado else ClaseRecaudo.DOBLE


def _legalizar(cubiertas: Sequence[Cubierta], pago_id: int | None, ahora: datetime) -> list[tuple[int, str, Decimal]]:
    """Legalise what is still owed, even given up: `(factura_id, estampilla, pesos)` of each that moved."""
    estados = {c.factura_id: c.estado for c in cubiertas if c.estado is not None}
    if len(estados) < len(cubiertas):
        estados = bloquear_facturas(sorted(c.factura_id for c in cubiertas))
    movidas = set(legalizar_facturas(estados, ahora=ahora, pago_id=pago_id))
    return [(c.factura_id, c.estampilla, c.valor) for c in cubiertas if c.factura_id in movidas]


def _avisar(recaudado: Recaudado, pago_id: int | None, cubiertas: Sequence[Cubierta], ahora: datetime) -> None:
    cola = _COLA.get(recaudado.clase)
    if cola is not None:
        factura = cubiertas[0].factura_id if len(cubiertas) == 1 else None
        casos.abrir(
            cola,
            f"recaudo:{recaudado.id}",
            ahora=ahora,
            pago_id=pago_id,
            recaudo_id=recaudado.id,
            factura_id=factura,
        )


def cubierta_de(factura: Factura) -> Cubierta:
    """The whole value of one factura."""
    return Cubierta(factura.id, factura.estampilla, factura.valor)


def recaudo_de(pasarela: str, transaccion: str) -> Recaudo | None:
    """The credit already recorded of a transaction."""
    return db.session.scalar(select(Recaudo).where(Recaudo.pasarela == pasarela, Recaudo.transaccion == transaccion))
