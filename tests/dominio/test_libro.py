"""The ledger's grammar: every peso of a credit goes somewhere, an opposite undoes it all, and a link commits to all it says."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256

import pytest

from portal.dominio.cadena import GENESIS
from portal.dominio.libro import (
    CLASES_DE_ENTRADA,
    CLASES_REVERSIBLES,
    ClaseAsiento,
    Partida,
    contraria,
    eslabon,
    partidas_de_recaudo,
)

EN = datetime(2025, 6, 24, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=-5)))
UNA = Partida(
    ClaseAsiento.RECAUDO, "pasarela:placetopay", "estampilla:E0", Decimal("4000.50"), "recaudo:1:factura:2", 1, 2
)
CANONICO = (
    '{"centavos":400050,"clase":"recaudo","debe":"pasarela:placetopay","en":"2025-06-24T15:00:00.000005+00:00","factura":2,'
    '"haber":"estampilla:E0","numero":7,"origen":"recaudo:1:factura:2","recaudo":1}'
)


def test_el_eslabon_es_siempre_el_del_mismo_texto() -> None:
    assert GENESIS == "0" * 64
    assert eslabon(GENESIS, 7, EN, UNA) == sha256(("0" * 64 + CANONICO).encode()).hexdigest()
    assert eslabon(GENESIS, 7, EN.astimezone(UTC), UNA) == eslabon(GENESIS, 7, EN, UNA)


@pytest.mark.parametrize("campo", [f.name for f in fields(Partida)])
def test_el_eslabon_responde_por_cada_dato_del_asiento(campo: str) -> None:
    otro = {
        "clase": ClaseAsiento.APLICACION,
        "debe": "banco:1",
        "haber": "estampilla:E1",
        "valor": Decimal("4000.51"),
        "origen": "recaudo:1:factura:3",
        "recaudo_id": 2,
        "factura_id": None,
    }[campo]
    assert eslabon(GENESIS, 7, EN, replace(UNA, **{campo: otro})) != eslabon(GENESIS, 7, EN, UNA)


def test_el_eslabon_responde_por_su_lugar_su_hora_y_lo_anterior() -> None:
    suyo = eslabon(GENESIS, 7, EN, UNA)
    assert suyo != eslabon(GENESIS, 8, EN, UNA)
    assert suyo != eslabon(GENESIS, 7, EN + timedelta(microseconds=1), UNA)
    assert suyo != eslabon(suyo, 7, EN, UNA)


def test_la_contraria_deshace_el_asiento_y_dice_cual() -> None:
    assert contraria(7, UNA, "reversion:3") == Partida(
        ClaseAsiento.REVERSION,
        debe=UNA.haber,
        haber=UNA.debe,
        valor=UNA.valor,
        origen="reversion:3:asiento:7",
        recaudo_id=1,
        factura_id=2,
    )


def test_lo_que_ninguna_estampilla_toma_se_debe_a_quien_pago() -> None:
    legalizadas = [(2, "E1", Decimal(5000)), (1, "E0", Decimal(4000))]
    partidas = partidas_de_recaudo(9, "pasarela:x", Decimal(9001), legalizadas)
    assert [(p.clase, p.debe, p.haber, p.valor, p.origen, p.recaudo_id, p.factura_id) for p in partidas] == [
        (ClaseAsiento.RECAUDO, "pasarela:x", "estampilla:E0", 4000, "recaudo:9:factura:1", 9, 1),
        (ClaseAsiento.RECAUDO, "pasarela:x", "estampilla:E1", 5000, "recaudo:9:factura:2", 9, 2),
        (ClaseAsiento.EXCEDENTE, "pasarela:x", "excedentes", 1, "recaudo:9:excedente", 9, None),
    ]


def test_lo_que_no_se_sabe_de_quien_es_espera_a_su_dueno() -> None:
    (unica,) = partidas_de_recaudo(9, "banco:1", Decimal(700), [], identificado=False)
    assert (unica.clase, unica.haber) == (ClaseAsiento.SIN_IDENTIFICAR, "por_identificar")


def test_un_credito_exacto_no_deja_excedente_y_uno_corto_no_se_reparte() -> None:
    legalizadas = [(1, "E0", Decimal(4000))]
    assert len(partidas_de_recaudo(9, "pasarela:x", Decimal(4000), legalizadas)) == 1
    with pytest.raises(ValueError, match="more than the bank gave"):
        partidas_de_recaudo(9, "pasarela:x", Decimal("3999.99"), legalizadas)


def test_se_revierte_adonde_fue_el_credito_y_no_lo_que_ya_salio_del_banco() -> None:
    assert set(CLASES_DE_ENTRADA) == {ClaseAsiento.RECAUDO, ClaseAsiento.EXCEDENTE, ClaseAsiento.SIN_IDENTIFICAR}
    quedan = set(ClaseAsiento) - set(CLASES_REVERSIBLES)
    assert quedan == {ClaseAsiento.REVERSION, ClaseAsiento.TRASLADO, ClaseAsiento.DEVOLUCION, ClaseAsiento.REBOTE}
