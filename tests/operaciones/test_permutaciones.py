"""All orders of up to six events, one of them told twice: one final state for each set (I-09).

The suite takes orders at even steps through each set; `make permutaciones` takes all of them.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Asiento, Factura, Pago, Recaudo, Reversion, Usuario
from portal.models.pago import CanalRecaudo
from portal.operaciones import ordenes, resultados
from portal.operaciones.firmas import Firma
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar, recaudo_de
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela, TransaccionPasarela
from tests import fabricas
from tests.fabricas import AHORA, ESPERA
from tests.maquina.memoria import EnMemoria, en_memoria
from tests.ordenes import sustento, tesorero

# Of each set; 0 is all of them.
CUANTAS = int(os.environ.get("PERMUTACIONES", "48"))
_E = EstadoPasarela
Evento = Callable[[], object]


def debito(cual: str, estado: EstadoPasarela, valor: int = 9000) -> TransaccionPasarela:
    return TransaccionPasarela(cual, estado, Decimal(valor), "COP", cual, "Banco", cual, cual, None, "00", "")


def dice(estado: EstadoPasarela, *debitos: TransaccionPasarela) -> Evento:
    """The gateway's answer about the only attempt."""

    def evento() -> None:
        pago = db.session.scalars(select(Pago)).one()
        base: ResultadoPasarela = fabricas.respuesta(pago, estado, transaccion=None)
        resultados.aplicar_resultado(
            pago.id, replace(base, transacciones=debitos), causa=Causa.SONDA, espera=ESPERA, ahora=AHORA
        )

    return evento


def no_lo_conoce() -> None:
    pago = db.session.scalars(select(Pago)).one()
    tarde = pago.vence_en + resultados.GRACIA_DE_DESCONOCIDO * 2
    resultados.aplicar_desconocido(pago.id, causa=Causa.SONDA, espera=ESPERA, ahora=tarde)


def ventanilla() -> None:
    """Somebody pays another factura at the window; the same line again is refused by the database."""
    if recaudo_de("banco", "linea") is None:
        factura = db.session.scalars(select(Factura).order_by(Factura.id.desc())).first()
        credito = Credito(CanalRecaudo.VENTANILLA, "banco", "linea", "banco:0849", factura.valor)
        recaudar(credito, [cubierta_de(factura)], ahora=AHORA)


def devuelve_tesoreria() -> None:
    """Two people have the bank's letter about the second debit; untold yet, or back already, there is nothing to do."""
    recaudo = recaudo_de("placetopay", "t2")
    if recaudo is not None and recaudo.reversion is None:
        una, otra = (
            Firma(quien, AHORA) for quien in db.session.scalars(select(Usuario).where(Usuario.rol == "tesoreria"))
        )
        orden = ordenes.proponer_reversion(recaudo.id, sustento(), firma=una)
        ordenes.aprobar(orden.id, firma=otra)


ABIERTA = dice(_E.PENDIENTE)
EN_EL_BANCO = dice(_E.PENDIENTE, debito("t1", _E.PENDIENTE))
APROBADA = dice(_E.APROBADO, debito("t1", _E.APROBADO))
REVERTIDA = dice(_E.APROBADO, debito("t1", _E.REVERTIDO))
VENCIDA = dice(_E.VENCIDO)
CONJUNTOS: dict[str, Sequence[Evento]] = {
    "aprobada": [ABIERTA, EN_EL_BANCO, APROBADA, VENCIDA, no_lo_conoce, ventanilla, APROBADA],
    "revertida": [EN_EL_BANCO, APROBADA, REVERTIDA, VENCIDA, no_lo_conoce, ventanilla, REVERTIDA],
    "rechazada y aprobada al segundo débito": [
        dice(_E.PENDIENTE, debito("t1", _E.RECHAZADO)),
        dice(_E.PENDIENTE, debito("t1", _E.RECHAZADO), debito("t2", _E.PENDIENTE)),
        dice(_E.APROBADO, debito("t1", _E.RECHAZADO), debito("t2", _E.APROBADO)),
        VENCIDA,
        ABIERTA,
        ventanilla,
        dice(_E.APROBADO, debito("t1", _E.RECHAZADO), debito("t2", _E.APROBADO)),
    ],
    "otro valor y después el exacto": [
        dice(_E.APROBADO, debito("t1", _E.APROBADO, 8999)),
        dice(_E.APROBADO, debito("t1", _E.APROBADO, 8999), debito("t2", _E.PENDIENTE)),
        dice(_E.APROBADO, debito("t1", _E.APROBADO, 8999), debito("t2", _E.APROBADO)),
        ABIERTA,
        VENCIDA,
        ventanilla,
        dice(_E.APROBADO, debito("t1", _E.APROBADO, 8999), debito("t2", _E.APROBADO)),
    ],
    "nadie pagó": [ABIERTA, EN_EL_BANCO, dice(_E.RECHAZADO, debito("t1", _E.RECHAZADO)), ABIERTA, ventanilla],
    "revertida por tesorería y por el banco": [
        dice(_E.APROBADO, debito("t2", _E.APROBADO)),
        dice(_E.APROBADO, debito("t2", _E.REVERTIDO)),
        devuelve_tesoreria,
        EN_EL_BANCO,
        VENCIDA,
        dice(_E.APROBADO, debito("t2", _E.REVERTIDO)),
    ],
}


@pytest.fixture(scope="module")
def portal(plantilla_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnMemoria]:
    with en_memoria(plantilla_sqlite, tmp_path_factory.mktemp("permutaciones")) as uno:
        una = fabricas.liquidacion()
        fabricas.liquidacion((7000,))
        fabricas.pago(una)
        for _ in range(2):
            tesorero()
        uno.guardar()
        yield uno


def final() -> tuple[Any, ...]:
    """What is left written about money, apart from its order."""
    db.session.rollback()
    leer = db.session.execute
    return (
        tuple(leer(select(Factura.id, Factura.estado).order_by(Factura.id)).all()),
        db.session.scalars(select(Pago.estado)).one(),
        tuple(sorted(leer(select(Recaudo.transaccion, Recaudo.valor, Recaudo.aplicado, Recaudo.clase)).all())),
        len(leer(select(Reversion.id)).all()),
        tuple(sorted(leer(select(Asiento.clase, Asiento.debe, Asiento.haber, Asiento.valor)).all())),
    )


@pytest.mark.parametrize("cual", CONJUNTOS)
def test_cualquier_orden_de_los_mismos_hechos_termina_igual(portal: EnMemoria, cual: str) -> None:
    eventos = CONJUNTOS[cual]
    ordenes = list(permutations(range(len(eventos))))
    paso = max(1, len(ordenes) // CUANTAS) if CUANTAS else 1
    finales: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for orden in ordenes[::paso]:
        portal.empezar()
        for n in orden:
            with transaccion():
                eventos[n]()
        finales.setdefault(final(), orden)
    assert len(finales) == 1, finales
