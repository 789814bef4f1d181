"""The campaign in short and without clocks: of each pair the same bytes, and the same statements asked of the database."""

from dataclasses import replace
from random import Random

import pytest
from flask import Flask

from tests.bases import contando
from tests.enumeracion.pares import (
    VIGENCIA,
    Par,
    Registro,
    _contrato,
    _tramite,
    auc,
    pares,
    pedir,
    poblar,
    sin_lo_propio,
    token_de,
)


@pytest.fixture
def que_hay(app: Flask) -> Registro:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=100_000)
    return poblar(3)


def diferencias(app: Flask, uno: Par, csrf: dict[str, str]) -> list[str]:
    """In what the two sides of a pair differ."""
    dichas, hechas = [], []
    for pedido in (uno.protegido, uno.ausente):
        with contando() as ordenes:
            dichas.append(sin_lo_propio(pedido, pedir(app, pedido, csrf)))
        hechas.append(list(ordenes))
    partes = ("estado", "cabeceras", "bytes")
    distintas = [parte for parte, a, b in zip(partes, *dichas, strict=True) if a != b]
    return distintas + (["consultas a la base"] if hechas[0] != hechas[1] else [])


def test_nada_distingue_lo_protegido_de_lo_que_no_existe(app: Flask, que_hay: Registro) -> None:
    csrf, azar = token_de(app), Random(1)
    halladas = {uno.nombre: diferencias(app, uno, csrf) for uno in pares(que_hay, azar) + pares(que_hay, azar)}
    assert len(halladas) == 10
    assert {nombre: en for nombre, en in halladas.items() if en} == {}


def test_control_lo_que_si_se_muestra_se_distingue(app: Flask, que_hay: Registro) -> None:
    """Whoever gives the three data sees the contract, so these are told apart; else the comparison would see nothing."""
    csrf, dado, nadie = token_de(app), que_hay.nits[0], "700000001"
    for donde in ("/consulta", "/pago"):
        completo = Par("", *(_contrato(donde, nit, que_hay.numeros[0], VIGENCIA) for nit in (dado, nadie)))
        assert "bytes" in diferencias(app, completo, csrf)
    largo = Par("", _tramite("/consulta", dado), _tramite("/consulta", "70000000"))
    assert diferencias(app, largo, csrf) == [], "what was typed is not what is compared"


def test_el_clasificador_separa_lo_que_es_distinto() -> None:
    azar = Random(1)
    iguales = [[azar.gauss(0, 1) for _ in range(2000)] for _ in range(2)]
    lentos = [x + 1 for x in iguales[0]]
    assert 0.45 < auc(*iguales) < 0.55
    assert auc(lentos, iguales[1]) > 0.7
    assert auc([1.0, 1.0], [1.0, 1.0]) == 0.5
