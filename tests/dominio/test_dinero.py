"""Reading and showing pesos: never a factor of a thousand, never a float."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.dinero import escribir_pesos, leer_pesos
from portal.dominio.errores import DatoInvalido


@pytest.mark.parametrize(
    ("texto", "pesos"),
    [
        ("1423500", "1423500"),
        ("1.423.500", "1423500"),
        ("$ 1.423.500,00", "1423500"),
        ("$1 423 500", "1423500"),
        ("46.911.499,5", "46911499.5"),
        (" 0 ", "0"),
        ("1.000.000.000.000.000", "1000000000000000"),
    ],
)
def test_se_lee_lo_que_se_escribe_en_colombia(texto: str, pesos: str) -> None:
    assert leer_pesos(texto) == Decimal(pesos)


@pytest.mark.parametrize(
    "texto",
    ["", "NaN", "sNaN", "Infinity", "-0", "-5", "1e400", "1e11", "0x10", "1_000", "1,423,500", "1000.50", "1.42.500"]
    + ["١٢٣", "１２３", "1.000.000.000.000.001", "9" * 5000, "1,234", "1.423500", "+5", "12\x00", "$"],
)
def test_lo_ambiguo_o_raro_se_rechaza_con_un_ejemplo(texto: str) -> None:
    with pytest.raises(DatoInvalido, match=r"46\.911\.499"):
        leer_pesos(texto)


@given(st.integers(min_value=0, max_value=10**17))
def test_lo_escrito_se_lee_igual(centavos: int) -> None:
    valor = Decimal(centavos) / 100
    if valor <= Decimal(10) ** 15:
        assert leer_pesos(escribir_pesos(valor)) == valor


def test_los_centavos_se_muestran_solo_si_los_hay() -> None:
    assert escribir_pesos(Decimal("46911499.00")) == "$46.911.499"
    assert escribir_pesos(Decimal("46911499.50")) == "$46.911.499,50"
    assert escribir_pesos(-4000) == "-$4.000"
