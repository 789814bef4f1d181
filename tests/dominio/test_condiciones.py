"""Conditions are three-valued: a missing fact never exempts, and never passes in silence."""

from decimal import Decimal
from typing import Any

import pytest

from portal.dominio.condiciones import Juicio, evaluar, hechos_de, leer_condicion

PUBLICA: dict[str, Any] = {"hecho": "clase", "es": "publica"}
MIXTA = {"todas": [{"hecho": "clase", "es": "mixta"}, {"hecho": "capital", "minimo": "70"}]}
SIN_PRIVADOS = {"hecho": "privados", "no_es": True}


def juicio(cuando: Any, **hechos: Any) -> Juicio:
    return evaluar(leer_condicion(cuando), hechos)


def test_un_hecho_dado_decide() -> None:
    assert juicio([PUBLICA], clase="publica").cumple is True
    assert juicio([PUBLICA], clase="natural").cumple is False


def test_un_hecho_que_falta_no_decide_y_se_nombra() -> None:
    assert juicio([PUBLICA]) == Juicio(None, faltan=("clase",))


def test_la_mitad_que_se_cumple_dice_que_falta_la_otra() -> None:
    resultado = juicio([MIXTA], clase="mixta")
    assert (resultado.cumple, resultado.afirma, resultado.faltan) == (None, True, ("capital",))


def test_basta_una_alternativa_cumplida() -> None:
    assert juicio([{"alguna": [PUBLICA, MIXTA]}], clase="publica").cumple is True


def test_las_alternativas_falsas_no_piden_mas_hechos() -> None:
    assert juicio([{"alguna": [PUBLICA, MIXTA]}], clase="natural").cumple is False


def test_la_negacion_supone_lo_que_no_se_dijo_y_lo_cuenta() -> None:
    assert juicio([PUBLICA, SIN_PRIVADOS], clase="publica") == Juicio(True, afirma=True, supuestos=("privados",))
    assert juicio([PUBLICA, SIN_PRIVADOS], clase="publica", privados=True).cumple is False


@pytest.mark.parametrize(("capital", "cumple"), [("69.9", False), ("70", True), ("70.1", True)])
def test_el_minimo_incluye_su_limite(capital: str, cumple: bool) -> None:
    assert juicio([MIXTA], clase="mixta", capital=Decimal(capital)).cumple is cumple


def test_menor_que_excluye_su_limite_y_usa_el_hecho_por_omision() -> None:
    cuando = [{"hecho": "pago", "menor_que": "50000", "por_omision": "valor"}]
    assert juicio(cuando, valor=Decimal("49999.99")) == Juicio(True, afirma=False)
    assert juicio(cuando, valor=Decimal(50000)).cumple is False
    assert juicio(cuando, valor=Decimal(1), pago=Decimal(50000)).cumple is False


def test_los_nombres_se_comparan_sin_tildes_ni_mayusculas() -> None:
    cuando = [{"hecho": "emisor", "es": "Subsecretaría de Tránsito"}]
    assert juicio(cuando, emisor=" SUBSECRETARIA  de transito ").cumple is True


def test_un_hecho_con_varios_valores_cumple_con_cualquiera() -> None:
    assert juicio([{"hecho": "recursos", "en": ["PAE"]}], recursos=frozenset({"propios", "PAE"})).cumple is True


def test_dice_que_hechos_pregunta() -> None:
    assert hechos_de(leer_condicion([{"alguna": [PUBLICA, MIXTA]}, SIN_PRIVADOS])) == ("clase", "capital", "privados")


@pytest.mark.parametrize(
    "mala",
    [
        "x",
        {"hecho": "a"},
        {"es": 1},
        {"hecho": "a", "es": 1, "en": [1]},
        {"hecho": "a", "es": 1, "sobra": 2},
        {"alguna": ["x"]},
    ],
)
def test_rehusa_lo_que_no_es_una_condicion(mala: Any) -> None:
    with pytest.raises(ValueError, match="not a condition"):
        leer_condicion([mala])
